/** First divergence: kernels that are wrong on purpose are located by mechanism, place and step. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cause,
  divergenceJson,
  divergenceText,
  findCause,
  locateDivergence,
  narrow,
  pairRecords,
} from '../../src/crosscheck/divergence/index.ts';
import { recordEverything } from '../../src/engine/everything.ts';
import type { RecordedVariable, WindowRecord } from '../../src/engine/window.ts';
import type { Circuit } from '../../src/solver/circuit.ts';
import { createSimulation } from '../../src/solver/simulation.ts';
import {
  CABLE_MECHANISMS,
  type CableMechanism,
  cable,
  programNamed,
  rateChanged,
  readsSwapped,
  signFlipped,
} from '../fixtures/wrong-kernel.ts';

const DT = 0.025;

function run(circuit: Circuit, firstStep: number, lastStep: number, libm: 'glibc' | 'native' = 'glibc'): WindowRecord {
  const simulation = createSimulation(circuit, { dt: DT, order: 1, libm });
  const recorder = recordEverything(circuit, simulation);
  simulation.initialize();
  for (let step = 0; step <= lastStep; step++) {
    if (step > 0) simulation.step();
    if (step >= firstStep) recorder.take(simulation.t);
  }
  return recorder.record(firstStep);
}

const NODES = 4;
const RIGHT = cable({ nodes: NODES });
const STEPS = 120;
const right = run(RIGHT, 0, STEPS);

function locate(wrong: Parameters<typeof cable>[0]['replaced'], order: readonly CableMechanism[] = CABLE_MECHANISMS) {
  const other = run(cable({ nodes: NODES, ...(wrong && { replaced: wrong }), order }), 0, STEPS);
  return locateDivergence(pairRecords(right, other), { floor: 0 });
}

/** The first step whose mid-point (where currents are computed) or end (where states are) is later than `after`. */
const firstAssembly = (after: number): number => times().findIndex((t, step) => (step === 0 ? 0 : t - DT / 2) > after);
const firstState = (after: number): number => times().findIndex((t, step) => step > 0 && t > after);
const times = (): number[] => [...right.timesMs];

describe('a kernel with one thing wrong', () => {
  test('nothing is found where both are right, with either libm up to the floor', () => {
    expect(locate({})).toBeNull();
    const native = run(RIGHT, 0, STEPS, 'native');
    expect(locateDivergence(pairRecords(right, native))).toBeNull();
  });

  test.each([
    ['hh', 'ina', 'hh.ina'],
    ['cach', 'ica', 'cach.ica'],
    ['kca', 'ik', 'kca.ik'],
  ] as const)('one sign: the current of %s', (mechanism, variable, name) => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: STEPS - 1 }), (step) => {
        // At step 1 kca is still closed. Between the mid-points of two steps.
        const after = (step - 1) * DT;
        const found = locate({ [mechanism]: signFlipped(programNamed(mechanism), variable, after) });
        expect(found?.suspects[0]).toBe(mechanism);
        expect(found?.variable).toMatchObject({ name, kind: 'current', mechanism });
        expect(found?.step).toBe(firstAssembly(after));
        expect(found?.other).toBe(-(found?.reference ?? Number.NaN));
      }),
      { numRuns: 5 },
    );
  });

  test('one rate: a gate of the calcium channel opens too slowly, found at its state, with the rate beside it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: STEPS - 1 }), (step) => {
        const after = (step - 0.5) * DT;
        const found = locate({ cach: rateChanged(programNamed('cach'), 'mtau', 1.01, after) });
        expect(found?.step).toBe(firstState(after));
        expect(found?.variable).toMatchObject({ name: 'cach.m', kind: 'state', mechanism: 'cach' });
        expect(found?.suspects).toEqual(['cach']);
        expect(found?.together.map(({ variable }) => variable.name)).toContain('cach.mtau');
        expect(found?.together.map(({ variable }) => variable.mechanism ?? 'node')).not.toContain('hh');
      }),
      { numRuns: 5 },
    );
  });

  test('a pool that decays too fast is found at its concentration, before the channel that reads it', () => {
    const found = locate({ pool: rateChanged(programNamed('pool'), 'cai', 1.001, 1) });
    expect(found?.variable).toMatchObject({ name: 'pool.cai', mechanism: 'pool' });
    expect(found?.step).toBe(firstState(1));
    expect(found?.together.map(({ variable }) => variable.name)).toContain('kca.z');
  });

  test('one ion order: concentrations read the wrong way round', () => {
    const found = locate({ kca: readsSwapped(programNamed('kca'), 'ca', 'inside', 'outside') });
    expect(found).toMatchObject({ step: 1, suspects: ['kca'], variable: { name: 'kca.z', kind: 'state' } });
  });

  test('one ion order: the reader of a pool runs before it', () => {
    const order = ['pas', 'kca', 'pool', 'hh', 'cach', 'IClamp'] as const;
    const found = locate({}, order);
    expect(found).toMatchObject({ suspects: ['kca'], variable: { name: 'kca.z', kind: 'state' } });
  });

  test('the node is named: a wrong kernel at one node of the cable', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: NODES - 1 }), fc.integer({ min: 0, max: STEPS - 2 }), (node, step) => {
        const program = { ...programNamed('cach'), name: 'alone' };
        const after = (step + 0.25) * DT;
        const withAlone = (kernel: typeof program) => {
          const whole = cable({ nodes: NODES, replaced: { cach: kernel } });
          const mechanisms = whole.mechanisms.map((one) =>
            one.kernel.program.name === 'alone' ? { ...one, nodes: Int32Array.of(node) } : one,
          );
          return { ...whole, mechanisms };
        };
        const [a, b] = [program, signFlipped(program, 'ica', after)].map((one) => run(withAlone(one), 0, STEPS));
        const found = locateDivergence(pairRecords(a as WindowRecord, b as WindowRecord));
        expect(found).toMatchObject({
          suspects: ['alone'],
          variable: { name: 'alone.ica', node, site: `node ${node}` },
        });
        expect(found?.step).toBe(firstAssembly(after));
      }),
      { numRuns: 8 },
    );
  });

  test('a mechanism that hides its current is suspected by what it writes', () => {
    const hidden = (record: WindowRecord): WindowRecord => keep(record, ({ name }) => name !== 'cach.ica');
    const wrong = run(
      cable({ nodes: NODES, replaced: { cach: signFlipped(programNamed('cach'), 'ica', 1) } }),
      0,
      STEPS,
    );
    const found = locateDivergence(pairRecords(hidden(right), hidden(wrong)));
    expect(found).toMatchObject({
      step: firstAssembly(1),
      suspects: ['cach'],
      variable: { name: 'ica', kind: 'current' },
    });
  });
});

/** The same record without some of its variables. */
function keep(record: WindowRecord, wanted: (variable: RecordedVariable) => boolean): WindowRecord {
  const columns = [...record.variables.keys()].filter((k) => wanted(record.variables[k] as RecordedVariable));
  const width = record.variables.length;
  const rows = [...record.timesMs.keys()];
  return {
    ...record,
    variables: columns.map((k) => record.variables[k] as RecordedVariable),
    samples: Float64Array.from(rows.flatMap((row) => columns.map((k) => record.samples[row * width + k] as number))),
  };
}

describe('locating in any two records', () => {
  const variable = (k: number): RecordedVariable => ({
    ...{
      name: `m.x${k}`,
      kind: 'state',
      mechanism: 'm',
      writers: ['m'],
      order: 0,
      node: k,
      instance: k,
      site: `node ${k}`,
    },
  });
  const recordOf = (rows: readonly (readonly number[])[], firstStep = 0): WindowRecord => ({
    firstStep,
    timesMs: Float64Array.from(rows, (_, k) => (firstStep + k) * DT),
    variables: (rows[0] ?? []).map((_, k) => variable(k)),
    samples: Float64Array.from(rows.flat()),
  });
  const matrix = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 })).chain(([columns, rows]) =>
    fc.array(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

  test('a change of one number is found where it is, and nothing is found without one', () => {
    fc.assert(
      fc.property(matrix, fc.nat(), fc.nat(), fc.constantFrom(1e-3, 7, Number.NaN), (rows, r, c, change) => {
        const row = r % rows.length;
        const column = c % (rows[0]?.length ?? 1);
        const reference = recordOf(rows, 10);
        expect(locateDivergence(pairRecords(reference, recordOf(rows, 10)))).toBeNull();
        const changed = rows.map((one, k) => one.map((x, n) => (k === row && n === column ? x + change : x)));
        const found = locateDivergence(pairRecords(reference, recordOf(changed, 10)), { before: 3 });
        expect(found).toMatchObject({ step: 10 + row, variable: { node: column }, togetherCount: 0 });
        expect(found?.atWindowStart).toBe(row === 0);
        expect(found?.history.steps).toEqual(
          Array.from({ length: Math.min(3, row) + 1 }, (_, k) => 10 + row - Math.min(3, row) + k),
        );
        expect(found?.history.reference.at(-1)).toBe(rows[row]?.[column]);
      }),
    );
  });

  test('rounding within the floor of a variable’s own scale is no difference, just above it is one', () => {
    const reference = recordOf([
      [1000, 1e-6],
      [0.5, 0],
    ]);
    const within = recordOf([
      [1000, 1e-6],
      [0.5 + 0.9e-6, 0.9e-15],
    ]);
    expect(locateDivergence(pairRecords(reference, within))).toBeNull();
    const beyond = recordOf([
      [1000, 1e-6],
      [0.5, 1.1e-15],
    ]);
    expect(locateDivergence(pairRecords(reference, beyond))).toMatchObject({ step: 1, variable: { node: 1 } });
    expect(locateDivergence(pairRecords(reference, within), { floor: 0 })).toMatchObject({ step: 1 });
  });

  test('variables are paired by name and place, in any order; the rest is named', () => {
    const rows = [[1, 2, 3]];
    const reference = recordOf(rows);
    const shuffled: WindowRecord = {
      ...reference,
      variables: [variable(2), variable(7), variable(0)],
      samples: Float64Array.of(3, 9, 1),
    };
    const paired = pairRecords(reference, shuffled);
    expect(locateDivergence(paired)).toBeNull();
    expect([...paired.unpaired].sort()).toEqual(['m.x1', 'm.x7']);
    expect(() => pairRecords(reference, recordOf(rows, 1))).toThrow(/different steps/);
  });
});

describe('narrowing to the window', () => {
  test('looks further back while the engines differ where the window starts', async () => {
    const after = 0.3;
    const wrong = cable({ nodes: NODES, replaced: { kca: signFlipped(programNamed('kca'), 'ik', after) } });
    const asked: [number, number][] = [];
    const located = await narrow(STEPS, async (firstStep, lastStep) => {
      asked.push([firstStep, lastStep]);
      return { reference: run(RIGHT, firstStep, lastStep), other: run(wrong, firstStep, lastStep) };
    });
    expect(asked).toEqual([
      [80, 120],
      [0, 80],
    ]);
    expect(located.divergence).toMatchObject({ step: firstAssembly(after), suspects: ['kca'] });
  });
});

describe('the cause', () => {
  const cause = async (atSmallerStep: number | null, atFinerMesh: number | null): Promise<Cause> =>
    (await findCause(1, async ({ step }) => (step > 1 ? atSmallerStep : atFinerMesh))).cause;

  test('is told by what brings the engines together', async () => {
    expect(await cause(0.25, 1)).toBe('numerical');
    expect(await cause(0.9, 0.1)).toBe('discretisation');
    expect(await cause(1.1, 0.8)).toBe('mechanism');
    expect(await cause(null, null)).toBe('mechanism');
  });

  test('a method of lower order is numerical, a wrong sign is not', async () => {
    // The decay of 1 over 1 ms with tau 2, by Euler's method and exactly.
    const euler = (dt: number): number => (1 - dt / 2) ** Math.round(1 / dt);
    const apart = (dt: number, other: number): number => Math.abs(euler(dt) - other);
    const exact = Math.exp(-0.5);
    const numerical = await findCause(apart(0.1, exact), async ({ step }) => apart(0.1 / step, exact));
    expect(numerical.cause).toBe('numerical');
    const grown = Math.exp(0.5);
    expect((await findCause(apart(0.1, grown), async ({ step }) => apart(0.1 / step, grown))).cause).toBe('mechanism');
  });
});

test('the report names step, mechanism, place and both values, in words and as JSON', async () => {
  const found = locate({ cach: signFlipped(programNamed('cach'), 'ica', 1) });
  if (found === null) throw new Error('nothing was found');
  const cause = await findCause(2, async () => 2.5);
  const text = divergenceText(divergenceJson(found, cause), { reference: 'NEURON', other: 'solver' }).join('\n');
  expect(text).toMatch(/first divergence: cach\.ica \(current\) in node \d at step 41, 1\.025 ms, by cach/);
  expect(text).toContain(`NEURON ${found.reference}, solver ${found.other}`);
  expect(text).toContain(String(found.history.reference[0]));
  expect(text).toContain('a mechanism is read differently');
  const json = JSON.parse(JSON.stringify(divergenceJson(found, cause)));
  expect(json).toMatchObject({
    step: 41,
    mechanism: 'cach',
    variable: 'cach.ica',
    reference: found.reference,
    other: found.other,
    cause: { cause: 'mechanism' },
  });
  expect(json.history.steps).toEqual([36, 37, 38, 39, 40, 41]);
});
