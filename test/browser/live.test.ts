/** The full active cell under the paper's input, computed by a page in a browser, against the same in Node. */
import { beforeAll, expect, test } from 'vitest';
import { spikePeaks } from '../../src/engine/spikes.ts';
import {
  DT,
  excited,
  inNode,
  type LiveCell,
  largestDifference,
  liveCell,
  openLive,
  runTo,
  savedTrace,
  weighted,
} from './live.ts';
import { describeInChromium } from './viewer.ts';

/** Up to just after the first output spikes of seed 1. */
const STEPS = 9200;
const MS = STEPS / 40;

let cell: LiveCell;

beforeAll(async () => {
  cell = await liveCell(1, 1);
});

describeInChromium('a page that computes the cell', () => {
  test('has the bits of mode exact in Node, and the spikes and voltages of mode reference', async () => {
    const { page, complaints, requests } = await openLive(cell);
    await runTo(page, MS);
    const trace = await savedTrace(page);
    expect(trace.soma.length).toBeGreaterThan(STEPS);
    const exact = await inNode(cell, 'exact', STEPS);
    expect(trace.soma.slice(0, STEPS + 1)).toEqual(exact.soma);
    expect(trace.nexus.slice(0, STEPS + 1)).toEqual(exact.nexus);
    const reference = await inNode(cell, 'reference', STEPS);
    expect(largestDifference(trace, reference, STEPS + 1)).toBeLessThan(1e-6);
    const peaks = spikePeaks(reference.soma);
    expect(peaks.length).toBeGreaterThan(0);
    expect(spikePeaks(trace.soma.slice(0, STEPS + 1))).toEqual(peaks);
    await expect.poll(() => page.locator('#spike-count').textContent()).toBe(String(spikePeaks(trace.soma).length));
    expect(complaints).toEqual([]);
    // Its own worker and the file it saved; nothing of a network.
    expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([]);
    await page.close();
  });

  test('computes the same up to rounding where the browser has no relaxed vector instructions', async () => {
    const steps = 2400;
    const { page } = await openLive(cell, (text) =>
      text.replace('id="worker">', 'id="worker">WebAssembly.validate = () => false;\n'),
    );
    await expect.poll(() => page.locator('#fused').textContent()).toMatch(/no fused/);
    await runTo(page, steps / 40);
    const trace = await savedTrace(page);
    expect(largestDifference(trace, await inNode(cell, 'reference', steps), steps + 1)).toBeLessThan(1e-6);
    // It is another rounding: were it the same instructions, the bits would be the same.
    expect(largestDifference(trace, await inNode(cell, 'exact', steps), steps + 1)).toBeGreaterThan(0);
    await page.close();
  });

  test.each(['fast', 'reference'] as const)('runs in mode %s as Node does', async (mode) => {
    const steps = 1200;
    const other = { ...cell, page: { ...cell.page, cell: { ...cell.page.cell, mode } } };
    const { page } = await openLive(other);
    await expect(page.locator('#made').textContent()).resolves.toContain(mode);
    await runTo(page, steps / 40);
    const trace = await savedTrace(page);
    const there = await inNode(other, mode, steps);
    if (mode === 'fast') expect(trace.soma.slice(0, steps + 1)).toEqual(there.soma);
    // The browser's own exp may differ from Node's in its last bit.
    else expect(largestDifference(trace, there, steps + 1)).toBeLessThan(1e-9);
    // Another mode than exact, which has other last digits.
    expect(largestDifference(trace, await inNode(cell, 'exact', steps), steps + 1)).toBeGreaterThan(0);
    await page.close();
  });

  test('starts again with another seed and other strengths, and runs what they ask for', async () => {
    const steps = 2400;
    const second = await liveCell(7, 1);
    const { page } = await openLive(cell);
    await page.locator('#excitatory-strength').fill('1.5');
    await page.locator('#inhibitory-strength').fill('0.25');
    await page.locator('#seed').fill('7');
    await page.locator('#seed').blur();
    await runTo(page, steps / 40);
    const trace = await savedTrace(page);
    const exact = await inNode(second, 'exact', steps, (events) => weighted(events, 1.5, 0.25));
    expect(trace.soma.slice(0, steps + 1)).toEqual(exact.soma);
    // A restart is the same again.
    await page.getByRole('button', { name: 'Restart' }).click();
    await runTo(page, steps / 40);
    expect((await savedTrace(page)).soma.slice(0, steps + 1)).toEqual(exact.soma);
    await page.close();
  });

  test('excites the synapses around a place, which the cell feels as it does in Node', async () => {
    const steps = 1600;
    const { page } = await openLive(cell);
    for (let k = 0; k < 3; k++) await page.getByRole('button', { name: 'Excite' }).click();
    await runTo(page, steps / 40);
    const trace = await savedTrace(page);
    const exact = await inNode(cell, 'exact', steps, (events) => excited(cell, events, 3, DT));
    expect(trace.nexus.slice(0, steps + 1)).toEqual(exact.nexus);
    expect(trace.soma.slice(0, steps + 1)).toEqual(exact.soma);
    expect(Math.max(...trace.nexus)).toBeGreaterThan(-30);
    await page.close();
  });

  test('plots the branch that is clicked, and keeps its words within a phone', async () => {
    const { page } = await openLive(cell, (text) => text, { viewport: { width: 360, height: 740 } });
    const canvas = page.locator('#cell-canvas');
    const box = await canvas.boundingBox();
    // The soma is the drawing's brightest place to hit: try down its middle.
    for (let k = 30; k < 38; k++) {
      await canvas.click({ position: { x: (box?.width ?? 0) / 2, y: ((box?.height ?? 0) * k) / 40 } });
      if (((await page.locator('#probe').textContent()) ?? '') !== '') break;
    }
    const probe = (await page.locator('#probe').textContent()) ?? '';
    const [section = ''] = probe.split(' · ');
    expect(section).toMatch(/\[\d+\]$/);
    await runTo(page, 20);
    await expect(page.locator('#voltage-plot .u-legend').textContent()).resolves.toContain(section);
    await expect.poll(() => page.locator('#probe').textContent()).toMatch(/−\d+\.\d mV$/);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(360);
    await page.close();
  });

  test('runs by itself unless less motion is wanted', async () => {
    const { page } = await openLive(cell, (text) => text, { reducedMotion: 'no-preference' });
    await expect.poll(() => page.locator('#moment-text').textContent()).toMatch(/^[1-9]/);
    const still = await openLive(cell);
    await expect.poll(() => still.page.locator('#moment-text').textContent()).toBe('0.0 ms');
    await expect(still.page.getByRole('button', { name: 'Play' }).isEnabled()).resolves.toBe(true);
    await Promise.all([page.close(), still.page.close()]);
  });

  test('says what stopped the cell', async () => {
    const { page } = await openLive(
      cell,
      (text) => text.replace('const TWINCELL_KERNELS', 'const OTHER_KERNELS'),
      {},
      false,
    );
    await expect.poll(() => page.locator('#failure').textContent()).toMatch(/TWINCELL_KERNELS/);
    await page.close();
  });
});
