/** Plans: what stays JavaScript, what is written back, when the cheaper passes hold, and the polynomials they are made of. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileJavaScript, type KernelProgram } from '../../src/kernel/index.ts';
import type { ColumnSource, CompartmentPlan } from '../../src/kernel/wasm/graph.ts';
import { fitPolynomial } from '../../src/kernel/wasm/plan/fit.ts';
import { type PlanOptions, planCompartment } from '../../src/kernel/wasm/plan/index.ts';
import { compile } from '../../src/nmodl/index.ts';
import { ionStyle } from '../../src/solver/ions.ts';
import { createKind, operations, randomFrom } from '../fixtures/compartment-kind.ts';

function program(text: string): KernelProgram {
  const { program: compiled, diagnostics } = compile({ file: 'test.mod', text });
  if (compiled === null) throw new Error(JSON.stringify(diagnostics));
  return compiled;
}

const POOL = (method: string, change: string) =>
  program(`NEURON { SUFFIX pool_${method} USEION ca READ ica WRITE cai RANGE decay }
PARAMETER { decay = 20 }
ASSIGNED { ica }
STATE { cai }
BREAKPOINT { SOLVE states METHOD ${method} }
DERIVATIVE states { cai' = ${change} }`);
const LINEAR_POOL = POOL('cnexp', '-ica * 0.1 - (cai - 5e-5) / decay');
const CURVED_POOL = POOL('derivimplicit', '-ica * 0.1 - cai * cai / decay');
const READER = program(`NEURON { SUFFIX reader USEION ca READ cai NONSPECIFIC_CURRENT i }
ASSIGNED { v i cai limit }
STATE { z }
BREAKPOINT { SOLVE states METHOD cnexp i = 1e-4 * z * (v + 80) }
DERIVATIVE states { limit = 1 / (1 + (0.001 / cai)^2.5) z' = (limit - z) / 3 }
INITIAL { z = 0.2 }`);
const CHANNEL = program(`NEURON { SUFFIX channel NONSPECIFIC_CURRENT i RANGE g, limit }
PARAMETER { gbar = 1e-3 }
ASSIGNED { v i g limit tau }
STATE { m }
BREAKPOINT { SOLVE states METHOD cnexp g = gbar * m * m i = g * (v - 50) }
DERIVATIVE states { rates() m' = (limit - m) / tau }
INITIAL { rates() m = limit }
PROCEDURE rates() { LOCAL a, b
  if (v == -40) { v = v + 0.0001 }
  a = 0.1 * (v + 40) / (1 - exp(-(v + 40) / 10))
  b = 4 * exp(-(v + 65) / 20)
  limit = a / (a + b)
  tau = 1 / (a + b)
}`);
const SYNAPSE = program(`NEURON { POINT_PROCESS synapse NONSPECIFIC_CURRENT i RANGE tau }
PARAMETER { tau = 2 }
ASSIGNED { v i }
STATE { g }
BREAKPOINT { SOLVE states METHOD cnexp i = g * v }
DERIVATIVE states { g' = -g / tau }
INITIAL { g = 0.01 }
NET_RECEIVE(weight) { g = g + weight }`);

function planOf(programs: readonly KernelProgram[], more: Partial<PlanOptions> = {}): CompartmentPlan {
  return planCompartment(
    programs.map((one, index) => ({ program: one, index })),
    stylesOf(programs),
    { mode: 'exact', order: 1, ...more },
  );
}

function stylesOf(programs: readonly KernelProgram[]) {
  const nodes = new Int32Array(0);
  const placements = programs.map((one) => ({
    kernel: compileJavaScript(one),
    nodes,
    parameters: new Map(),
    globals: new Map(),
  }));
  const names = new Set(programs.flatMap(({ ions }) => ions.map(({ ion }) => ion)));
  return [...names].map((name) => ionStyle(name, placements));
}

const storedFields = (plan: CompartmentPlan, pass: 'current' | 'state'): string[] =>
  plan[pass].stores.flatMap(({ column }) => {
    const source = plan.columns[column] as ColumnSource;
    return source.kind === 'field' || source.kind === 'ion' ? [source.field] : [];
  });

describe('what stays JavaScript', () => {
  test('a pool that needs a solver takes with it those that read its concentration after it', () => {
    expect(planOf([CURVED_POOL, READER]).left).toEqual([0, 1]);
  });

  test('those that read it before it are graphs, and find the concentration of the step before', () => {
    expect(planOf([READER, CURVED_POOL]).left).toEqual([1]);
  });

  test('nothing else is left, and a pool of exponentials leaves nothing', () => {
    expect(planOf([CURVED_POOL, CHANNEL, READER]).left).toEqual([0, 2]);
    expect(planOf([LINEAR_POOL, CHANNEL, READER]).left).toEqual([]);
  });
});

describe('what is written back', () => {
  test('states, and what is asked for', () => {
    expect(storedFields(planOf([CHANNEL]), 'state')).toEqual(['m']);
    expect(storedFields(planOf([CHANNEL]), 'current')).toEqual([]);
    const observed = planOf([CHANNEL], { observed: (_, field) => field === 'limit' });
    expect(storedFields(observed, 'state')).toEqual(['limit', 'm']);
    expect(storedFields(planOf([CHANNEL], { keep: 'all' }), 'current')).toEqual(['g', 'i']);
  });

  test('of two point processes on a compartment, each its own', () => {
    const plan = planOf([SYNAPSE, SYNAPSE]);
    const slots = plan.state.stores.map(({ column }) => plan.columns[column]);
    expect(slots).toMatchObject([{ slot: 0 }, { slot: 1 }]);
    const kind = createKind({
      programs: [SYNAPSE, SYNAPSE],
      ions: [],
      compartments: 3,
      plan: { mode: 'exact', order: 1 },
      random: randomFrom(1),
    });
    const planned = [0, 1, 2].map((k) => [...kind.planned('state', k)]);
    kind.run('state');
    for (const [k, stores] of planned.entries()) {
      for (const [source, value] of stores) expect(value).toBeCloseTo(kind.held(source, k), 15);
    }
  });
});

describe('the cheaper passes', () => {
  const known = { dt: 0.025, celsius: 20 };
  const create = () =>
    createKind({
      programs: [CHANNEL],
      ions: [],
      compartments: 1,
      plan: { mode: 'exact', order: 1, known },
      random: randomFrom(2),
    });

  test('hold only after a full one, near its potential and away from where a mechanism steps aside', () => {
    const kind = create();
    const at = (v: number): boolean => {
      kind.v[0] = v;
      return kind.nearby('state', 0) !== null;
    };
    kind.v[0] = -40.1;
    expect(kind.nearby('state', 0)).toBeNull();
    kind.planned('state', 0);
    expect(at(-40.05)).toBe(true);
    expect(at(-40)).toBe(false);
    expect(at(-41)).toBe(false);
    kind.v[0] = 200;
    kind.planned('state', 0);
    expect(at(200)).toBe(false);
  });

  test('compute no exponential', () => {
    const { plan } = create();
    expect(operations(plan.state).exp).toBeGreaterThan(0);
    const counts = operations({ nodes: plan.near?.nodes ?? [], stores: [] });
    expect([counts.exp, counts.expm1, counts.log]).toEqual([undefined, undefined, undefined]);
  });

  test('are not planned where they save nothing', () => {
    const { near, nearCurrent } = planOf([SYNAPSE], { known });
    expect([near, nearCurrent]).toEqual([undefined, undefined]);
  });
});

test('a fitted polynomial keeps its bound between its points', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1.5, max: -1e-3, noNaN: true }),
      fc.constantFrom(1e-6, 1e-10, 1e-13),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      (low, tolerance, part) => {
        const fit = fitPolynomial((x) => Math.expm1(x) / x, low, 0, tolerance);
        if (fit === null) return false;
        const x = low * part;
        const value = fit.coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
        const expected = Math.expm1(x) / x;
        return Math.abs(value - expected) <= 2 * tolerance * expected;
      },
    ),
    { numRuns: 300 },
  );
});
