import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlay } from '../../src/cli/options.ts';
import { InvalidExperimentError } from '../../src/errors.ts';
import {
  canonicalJson,
  type Dependencies,
  dataIdentity,
  defineExperiment,
  type ExperimentInput,
  experimentIdentity,
  parseExperiment,
  sha256,
} from '../../src/experiment/index.ts';

const dependencies: Dependencies = { modelFiles: { 'a.mod': '0'.repeat(64) }, locks: {}, code: '1' };

function problemsOf(input: unknown): readonly { path: string; expected: string; found: string }[] {
  try {
    parseExperiment(input, 'x.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidExperimentError);
    return (error as InvalidExperimentError).problems;
  }
  throw new Error('it was accepted');
}

describe('an experiment is parsed', () => {
  test('the empty one is the paper’s setting on the default cell', () => {
    const experiment = defineExperiment();
    expect(experiment.cell).toEqual({ model: 'l5pc-bbp', passive: false, condition: 'NMDA' });
    expect(experiment.simulation).toMatchObject({ seconds: 6, dt: 0.025, order: 1 });
    expect(experiment.stimulus).toEqual({ kind: 'paper', releaseProbability: 1 });
  });

  test.each([
    [{ seed: -1 }, '/seed', '-1'],
    [{ seed: 1.5 }, '/seed', '1.5'],
    [{ sede: 1 }, '/sede', '1'],
    [{ simulation: { dt: 0 } }, '/simulation/dt', '0'],
    [{ simulation: { dt: 0.03 } }, '/simulation/dt', '0.03 ms'],
    [{ simulation: { dt: Number.NaN } }, '/simulation/dt', 'NaN'],
    [{ simulation: { seconds: 0.0005 } }, '/simulation/seconds', '0.5 ms'],
    [{ simulation: { order: 3 } }, '/simulation/order', '3'],
    [{ cell: { condition: 'NMDAR' } }, '/cell/condition', '"NMDAR"'],
    [{ stimulus: { kind: 'poisson' } }, '/stimulus/kind', '"poisson"'],
    [{ stimulus: { kind: 'paper', releaseProbability: 2 } }, '/stimulus/releaseProbability', '2'],
    [{ stimulus: { kind: 'paper', excitatoryBasal: { low: 3, high: 1 } } }, '/stimulus/excitatoryBasal', '3 > 1'],
    [null, '', 'null'],
    [[], '', '[]'],
  ])('%j is refused by path', (input, path, found) => {
    expect(problemsOf(input)).toContainEqual(expect.objectContaining({ path, found }));
  });

  test('a union told apart by kind reports only the branch that is meant', () => {
    expect(problemsOf({ stimulus: { kind: 'paper', releaseProbability: 2 } })).toHaveLength(1);
    expect(problemsOf({ stimulus: { kind: 'poisson' } })).toHaveLength(1);
  });

  test('however many keys are wrong, and whatever stands where an object should', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`wrong${k}`, k]));
    expect(problemsOf(many).length).toBeGreaterThan(0);
    expect(problemsOf({ cell: 'l5pc-hay' }).length).toBeGreaterThan(0);
    expect(
      problemsOf(overlay({ cell: 'l5pc-hay' } as unknown as ExperimentInput, { simulation: { trials: 2 } })).length,
    ).toBeGreaterThan(0);
    expect(problemsOf(overlay({ simulation: null } as unknown as ExperimentInput, { seed: 2 })).length).toBeGreaterThan(
      0,
    );
  });

  test('all problems come at once, with the file', () => {
    const input = { seed: 'a', simulation: { order: 3, dt: -1 } };
    expect(problemsOf(input).map((problem) => problem.path)).toEqual(['/seed', '/simulation/dt', '/simulation/order']);
    expect(() => parseExperiment(input, 'x.json')).toThrow(/x\.json: \/seed: expected integer, found "a"/);
  });

  test('nothing but an InvalidExperimentError leaves it, whatever comes in', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        try {
          parseExperiment(input);
        } catch (error) {
          // What cannot be copied (functions) is no experiment either way.
          if (!(error instanceof DOMException)) expect(error).toBeInstanceOf(InvalidExperimentError);
        }
      }),
    );
  });

  test('parsing what was parsed changes nothing', () => {
    const once = defineExperiment({ name: 'x', seed: 3, simulation: { trials: 2 } });
    expect(parseExperiment(structuredClone(once))).toEqual(once);
  });

  test('the input is left as it was', () => {
    const input = { simulation: { trials: 2 } };
    parseExperiment(input);
    expect(input).toEqual({ simulation: { trials: 2 } });
  });

  test('a twin needs trials beside those held out, and windows that fit', () => {
    const schedule = [{ epoch: 0, spike: 1, soma: 1, dendrites: 0, learningRate: 1e-3 }];
    const twin = { network: { layers: [{ taps: 3, width: 2 }] }, training: { epochs: 1, stepsPerEpoch: 1, schedule } };
    expect(problemsOf({ twin, simulation: { trials: 3, seconds: 0.5 } }).map((p) => p.path)).toEqual([
      '/simulation/trials',
      '/simulation/seconds',
    ]);
  });
});

describe('identity', () => {
  test('the canonical form does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('sha256 is the published one', () => {
    // FIPS 180-2, appendix B.1.
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('data keep their identity when only names, the twin or the number of trials change', () => {
    const base = defineExperiment({ simulation: { trials: 2 } });
    const grown = defineExperiment({ name: 'other', simulation: { trials: 20 } });
    expect(dataIdentity(grown, dependencies)).toBe(dataIdentity(base, dependencies));
    expect(experimentIdentity(grown, dependencies)).not.toBe(experimentIdentity(base, dependencies));
  });

  test.each([
    [{ seed: 2 }],
    [{ cell: { passive: true } }],
    [{ simulation: { trials: 2, order: 2 } as const }],
    [{ stimulus: { kind: 'silent' } as const }],
    [{ record: { dendrites: false } }],
  ])('%j is other data', (change) => {
    const base = defineExperiment({ simulation: { trials: 2 } });
    const changed = defineExperiment({ simulation: { trials: 2 }, ...change });
    expect(dataIdentity(changed, dependencies)).not.toBe(dataIdentity(base, dependencies));
  });

  test('another model file is other data', () => {
    const experiment = defineExperiment();
    const other = { ...dependencies, modelFiles: { 'a.mod': '1'.repeat(64) } };
    expect(dataIdentity(experiment, other)).not.toBe(dataIdentity(experiment, dependencies));
  });
});

describe('what is no data', () => {
  test.each([
    [{ cell: { model: () => 'l5pc-bbp' } }, '/cell/model', 'a function'],
    [{ name: Symbol('name') }, '/name', 'a symbol'],
  ])('%o is refused by its path', (input, path, found) => {
    expect(() => parseExperiment(input)).toThrow(InvalidExperimentError);
    expect(() => parseExperiment(input)).toThrow(`${path}: expected data, found ${found}`);
  });

  test('an object that holds itself is refused, one that stands in two places is not', () => {
    const loop: Record<string, unknown> = {};
    loop.cell = loop;
    expect(() => parseExperiment(loop)).toThrow('/cell: expected data, found an object that holds itself');
    const range = { low: 0, high: 1 };
    const twice = { stimulus: { kind: 'paper', excitatoryBasal: range, excitatoryApical: range } };
    expect(parseExperiment(twice).stimulus).toMatchObject(twice.stimulus);
  });
});
