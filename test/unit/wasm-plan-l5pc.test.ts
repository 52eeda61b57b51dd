/** Plans of the layer-5 cell's kinds of compartment: right together, and as cheap as their exponentials allow. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureModelFiles, modelFilesAreReady, packageFolder } from '../../env/index.mjs';
import { compileJavaScript, type KernelProgram } from '../../src/kernel/index.ts';
import type { ColumnSource, Graph } from '../../src/kernel/wasm/graph.ts';
import type { PlanOptions } from '../../src/kernel/wasm/plan/index.ts';
import { compile } from '../../src/nmodl/index.ts';
import { ionStyle } from '../../src/solver/ions.ts';
import { type CompartmentKind, createKind, operations, randomFrom } from '../fixtures/compartment-kind.ts';

const COMPARTMENTS = 8;
const ready = await modelFilesAreReady();
const own = ['TwincellExcitatory', 'TwincellGaba'].map((name) =>
  join(packageFolder(), 'python', 'mechanisms', `${name}.mod`),
);
const files = ready ? [...(await ensureModelFiles()).mechanisms, ...own] : [];
const PAS = `NEURON { SUFFIX pas NONSPECIFIC_CURRENT i RANGE g, e }
PARAMETER { g = .001 e = -70 }
ASSIGNED { v i }
BREAKPOINT { i = g*(v - e) }`;
const programs = new Map(
  [
    { file: 'pas.mod', text: PAS },
    ...files.map((file) => ({ file: basename(file), text: readFileSync(file, 'utf8') })),
  ].map((source): [string, KernelProgram] => [
    source.file.replace('.mod', ''),
    compile(source).program as KernelProgram,
  ]),
);

const SYNAPSES = ['TwincellExcitatory', 'TwincellGaba'];
const KINDS = {
  'apical of l5pc-hay': [
    'pas',
    'CaDynamics_E2',
    'Ca_HVA',
    'Ca_LVAst',
    'Ih',
    'Im',
    'NaTa_t',
    'SK_E2',
    'SKv3_1',
    ...SYNAPSES,
  ],
  'apical of l5pc-bbp': ['pas', 'Ih', 'Im', 'NaTs2_t', 'SKv3_1', ...SYNAPSES],
  basal: ['pas', 'Ih', ...SYNAPSES],
  soma: ['pas', 'CaDynamics_E2', 'Ca_HVA', 'Ca_LVAst', 'Ih', 'K_Pst', 'K_Tst', 'NaTa_t', 'Nap_Et2', 'SK_E2', 'SKv3_1'],
} as const;

function kindOf(name: keyof typeof KINDS, plan: PlanOptions): CompartmentKind {
  const list = KINDS[name].map((one) => programs.get(one) as KernelProgram);
  const nodes = new Int32Array(0);
  const placements = list.map((program) => ({
    kernel: compileJavaScript(program),
    nodes,
    parameters: new Map(),
    globals: new Map(),
  }));
  const ions = [...new Set(list.flatMap((program) => program.ions.map(({ ion }) => ion)))];
  const styles = ions.map((ion) => ionStyle(ion, placements));
  return createKind({ programs: list, ions: styles, compartments: COMPARTMENTS, plan, random: randomFrom(11) });
}

/** The largest relative difference between what a plan stores and what the kernels leave, over steps of a noisy potential. */
function run(kind: CompartmentKind, steps: number, jump: number): { worst: number; slopes: number; nearby: number } {
  const random = randomFrom(12);
  let worst = 0;
  let slopes = 0;
  let nearby = 0;
  const compare = (planned: Map<ColumnSource, number>, k: number): void => {
    for (const [source, value] of planned) {
      const expected = kind.held(source, k);
      const difference = Math.abs(value - expected) / Math.abs(expected);
      if (source.kind === 'd' || (source.kind === 'ion' && source.field === 'slope'))
        slopes = Math.max(slopes, difference);
      else if (value !== expected)
        worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    }
  };
  const all = (of: (k: number) => Map<ColumnSource, number>) => Array.from({ length: COMPARTMENTS }, (_, k) => of(k));
  for (let step = 0; step < steps; step++) {
    const currents = all((k) => kind.nearby('current', k) ?? kind.planned('current', k));
    kind.run('current');
    for (const [k, planned] of currents.entries()) compare(planned, k);
    for (let k = 0; k < COMPARTMENTS; k++) {
      kind.rhs[k] = random() - 0.5;
      kind.v[k] = Math.min(-10, Math.max(-95, (kind.v[k] as number) + jump * (random() - 0.5)));
    }
    const states = all((k) => {
      const near = kind.nearby('state', k);
      nearby += near === null ? 0 : 1;
      return near ?? kind.planned('state', k);
    });
    kind.run('state');
    // A plan sets reversal potentials as soon as concentrations are known; the kernels' are set before the next currents.
    const totals = [...kind.ions.values()].map((ion) => ({
      ion,
      current: ion.current.slice(),
      slope: ion.slope.slice(),
    }));
    for (const { ion, current, slope } of totals) {
      ion.prepare();
      ion.current.set(current);
      ion.slope.set(slope);
    }
    for (const [k, planned] of states.entries()) compare(planned, k);
  }
  return { worst, slopes, nearby };
}

const FUNCTIONS = ['exp', 'expm1', 'log', 'pow'] as const;
const functions = (counts: Record<string, number>): number =>
  FUNCTIONS.reduce((sum, name) => sum + (counts[name] ?? 0), 0);

describe.skipIf(!ready)('with the files of the layer-5 cell (npx twincell setup)', () => {
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const known = { dt: 0.025, celsius: 34 };

  test.each(names.flatMap((name) => ([1, 2] as const).map((order) => [name, order] as const)))(
    '%s, order %i: the full passes do what the kernels do',
    (name, order) => {
      const { worst, slopes } = run(kindOf(name, { mode: 'exact', order, near: null }), 40, 20);
      expect(worst).toBeLessThan(1e-12);
      // What NEURON's difference over 0.001 mV loses.
      expect(slopes).toBeLessThan(1e-8);
    },
  );

  test.each(names)('%s: so does the cheap pass, for as many steps as it may run', (name) => {
    const kind = kindOf(name, { mode: 'exact', order: 1, known });
    const { worst, nearby } = run(kind, 64, 0.4);
    // Its polynomials are good to 1e-12 and 5e-14 a step.
    expect(worst).toBeLessThan(1e-11);
    // The first run is a full one, and some of those in which calcium moves much.
    expect(nearby).toBeGreaterThan(48 * COMPARTMENTS);
    // Every second step is too large a one: now one pass, now the other.
    const mixed = run(kindOf(name, { mode: 'exact', order: 2, known }), 64, 0.8);
    expect(mixed.worst).toBeLessThan(1e-11);
    expect(mixed.nearby).toBeGreaterThan(16 * COMPARTMENTS);
    expect(mixed.nearby).toBeLessThan(48 * COMPARTMENTS);
  });

  test('the apical compartment computes one exponential for each of its slopes, and one for each gate', () => {
    const { plan } = kindOf('apical of l5pc-hay', { mode: 'exact', order: 1, known });
    // 3.8, 17, 50 (and 10 and 5, which are whole parts of it), 28 (and 7), 6, 6.4, 11.9, 33.1, 9.7 and 44.14 mV.
    const slopes = 10;
    const gates = 9;
    const state = operations(plan.state);
    // SK's power of calcium takes one more, and one that is kept.
    expect(state.exp).toBeLessThanOrEqual(slopes + 2);
    expect(state.expm1).toBeLessThanOrEqual(gates);
    expect(state.pow).toBeUndefined();
    // A gate has two denominators: of its limit, and of its time constant.
    expect(state.div).toBeLessThanOrEqual(2 * (gates + 1));
    const current = operations(plan.current);
    expect(current.exp).toBe(1);
    // The block of magnesium, at v and at v + 0.001.
    expect(current.div).toBeLessThanOrEqual(2);
    const fewer = kindOf('apical of l5pc-hay', { mode: 'exact', order: 1, known, divisionsTogether: 4 }).plan;
    expect(operations(fewer.state).div).toBeLessThanOrEqual((2 * (gates + 1)) / 4);
    expect(operations(fewer.current).div).toBe(1);
    expect(functions(operations(plan.near as Graph))).toBe(0);
    expect(functions(operations(plan.nearCurrent as Graph))).toBe(0);
  });

  test('as written, as many as the files have: what the algebra saves', () => {
    const { plan } = kindOf('apical of l5pc-hay', { mode: 'exact', order: 1, known, asWritten: true });
    const counts = operations(plan.state);
    expect(counts.exp).toBeGreaterThanOrEqual(27);
    expect(counts.div).toBeGreaterThanOrEqual(80);
    expect(plan.near).toBeUndefined();
  });
});
