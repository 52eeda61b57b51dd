/**
 * Is it the right cell? The steps of current that the published model was fitted with (bluepyopt's config folder of this
 * cell, Markram et al. 2015), on NEURON and on the TypeScript solver; the features of both, as eFEL extracts them, beside
 * what was measured in slices.
 *
 *     node --conditions=twincell-source examples/hay-protocols.ts [--protocol bAP,Step1] [--until MS]
 *         [--engine neuron,solver] [--order 1|2] [--dt MS] [--bitwise] [--json]
 *
 * The cell is bluepyopt's, with its release parameters; bluepyopt runs a variable step, here it is fixed, of second order,
 * so that both engines do the same arithmetic. With --bitwise they also round alike, and their traces are equal to the last
 * bit; without, the last digit of an exponential grows to some 1e-5 mV in two seconds of regular spikes.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import {
  type CellRequest,
  type CellSnapshot,
  type CurrentClamp,
  compartmentRows,
  defineExperiment,
  type Engine,
  extractFeatures,
  type FeatureRequest,
  type FeatureValues,
  featureMean,
  type ModelCard,
  prepare,
  type Trace,
  zScore,
} from 'twincell';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { ensureModelFiles } from '../env/index.mjs';

// What protocols.json, features.json and fixed_params.json hold.
const Protocols = Type.Record(
  Type.String(),
  Type.Object({
    stimuli: Type.Array(
      Type.Object({ delay: Type.Number(), amp: Type.Number(), duration: Type.Number(), totduration: Type.Number() }),
      { minItems: 1 },
    ),
    extra_recordings: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String(),
          somadistance: Type.Number(),
          seclist_name: Type.Literal('apical'),
          type: Type.Literal('somadistance'),
        }),
      ),
    ),
  }),
);
const Features = Type.Record(
  Type.String(),
  Type.Record(Type.String(), Type.Record(Type.String(), Type.Tuple([Type.Number(), Type.Number()]))),
);
const Fixed = Type.Object({ global: Type.Array(Type.Tuple([Type.String(), Type.Number()])) });

/** A protocol: what is injected into the soma (the first step is the one the features are about), and where it is seen. */
interface Protocol {
  readonly name: string;
  readonly totalMs: number;
  readonly clamps: readonly CurrentClamp[];
  /** Places on the apical tree by name, so far from the soma (µm along the branch). */
  readonly dendrites: readonly { readonly name: string; readonly distance: number }[];
  readonly features: readonly Published[];
}

interface Published extends Omit<FeatureRequest, 'trace'> {
  readonly location: string;
  readonly mean: number;
  readonly deviation: number;
}

async function readProtocols(config: string): Promise<{ protocols: Protocol[]; vInit: number }> {
  const read = async (name: string) => JSON.parse(await readFile(join(config, name), 'utf8')) as unknown;
  const stated = Value.Parse(Protocols, await read('protocols.json'));
  const measured = Value.Parse(Features, await read('features.json'));
  const fixed = Value.Parse(Fixed, await read('fixed_params.json'));
  const vInit = fixed.global.find(([name]) => name === 'v_init')?.[1];
  if (vInit === undefined) throw new Error('fixed_params.json states no v_init');
  const protocols = Object.entries(stated).map(([name, { stimuli, extra_recordings = [] }]): Protocol => {
    const [first] = stimuli;
    if (first === undefined) throw new Error(`protocol ${name} has no stimulus`);
    const totalMs = Math.max(...stimuli.map((one) => one.totduration));
    return {
      name,
      totalMs,
      clamps: stimuli.map(({ delay, duration, amp }) => ({
        site: 'soma',
        delayMs: delay,
        durationMs: duration,
        amplitudeNa: amp,
      })),
      dendrites: extra_recordings.map((one) => ({ name: one.name, distance: one.somadistance })),
      features: Object.entries(measured[name] ?? {}).flatMap(([location, features]) =>
        Object.entries(features).map(([feature, [mean, deviation]]) => ({
          location,
          feature,
          mean,
          deviation,
          startMs: first.delay,
          // A dendrite's spike comes after the short pulse that sets it off.
          endMs: name === 'bAP' ? totalMs : first.delay + first.duration,
          thresholdMv: location === 'soma' ? -20 : -55,
        })),
      ),
    };
  });
  return { protocols, vInit };
}

/** The compartment so far from the soma on the apical tree: of several branches the last, as bluepyopt takes it. */
function apicalAt(cell: CellSnapshot, distance: number): number {
  let found: { readonly index: number; readonly row: number } | undefined;
  for (const [section, name] of cell.sectionNames.entries()) {
    const index = Number(/^apic\[(\d+)\]$/.exec(name)?.[1] ?? -1);
    if (index < (found?.index ?? 0)) continue;
    const rows = Array.from(cell.section.keys()).filter((row) => cell.section[row] === section);
    const segments = rows.filter((row) => (cell.segment[row] ?? -1) >= 0);
    const [first, end] = [segments[0], rows.at(-1)];
    if (first === undefined || end === undefined) continue;
    const from = cell.pathDistance[cell.parent[first] ?? 0] ?? Number.NaN;
    const to = cell.pathDistance[end] ?? Number.NaN;
    if (!(from <= distance && distance <= to)) continue;
    const x = (distance - from) / (to - from);
    const row = segments[Math.min(segments.length - 1, Math.floor(x * segments.length))];
    if (row !== undefined) found = { index, row };
  }
  if (found === undefined) throw new Error(`the apical tree does not reach ${distance} µm`);
  return found.row;
}

/**
 * The card as the parameters were fitted: with the initial potential of then, and on an axon's stub with the diameters of
 * the reconstructed one (its first section's, and that of the first section beyond 60 µm), at the soma's end.
 */
function fittedCard(card: ModelCard, vInit: number): ModelCard {
  const { construction } = card;
  if (construction.kind !== 'morphology') throw new Error(`${card.name} has no morphology file`);
  const axon = { diameters: [Math.fround(1.38), Math.fround(0.92)], at: 1 as const };
  return { ...card, vInit, construction: { ...construction, axon } };
}

interface Settings {
  readonly dt: number;
  readonly order: 1 | 2;
  /** Cuts a protocol short (ms), for a first look. */
  readonly untilMs: number;
  /** NEURON and the solver with one and the same exp, log and pow (x86-64 Linux with glibc). */
  readonly bitwise: boolean;
}

/** The traces of a protocol by `protocol.location`. */
async function runProtocol(
  engine: Engine,
  cell: CellRequest,
  protocol: Protocol,
  settings: Settings,
): Promise<Record<string, Trace>> {
  const snapshot = await engine.describe(cell);
  const numbers = compartmentRows(snapshot);
  const rows = [snapshot.somaNode, ...protocol.dendrites.map(({ distance }) => apicalAt(snapshot, distance))];
  const sites = Int32Array.from(rows, (row) => numbers.indexOf(row));
  const { dt, order } = settings;
  const steps = Math.round(Math.min(protocol.totalMs, settings.untilMs) / dt);
  const dendrites = snapshot.dendrite.filter((channel) => channel >= 0).length;
  const silence = { dendrites, channel: new Int32Array(0), time: new Float64Array(0) };
  const trial = { index: 0, events: silence, clamps: protocol.clamps };
  const recordings = [{ name: 'sites', sites, everySteps: 1 }];
  const traces = Array.from(sites, () => new Float64Array(steps + 1));
  for await (const block of engine.run(cell, [trial], { dt, order, steps, recordings })) {
    for (const [site, trace] of traces.entries()) {
      for (let k = 0; k < block.samples; k++) {
        trace[block.firstSample + k] = block.values[k * block.sites + site] ?? Number.NaN;
      }
    }
  }
  const locations = ['soma', ...protocol.dendrites.map(({ name }) => name)];
  return Object.fromEntries(
    locations.map((location, k) => [
      `${protocol.name}.${location}`,
      { dtMs: dt, mv: traces[k] ?? new Float64Array(0) },
    ]),
  );
}

export interface FeatureRow {
  readonly protocol: string;
  readonly location: string;
  readonly feature: string;
  readonly measured: { readonly mean: number; readonly deviation: number };
  /** By engine: the mean of the feature's values (null where the trace has none), and its z-score. */
  readonly engines: Readonly<Record<string, { readonly value: number | null; readonly z: number | null }>>;
  /** Whether all engines print the same. */
  readonly same: boolean;
}

export interface ProtocolResult {
  readonly dtMs: number;
  readonly order: 1 | 2;
  readonly features: readonly FeatureRow[];
  /** Largest difference of the engines' traces by `protocol.location` (mV). */
  readonly maxAbsDiffMv: Readonly<Record<string, number>>;
}

/** Runs protocols on engines and extracts their features. */
export async function hayProtocols(
  names: readonly string[] | undefined,
  engines: readonly ('neuron' | 'solver')[],
  settings: Settings,
  say: (message: string) => void = () => undefined,
): Promise<ProtocolResult> {
  const { folder } = await ensureModelFiles();
  const { protocols, vInit } = await readProtocols(join(folder, 'config'));
  const chosen = protocols.filter(({ name }) => names === undefined || names.includes(name));
  const prepared = await prepare(defineExperiment({ cell: { model: 'l5pc-bbp' } }));
  const cell: CellRequest = { ...prepared.cell, card: fittedCard(prepared.cell.card, vInit) };
  const traces = await Promise.all(
    engines.map(async (name) => {
      const engine = prepared.createEngine(name, 1, settings.bitwise ? { bitwise: true, libm: 'glibc' } : {});
      const all: Record<string, Trace> = {};
      try {
        for (const protocol of chosen) {
          say(`${name}: ${protocol.name}`);
          Object.assign(all, await runProtocol(engine, cell, protocol, settings));
        }
      } finally {
        await engine.close();
      }
      return all;
    }),
  );
  const asked = chosen.flatMap((protocol) => protocol.features.map((one) => ({ protocol: protocol.name, ...one })));
  const requests = asked.map(({ protocol, location, feature, startMs, endMs, thresholdMv }) => ({
    trace: `${protocol}.${location}`,
    feature,
    startMs,
    endMs,
    thresholdMv,
  }));
  say('extracting features');
  const values: FeatureValues[] = [];
  for (const one of traces) values.push(await extractFeatures(one, requests));
  const features = asked.map(({ protocol, location, feature, mean, deviation }, k): FeatureRow => {
    const found = values.map((engine) => featureMean(engine[k] ?? []));
    const printed = new Set(found.map(digits));
    const entries = engines.map((name, e) => {
      const value = found[e] ?? null;
      return [name, { value, z: zScore(value, { mean, deviation }) }] as const;
    });
    return {
      protocol,
      location,
      feature,
      measured: { mean, deviation },
      engines: Object.fromEntries(entries),
      same: printed.size === 1,
    };
  });
  return { dtMs: settings.dt, order: settings.order, features, maxAbsDiffMv: differences(traces) };
}

function differences([first = {}, ...others]: readonly Record<string, Trace>[]): Record<string, number> {
  const entries = Object.entries(first).map(([name, { mv }]) => {
    let largest = 0;
    for (const other of others) {
      for (let k = 0; k < mv.length; k++) {
        largest = Math.max(largest, Math.abs((mv[k] as number) - (other[name]?.mv[k] ?? Number.NaN)));
      }
    }
    return [name, largest] as const;
  });
  return others.length === 0 ? {} : Object.fromEntries(entries);
}

/** A feature as it is printed. */
function digits(value: number | null): string {
  return value === null ? '—' : value.toFixed(4);
}

function tableOf({ features }: ProtocolResult, engines: readonly string[]): string {
  const head = ['protocol', 'feature', 'measured', ...engines, 'z'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const row of features) {
    const z = row.engines[engines[0] ?? '']?.z ?? null;
    table.push([
      `${row.protocol}.${row.location}`,
      row.feature,
      `${row.measured.mean} ± ${row.measured.deviation}`,
      ...engines.map((name) => digits(row.engines[name]?.value ?? null)),
      z === null ? '—' : z.toFixed(2),
    ]);
  }
  return table.toString();
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      protocol: { type: 'string' },
      engine: { type: 'string', default: 'neuron,solver' },
      until: { type: 'string', default: 'Infinity' },
      dt: { type: 'string', default: '0.025' },
      order: { type: 'string', default: '2' },
      bitwise: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const engines = (['neuron', 'solver'] as const).filter((name) => values.engine.split(',').includes(name));
  const settings: Settings = {
    dt: Number(values.dt),
    order: values.order === '1' ? 1 : 2,
    untilMs: Number(values.until),
    bitwise: values.bitwise,
  };
  const result = await hayProtocols(values.protocol?.split(','), engines, settings, (text) => console.error(text));
  const same = result.features.every((row) => row.same);
  if (values.json) console.log(JSON.stringify({ ...result, same }));
  else {
    console.log(tableOf(result, engines));
    console.log(`release parameters, fixed step ${result.dtMs} ms of order ${result.order}`);
    if (engines.length > 1) {
      const largest = Math.max(...Object.values(result.maxAbsDiffMv));
      console.log(
        `${same ? 'both engines give the same features' : 'THE ENGINES DIFFER'}; traces within ${largest} mV`,
      );
    }
  }
  process.exitCode = same ? 0 : 1;
}
