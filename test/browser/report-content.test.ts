import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeReport } from '../../src/report/index.ts';
import { syntheticReport } from './synthetic.ts';
import { describeInChromium, emptyPage, place, show } from './viewer.ts';

const data = syntheticReport({ seed: 5, samples: 600 });

describeInChromium('what the report says', () => {
  test('the numbers on the page are the numbers given', async () => {
    const { page } = await show(data);
    const values = (selector: string) =>
      page.locator(`${selector} data`).evaluateAll((all) => all.map((node) => Number(node.getAttribute('value'))));
    const { summary, crosscheck, twin, identity } = data;
    expect(await values('#summary .tiles')).toEqual([
      summary?.trials,
      summary?.simulatedSeconds,
      summary?.spikes,
      summary?.firingRateHz,
      summary?.crosscheckMaxAbsDiffMv,
      summary?.auc,
      summary?.somaExplainedVariance,
    ]);
    expect(await values('#summary .times')).toEqual(summary?.wallTimes?.map(({ seconds }) => seconds));
    const compared = await values('#crosscheck .facts');
    for (const value of [crosscheck?.maxAbsDiffMv, crosscheck?.sites, crosscheck?.samples, crosscheck?.events]) {
      expect(compared).toContain(value);
    }
    const scores = await values('#twin table');
    const soma = twin?.metrics?.soma;
    for (const value of [twin?.metrics?.auc, soma?.explainedVariance, soma?.rmseMv, soma?.maeMv]) {
      expect(scores).toContain(value);
    }
    const codes = await page.locator('#identity code').allTextContents();
    expect(codes).toEqual([...identity.hashes.map(({ sha256 }) => sha256), ...identity.versions.map((v) => v.version)]);
    expect(await page.locator('#summary').textContent()).toContain('3.2 fV');
    expect(await page.locator('#difference-plot').textContent()).toContain('Difference');
    await page.close();
  });

  test('no difference at all is said in words', async () => {
    const { page } = await show(syntheticReport({ samples: 80, differenceMv: 0 }));
    expect(await page.locator('#crosscheck .verdict').textContent()).toContain('identical to the last bit');
    expect(await page.locator('#difference-plot-caption').textContent()).toContain('identical to the last bit');
    await page.close();
  });

  test('hostile names are text and nothing else', async () => {
    const hostile = `</script><script>window.harmed=1</script><img src=x onerror="window.harmed=1">'"&<!--`;
    const base = syntheticReport({ samples: 60 });
    const { page, complaints, requests } = await show({
      ...base,
      title: hostile,
      description: hostile,
      identity: {
        experiment: hostile,
        hashes: [{ name: hostile, sha256: hostile }],
        versions: [{ name: hostile, version: hostile }],
        licences: [{ what: hostile, licence: hostile, source: hostile, url: 'javascript:window.harmed=1' }],
      },
      ...(base.cell && {
        cell: { ...base.cell, name: hostile, sectionNames: base.cell.sectionNames.map(() => hostile) },
      }),
      ...(base.summary && { summary: { ...base.summary, wallTimes: [{ step: hostile, seconds: 1 }] } }),
    });
    expect(await page.locator('h1').textContent()).toBe(hostile);
    expect(await page.title()).toContain(hostile);
    expect(await page.locator('#identity code').first().textContent()).toBe(hostile);
    expect(await page.locator('main img, main script, main a').count()).toBe(0);
    expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => url !== 'data:,')).toEqual([]);
    await page.close();
  });

  test('the policy of the page stops a script that was not there when it was written', async () => {
    const { page, complaints } = await show({ identity: data.identity });
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.harmed = 1';
      document.body.append(script);
    });
    expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
    expect(complaints.join()).toContain('Content Security Policy');
    await page.close();
  });

  test('a report of nothing but an identity stands alone', async () => {
    const { page, complaints } = await show({ identity: data.identity });
    expect(await page.locator('main h2').allTextContents()).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a run with little in it is shown without complaint', async () => {
    const base = syntheticReport({ samples: 60 });
    const none = new Float64Array(0);
    const epoch = base.twin?.training?.[0];
    const prediction = base.twin?.prediction;
    const { page, complaints } = await show({
      identity: base.identity,
      summary: { auc: null },
      ...(base.cell && { cell: { ...base.cell, position: { x: none, y: none, z: none } } }),
      input: { trial: 0, durationMs: 60, events: { dendrites: 0, channel: new Int32Array(0), time: none }, tree: [] },
      crosscheck: {
        trial: 0,
        status: 'refused',
        passive: false,
        timeMs: none,
        neuron: none,
        solver: none,
        maxAbsDiffMv: Number.NaN,
        sites: 0,
        samples: 0,
        events: 0,
        maxAbsDiffPerSite: none,
      },
      twin: {
        ...(epoch && { training: [{ ...epoch, validationAuc: null }] }),
        ...(prediction && {
          prediction: { ...prediction, spikeTimes: [], threshold: { probability: 1, falsePositiveRate: 0 } },
        }),
        roc: { falsePositiveRate: Float64Array.of(0, 1), truePositiveRate: Float64Array.of(0, 1), auc: 0.5 },
        metrics: {
          trials: 1,
          spikes: 0,
          auc: null,
          truePositiveRateAt025Percent: null,
          truePositiveRateAt1Percent: null,
          soma: { explainedVariance: -0.2, rmseMv: 3, maeMv: 2 },
        },
      },
    });
    expect(complaints).toEqual([]);
    expect(await page.locator('#crosscheck .verdict').textContent()).toContain('refused');
    expect(await page.locator('#twin .scroll table').textContent()).toContain('−20.0 %');
    await page.close();
  });

  test('the script of the README takes both pictures', async () => {
    const { file } = await writeReport(data, place('pictured.html'));
    const script = fileURLToPath(new URL('../../examples/screenshot.ts', import.meta.url));
    await promisify(execFile)(process.execPath, [script, file, place('images')]);
    for (const name of ['report-light.png', 'report-dark.png']) {
      const picture = readFileSync(join(place('images'), name));
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
      // Width and height stand at bytes 16 and 20 of every PNG.
      expect(picture.readUInt32BE(16)).toBeGreaterThan(1000);
      expect(picture.readUInt32BE(20)).toBeGreaterThan(700);
    }
  });

  test('can be read without scripts', async () => {
    const { file } = await writeReport(data, place('plain.html'));
    const page = await emptyPage({ javaScriptEnabled: false });
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('#twin .scroll table').isVisible()).toBe(true);
    expect(await page.locator('#summary').textContent()).toContain('0.903');
    await page.close();
  });
});
