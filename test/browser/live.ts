/** A page that computes a cell, used as a reader uses it, and the same cell in Node. */
import { readFile, writeFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type CellPage, renderCellPage } from '../../src/browser/index.ts';
import { compileFiles } from '../../src/engine/mechanisms.ts';
import { defineExperiment } from '../../src/experiment/index.ts';
import { cellPage } from '../../src/launch/page.ts';
import { type Prepared, prepare } from '../../src/launch/prepare.ts';
import { createSolver, type Solver, type SolverMode } from '../../src/solver/index.ts';
import type { EventTable } from '../../src/stimulus/index.ts';
import { place, type Shown, showFile } from './viewer.ts';

export const DT = 0.025;

export interface LiveCell {
  readonly prepared: Prepared;
  readonly page: CellPage;
}

/** The full active cell with the paper's input. */
export async function liveCell(seed: number, order: 1 | 2): Promise<LiveCell> {
  const prepared = await prepare(defineExperiment({ seed, simulation: { seconds: 1, dt: DT, order } }));
  return { prepared, page: await cellPage(prepared) };
}

/** Voltages at soma and nexus, a value a step from 0 ms on. */
export interface Trace {
  readonly soma: readonly number[];
  readonly nexus: readonly number[];
}

/** The same trial in Node, from the files of the model. */
export async function inNode(
  { prepared, page }: LiveCell,
  mode: SolverMode,
  steps: number,
  change: (events: EventTable) => EventTable = (events) => events,
): Promise<Trace> {
  const { snapshot, synapses, order } = page.cell;
  const names = [...snapshot.mechanismOrder, 'TwincellExcitatory', 'TwincellGaba'];
  const mechanisms = await compileFiles(prepared.cell.mechanisms, names);
  const solver: Solver = createSolver(snapshot, { dt: DT, order, synapses, mechanisms, mode });
  solver.initialize(change(prepared.trial(snapshot, 0).events));
  const trace = { soma: [] as number[], nexus: [] as number[] };
  for (let k = 0; k <= steps; k++) {
    if (k > 0) solver.step();
    trace.soma.push(solver.v[snapshot.somaNode] ?? Number.NaN);
    trace.nexus.push(solver.v[snapshot.nexusNode] ?? Number.NaN);
  }
  return trace;
}

/** The events with these weights by sign. */
export function weighted(events: EventTable, excitatory: number, inhibitory: number): EventTable {
  const weight = Float64Array.from(events.channel, (channel) => (channel < events.dendrites ? excitatory : inhibitory));
  return { ...events, weight };
}

/** The events, and volleys at one time on the excitatory synapses nearest to the nexus. */
export function excited({ page: { cell } }: LiveCell, events: EventTable, volleys: number, atMs: number): EventTable {
  const { position, nexusNode, dendrite } = cell.snapshot;
  const away = (row: number) =>
    (['x', 'y', 'z'] as const).reduce(
      (sum, axis) => sum + ((position[axis][row] ?? 0) - (position[axis][nexusNode] ?? 0)) ** 2,
      0,
    );
  const rows = [...dendrite.keys()].filter((row) => (dendrite[row] ?? -1) >= 0).sort((a, b) => away(a) - away(b));
  const near = rows.slice(0, 100).map((row) => dendrite[row] ?? -1);
  const added = Array.from({ length: volleys }, () => near.map((channel) => ({ channel, time: atMs }))).flat();
  const given = Array.from(events.channel, (channel, k) => ({ channel, time: events.time[k] ?? Number.NaN }));
  const all = [...given, ...added].sort((a, b) => a.time - b.time);
  return {
    dendrites: events.dendrites,
    channel: Int32Array.from(all, ({ channel }) => channel),
    time: Float64Array.from(all, ({ time }) => time),
  };
}

let written = 0;

/**
 * Writes the page and opens it, standing still: nobody who wants less motion is shown a film.
 * @param works false for a page that will not become ready
 */
export async function openLive(
  { page }: LiveCell,
  change: (text: string) => string = (text) => text,
  options: BrowserContextOptions = {},
  works = true,
): Promise<Shown> {
  const file = place(`live-${written++}.html`);
  await writeFile(file, change(await renderCellPage(page)));
  return showFile(file, { reducedMotion: 'reduce', ...options }, works);
}

async function timeMs(page: Page): Promise<number> {
  return Number.parseFloat((await page.locator('#moment-text').textContent()) ?? '');
}

/** Lets the cell run, as fast as it goes, until at least this time, and stops it. */
export async function runTo(page: Page, ms: number): Promise<void> {
  await page.locator('#speed').selectOption('0');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => timeMs(page), { timeout: 120_000 }).toBeGreaterThanOrEqual(ms);
  await page.getByRole('button', { name: 'Pause' }).click();
}

/** What the page saves. */
export async function savedTrace(page: Page): Promise<Trace> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  const [head, ...rows] = text.trim().split('\n');
  expect(head).toBe('step,time_ms,soma_mV,nexus_mV');
  const cells = rows.map((row) => row.split(',').map(Number));
  cells.forEach(([step, time], k) => {
    expect(step).toBe(k);
    expect(time).toBeCloseTo(k * DT, 9);
  });
  return { soma: cells.map((row) => row[2] ?? Number.NaN), nexus: cells.map((row) => row[3] ?? Number.NaN) };
}

export function largestDifference(a: Trace, b: Trace, samples: number): number {
  let largest = 0;
  for (const place of ['soma', 'nexus'] as const) {
    for (let k = 0; k < samples; k++) {
      const difference = Math.abs((a[place][k] ?? Number.NaN) - (b[place][k] ?? Number.NaN));
      if (!(difference <= largest)) largest = difference;
    }
  }
  return largest;
}
