/** The full active cell under the paper's input, computed by a page in a browser, against the same in Node. */
import { beforeAll, expect, test } from 'vitest';
import { spikePeaks } from '../../src/engine/spikes.ts';
import { inNode, type LiveCell, largestDifference, liveCell, openLive, runTo, savedTrace } from './live.ts';
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
    const exact = await inNode(second, 'exact', steps, { excitatory: 1.5, inhibitory: 0.25 });
    expect(trace.soma.slice(0, steps + 1)).toEqual(exact.soma);
    // A restart is the same again.
    await page.getByRole('button', { name: 'Restart' }).click();
    await runTo(page, steps / 40);
    expect((await savedTrace(page)).soma.slice(0, steps + 1)).toEqual(exact.soma);
    await page.close();
  });
});
