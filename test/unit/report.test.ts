import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, html, jsonForScript } from '../../src/report/html.ts';
import { type ReportData, renderReport, writeReport } from '../../src/report/index.ts';
import { pageScript } from '../../src/report/inline.ts';
import { packAxis, packFloats, packIntegers, packMovie } from '../../src/report/pack.ts';
import { voltageDomain, voltageMapLab } from '../../src/report/page/colour.ts';
import { NOT_A_NUMBER, unpackAxis, unpackFloats, unpackIntegers, unpackMovie } from '../../src/report/page/decode.ts';
import { formatDuration, formatTick, formatVoltage, voltageUnit } from '../../src/report/page/units.ts';

const BARE: ReportData = { identity: { experiment: 'bare', hashes: [], versions: [] } };

/** SI prefixes, against which the units are checked. */
const PREFIX: Readonly<Record<string, number>> = { mV: 1, µV: 1e-3, nV: 1e-6, pV: 1e-9, fV: 1e-12, aV: 1e-15 };

describe('units of voltage', () => {
  test('a voltage reads back as itself to three digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -200, max: 200, noNaN: true }), (mv) => {
        fc.pre(Math.abs(mv) > 1e-17);
        const [digits = '', symbol = ''] = formatVoltage(mv).split(' ');
        const read = Number(digits.replace('−', '-')) * (PREFIX[symbol] ?? Number.NaN);
        expect(Math.abs(read - mv)).toBeLessThanOrEqual(Math.abs(mv) * 0.00501);
      }),
    );
  });

  test('the number before the unit lies from 1 to below 1000 wherever a unit allows it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-15, max: 999, noNaN: true }), (mv) => {
        const [digits = ''] = formatVoltage(mv).split(' ');
        expect(Number(digits)).toBeGreaterThanOrEqual(1);
        expect(Number(digits)).toBeLessThan(1000);
      }),
    );
  });

  test('zero is 0 mV, and what is no number says so', () => {
    expect(formatVoltage(0)).toBe('0 mV');
    expect(voltageUnit(Number.NaN).symbol).toBe('mV');
    expect(formatVoltage(Number.NaN)).toContain('not a number');
  });

  test('a value that rounds up takes the larger unit', () => {
    expect(formatVoltage(0.99996e-3)).toBe('1 µV');
    expect(formatVoltage(-65.25)).toBe('−65.3 mV');
  });

  test('durations and ticks read as people write them', () => {
    expect([0.85, 12.34, 59.99, 245].map(formatDuration)).toEqual(['850 ms', '12.3 s', '1 min 00 s', '4 min 05 s']);
    expect([0, 0.25, -1500, 1e-6, 3e-4].map(formatTick)).toEqual(['0', '0.25', '−1500', '10⁻⁶', '3·10⁻⁴']);
  });
});

describe('packed arrays', () => {
  test('floats come back as their float32, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double()), async (values) => {
        expect(await unpackFloats(packFloats(values))).toEqual(Float32Array.from(values));
      }),
    );
  });

  test('integers come back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), async (values) => {
        expect([...(await unpackIntegers(packIntegers(values)))]).toEqual(values);
      }),
    );
  });

  test('a movie comes back within half of its stated step, and NaN stays no number', async () => {
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.double({ min: -120, max: 80, noNaN: true }) },
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    const shape = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }));
    const movies = shape.chain(([compartments, samples]) =>
      fc.array(value, { minLength: compartments * samples, maxLength: compartments * samples }).map((values) => ({
        trial: 0,
        compartments,
        samples,
        startMs: 0,
        stepMs: 1,
        values: Float64Array.from(values),
      })),
    );
    await fc.assert(
      fc.asyncProperty(movies, async (movie) => {
        const packed = packMovie(movie);
        const levels = await unpackMovie(packed);
        movie.values.forEach((mv, i) => {
          const level = levels[i] ?? 0;
          if (!Number.isFinite(mv)) expect(level).toBe(NOT_A_NUMBER);
          else expect(Math.abs(level * packed.stepMv - mv)).toBeLessThanOrEqual(packed.stepMv * 0.5000001);
        });
      }),
    );
  });

  test('voltages of a neuron are kept to 0.025 mV', () => {
    const values = Float32Array.from([-90, -65.3, 41.7, 0]);
    expect(packMovie({ trial: 0, compartments: 2, samples: 2, startMs: 0, stepMs: 1, values }).stepMv).toBe(0.05);
  });

  test('a movie whose size is wrong is refused', () => {
    const movie = { trial: 0, compartments: 2, samples: 3, startMs: 0, stepMs: 1, values: new Float32Array(5) };
    expect(() => packMovie(movie)).toThrow(/2 compartments and 3 samples has 5 values/);
  });

  test('an even time axis travels as three numbers, an uneven one as itself', async () => {
    const even = Float64Array.from({ length: 2001 }, (_, k) => k * 0.025);
    expect(packAxis(even)).not.toHaveProperty('data');
    (await unpackAxis(packAxis(even))).forEach((ms, k) => {
      expect(ms).toBeCloseTo(even[k] ?? Number.NaN, 9);
    });
    const uneven = Float64Array.from([0, 1, 3.5, 4]);
    expect(await unpackAxis(packAxis(uneven))).toEqual(uneven);
  });
});

describe('escaping', () => {
  test('no text can leave its element or its attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  test('the template escapes values and keeps what is already HTML', () => {
    expect(html`<p title="${'"'}">${'<b>'}${html`<i>${1}</i>`}${[null, false, '&']}</p>`.text).toBe(
      '<p title="&quot;">&lt;b&gt;<i>1</i>&amp;</p>',
    );
  });

  test('JSON inside a script element reads back and cannot end the element', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const json = jsonForScript([value, text, '</script><!--']).text;
        expect(json).not.toContain('<');
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, text, '</script><!--'])));
      }),
    );
  });
});

describe('the colour map', () => {
  const map = voltageMapLab(64);

  test('lightness only rises, by more than half of its whole range', () => {
    const lightness = map.map(([l]) => l);
    lightness.slice(1).forEach((l, i) => {
      expect(l).toBeGreaterThan(lightness[i] ?? 1);
    });
    expect((lightness.at(-1) ?? 0) - (lightness[0] ?? 1)).toBeGreaterThan(0.5);
  });

  test('equal steps look equal: none is a twentieth larger or smaller than the mean', () => {
    const steps = map.slice(1).map((lab, i) => Math.hypot(...lab.map((part, axis) => part - (map[i]?.[axis] ?? 0))));
    const mean = steps.reduce((sum, step) => sum + step) / steps.length;
    for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.05);
  });

  test('its ends leave out at most a few in a thousand of the samples', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1800, max: 800 }), { minLength: 1, maxLength: 3000 }), (levels) => {
        const { low, high } = voltageDomain(Int16Array.from(levels), 0.05);
        const outside = levels.filter((level) => level * 0.05 < low - 1e-9 || level * 0.05 > high + 1e-9).length;
        expect(outside).toBeLessThanOrEqual(0.004 * levels.length + 1);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });
});

describe('the page as text', () => {
  test('equal data give equal bytes', () => {
    expect(renderReport(BARE)).toBe(renderReport(structuredClone(BARE)));
  });

  test('only what is given is shown', () => {
    const page = renderReport(BARE);
    expect(page).toContain('id="identity"');
    for (const id of ['cell', 'input', 'crosscheck', 'neuron-share', 'twin', 'summary'])
      expect(page).not.toContain(` id="${id}"`);
  });

  test('what NEURON ran again is shown trial by trial, and called the same only where all of it is', () => {
    const check = {
      trial: 37,
      reproduced: true,
      spikes: 9,
      spikesEqual: true,
      spikeStepsEqual: true,
      maxAbsDiffMv: 4e-7,
    };
    const page = (checks: readonly Partial<typeof check>[]) =>
      renderReport({
        ...BARE,
        neuronShare: {
          share: 0.02,
          trials: 50,
          toleranceMv: 1e-6,
          checks: checks.map((one) => ({ ...check, ...one })),
        },
      });
    const good = page([{}, { trial: 41, maxAbsDiffMv: 1e-6 }]);
    expect(good).toContain('NEURON gives the same');
    for (const value of [37, 41, 4e-7, 9]) expect(good).toContain(`<data value="${value}">`);
    const worse = [{ maxAbsDiffMv: 2e-6 }, { spikesEqual: false }, { spikeStepsEqual: false }, { reproduced: false }];
    for (const one of worse) {
      expect(page([{}, one])).toMatch(/something else in <b><data value="1">/);
      expect(page([{}, one])).not.toContain('NEURON gives the same');
    }
    expect(page([])).toContain('none of them again yet');
  });

  test('nothing in it names another place to load from', () => {
    const page = renderReport(BARE);
    expect(page).not.toMatch(/\b(?:src|href|action|srcset)\s*=\s*"(?!#|data:,")/);
    expect(page).not.toMatch(/@import|url\(/);
    expect(page).toContain('default-src &#39;none&#39;; script-src &#39;sha256-');
    expect(page).not.toContain('unsafe');
  });

  test('writes a file with a folder of its own, and leaves nothing else there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twincell-report-'));
    try {
      const written = await writeReport(BARE, join(folder, 'a', 'report.html'));
      expect(readFileSync(written.file, 'utf8')).toBe(renderReport(BARE));
      expect(written.bytes).toBe(readFileSync(written.file).length);
      expect(readdirSync(join(folder, 'a'))).toEqual(['report.html']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('its script is one that an engine accepts, without imports and exports', () => {
    expect(() => new Script(pageScript())).not.toThrow();
    expect(pageScript()).not.toMatch(/^\s*(?:import|export)\b/m);
  });

  test('rendering warns of nothing', () => {
    const module = JSON.stringify(new URL('../../src/report/index.ts', import.meta.url).href);
    const program = `import(${module}).then((m) => m.renderReport(${JSON.stringify(BARE)}))`;
    const run = ['--conditions=twincell-source', '--trace-warnings', '-e', `${program}`];
    expect(execFileSync(process.execPath, run, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
  });
});
