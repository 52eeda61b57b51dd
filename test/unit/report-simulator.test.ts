/** A report's introduction says who made the trials: what the data set's manifest says, not what is usual. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWriter } from '../../src/dataset/index.ts';
import { defineExperiment } from '../../src/experiment/index.ts';
import { reportData } from '../../src/launch/report.ts';
import { type ReportData, renderReport } from '../../src/report/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The folder of a run whose data set these made. */
async function runOf(engine: 'neuron' | 'solver', arithmetic?: string): Promise<ReportData> {
  const experiment = defineExperiment({ simulation: { trials: 1, seconds: 0.004, engine } });
  const writer = await openWriter(join(folder, 'data'), {
    format: 'twincell-dataset/1',
    identity: 'a'.repeat(64),
    experiment,
    dependencies: { modelFiles: {}, locks: {}, code: '1', ...(arithmetic === undefined ? {} : { arithmetic }) },
    dendrites: 1,
    dendriteLength: [1],
    dendriteRegion: ['basal'],
    trialMs: 4,
  });
  await writer.commit({
    trial: 0,
    durationMs: 4,
    events: { dendrites: 1, channel: Int32Array.of(0), time: Float64Array.of(1) },
    somaHigh: new Float32Array(32),
    nexusHigh: new Float32Array(32),
    soma: new Float32Array(4),
    nexus: new Float32Array(4),
    spikes: new Float64Array(0),
  });
  await writer.finish();
  const summary = { identity: 'b', trials: 1, seconds: 0.004, spikes: 0, crosscheck: null, twin: null };
  await writeFile(join(folder, 'experiment.json'), JSON.stringify(experiment));
  await writeFile(join(folder, 'summary.json'), JSON.stringify({ ...summary, wallTimes: {}, versions: {} }));
  return reportData(folder);
}

function introduction(data: ReportData): string {
  return /<p class="intro">(One nerve cell[^<]*)<\/p>/.exec(renderReport(data))?.[1] ?? '';
}

describe('the introduction', () => {
  test('names NEURON where NEURON made the trials', async () => {
    expect(introduction(await runOf('neuron'))).toMatch(/^One nerve cell, simulated by NEURON\. /);
  });

  test.each(['reference glibc', 'exact native', 'fast native 6e-10'])(
    'names the solver and its mode where it made them (%s)',
    async (arithmetic) => {
      const [mode] = arithmetic.split(' ');
      const text = introduction(await runOf('solver', arithmetic));
      expect(text).toContain(`One nerve cell, simulated by twincell’s own solver in mode ${mode}. `);
      expect(text).not.toContain('NEURON');
    },
  );

  test('says of a share that NEURON ran again that it is one', async () => {
    const data = await runOf('solver', 'exact native');
    const neuronShare = { share: 0.5, trials: 2, toleranceMv: 1e-6, checks: [] };
    const text = introduction({ ...data, neuronShare });
    expect(text).toMatch(/two ways: by twincell’s own solver in mode exact and by the NEURON simulator, a share/);
  });

  test('names nobody where nobody is known', async () => {
    const { simulatedBy: _, ...data } = await runOf('neuron');
    expect(introduction(data)).toMatch(/^One nerve cell, simulated\. /);
  });
});
