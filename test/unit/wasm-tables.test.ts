/** Tables of mode fast against the plans that they are made of, as the scalar interpreter computes them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KernelProgram } from '../../src/kernel/index.ts';
import type { CompartmentPlan } from '../../src/kernel/wasm/graph.ts';
import { interpretStores, planCompartment } from '../../src/kernel/wasm/plan/index.ts';
import { type Grid, intervalsOf } from '../../src/kernel/wasm/tables/grid.ts';
import { type Entry, type Table, tabulate } from '../../src/kernel/wasm/tables/tables.ts';
import { libmNamed } from '../../src/libm/index.ts';
import { compile } from '../../src/nmodl/index.ts';

const LIBM = libmNamed('glibc');
const KNOWN = { dt: 0.025, celsius: 34 };

/** A channel with one gate m, of which `rates` sets mInf and mTau. */
function gate(rates: string): KernelProgram {
  const text = `NEURON { SUFFIX chan NONSPECIFIC_CURRENT i RANGE g, shift }
PARAMETER { g = .001 shift = 0 }
ASSIGNED { v i mInf mTau }
STATE { m }
BREAKPOINT { SOLVE states METHOD cnexp i = g*m*(v + 80) }
DERIVATIVE states { rates() m' = (mInf - m)/mTau }
INITIAL { rates() m = mInf }
PROCEDURE rates() { ${rates} }`;
  return compile({ file: 'chan.mod', text }).program as KernelProgram;
}

const SMOOTH = 'mInf = 1/(1 + exp(-(v + 38)/7)) mTau = 0.5 + 20/(exp((v + 40)/10) + exp(-(v + 60)/12))';

const planOf = (program: KernelProgram): CompartmentPlan =>
  planCompartment([{ program, index: 0 }], [], {
    mode: 'exact',
    order: 1,
    known: { ...KNOWN, global: () => null, field: () => null },
  });

const columnOf = ({ columns }: CompartmentPlan, field: string): number =>
  columns.findIndex((source) => source.kind === 'field' && source.field === field);

/** What a table gives for a variable and what a column holds. */
function lookUp({ grid, entries }: Table, column: number, variable: number, x: number): number {
  const { fitted, moves } = entries.find((entry) => entry.column === column) as Entry;
  const { interval, u } = placeIn(grid, variable);
  const cubic = (c: Float64Array): number =>
    [3, 2, 1, 0].reduce((sum, power) => sum * u + (c[4 * interval + power] as number), 0);
  const w = typeof fitted.w === 'number' ? fitted.w : cubic(fitted.w);
  return moves ? x + (cubic(fitted.a) - w * x) : cubic(fitted.a);
}

function placeIn(grid: Grid, variable: number): { interval: number; u: number } {
  if (grid.kind !== 'linear') throw new RangeError('not of a potential');
  const at = (variable - grid.low) / grid.width;
  const interval = Math.min(intervalsOf(grid) - 1, Math.floor(at));
  return { interval, u: at - interval - 0.5 };
}

test('a gate moves as its plan has it, within the error that is asked for', () => {
  const plan = planOf(gate(SMOOTH));
  const column = columnOf(plan, 'm');
  fc.assert(
    fc.property(
      fc.double({ min: -119, max: 69, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(1e-5, 1e-7, 1e-9),
      (v, x, tolerance) => {
        const { tables } = tabulate(plan, { tolerance, uniforms: [] });
        const table = tables.find(({ entries }) => entries.some((entry) => entry.column === column)) as Table;
        const exact = (held: number): number => {
          const access = { column: (k: number) => (k === column ? held : v), uniform: () => Number.NaN };
          return interpretStores(plan.state, access, LIBM).get(column) as number;
        };
        const a = exact(0);
        const w = 1 - (exact(1) - a);
        const error = Math.abs(lookUp(table, column, v, x) - exact(x));
        // Errors are found at the places where a cubic's are largest, but for what its shape is not quite.
        expect(error).toBeLessThanOrEqual(1.5 * tolerance * (a + 1e-6 * w + w * x) + 1e-15);
      },
    ),
    { numRuns: 300 },
  );
});

test('a finer table is made for a smaller error', () => {
  const plan = planOf(gate(SMOOTH));
  const [coarse, fine] = [1e-5, 1e-9].map(
    (tolerance) => tabulate(plan, { tolerance, uniforms: [] }).tables[0] as Table,
  );
  expect(intervalsOf((fine as Table).grid)).toBeGreaterThan(intervalsOf((coarse as Table).grid));
});

const left = (plan: CompartmentPlan, tolerance = 1e-8): boolean => {
  const { plan: rest, tables } = tabulate(plan, { tolerance, uniforms: [] });
  const column = columnOf(plan, 'm');
  const stays = rest.state.stores.some((store) => store.column === column);
  expect(tables.some(({ entries }) => entries.some((entry) => entry.column === column))).toBe(!stays);
  return stays;
};

test('what no table gives stays as it was', () => {
  expect(left(planOf(gate(SMOOTH)))).toBe(false);
  // Rates may jump where intervals meet, not elsewhere.
  const jump = (at: number): string => `${SMOOTH} if (v < ${at}) { mTau = 2*mTau }`;
  expect(left(planOf(gate(jump(-50))))).toBe(false);
  expect(left(planOf(gate(jump(-50.3))))).toBe(true);
  // Of more than the potential.
  expect(left(planOf(gate(SMOOTH.replaceAll('v +', 'v + shift +'))))).toBe(true);
  // Not linear in itself.
  expect(left(planOf(gate(`${SMOOTH} mTau = mTau*(1 + m)`)))).toBe(true);
  // No table is so good.
  expect(left(planOf(gate(SMOOTH)), 1e-18)).toBe(true);
});
