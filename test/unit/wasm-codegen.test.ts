/** Passes as WebAssembly against the scalar interpreter of graphs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CodeOptions,
  type CompartmentPlan,
  compileKinds,
  type Graph,
  type GraphNode,
  type PlacedKind,
  probeFeatures,
  staticBytes,
} from '../../src/kernel/wasm/index.ts';
import { interpretStores } from '../../src/kernel/wasm/plan/index.ts';
import { libmNamed } from '../../src/libm/index.ts';
import { COLUMNS, graphs, numbers, planOf, UNIFORMS } from '../fixtures/random-graph.ts';

const LIBM = libmNamed('glibc');
const FEATURES = probeFeatures();
const COUNT = 8;

/** Plans in a memory of their own, uniforms and columns one after the other. */
function place(plans: readonly CompartmentPlan[], options: Partial<CodeOptions> = {}, columnsEach = COLUMNS) {
  const room = Math.ceil(staticBytes(plans) / 16) * 16;
  const memory = new WebAssembly.Memory({ initial: 4 });
  const perKind = 8 * (UNIFORMS + 1 + COUNT * columnsEach);
  const kinds = plans.map((plan, k): PlacedKind => {
    const start = room + perKind * k;
    const first = start + 8 * (UNIFORMS + 1);
    return {
      plan,
      uniforms: start,
      count: COUNT,
      columns: Array.from({ length: columnsEach }, (_, c) => first + 8 * COUNT * c),
    };
  });
  const compiled = compileKinds(kinds, { statics: 0, features: FEATURES, ...options });
  expect(8 * compiled.statics.length).toBeLessThanOrEqual(room);
  const views = kinds.map(({ uniforms, columns }) => ({
    uniforms: new Float64Array(memory.buffer, uniforms, UNIFORMS),
    columns: columns.map((address) => new Float64Array(memory.buffer, address, COUNT)),
  }));
  return { passes: compiled.instantiate(memory), views };
}

type View = ReturnType<typeof place>['views'][number];

function fill(view: View, given: readonly number[]): void {
  view.uniforms.set(given.slice(0, UNIFORMS));
  for (const [c, column] of view.columns.entries())
    column.set(given.slice(UNIFORMS + COUNT * c, UNIFORMS + COUNT * (c + 1)));
}

/** Every column after a pass over what the view holds, as the interpreter has it. */
function expected(graph: Graph, view: View): number[][] {
  const columns = view.columns.map((column) => [...column]);
  for (let k = 0; k < COUNT; k++) {
    const access = {
      column: (index: number) => view.columns[index]?.[k] ?? 0,
      uniform: (index: number) => view.uniforms[index] ?? 0,
    };
    for (const [column, value] of interpretStores(graph, access, LIBM)) (columns[column] as number[])[k] = value;
  }
  return columns;
}

const held = (view: View): number[][] => view.columns.map((column) => [...column]);

const variants: { name: string; options: Partial<CodeOptions> }[] = [
  { name: 'four compartments a round', options: {} },
  { name: 'two compartments a round', options: { lanes: 2 } },
  { name: 'four in halves that can be joined', options: { pairable: true } },
];

describe('without contraction, a pass has the bits of the interpreter', () => {
  test.each(variants)('$name', ({ options }) => {
    fc.assert(
      fc.property(graphs, graphs, numbers(UNIFORMS + COUNT * COLUMNS), (current, state, given) => {
        const { passes, views } = place([planOf(current), planOf(current, state)], options);
        for (const view of views) fill(view, given);
        const [, view] = views as [View, View];
        const afterCurrent = expected(current, view);
        passes[1]?.current();
        expect(held(view)).toEqual(afterCurrent);
        const afterState = expected(state, view);
        passes[1]?.state();
        expect(held(view)).toEqual(afterState);
      }),
      { numRuns: 150 },
    );
  });
});

test('kinds of one module keep to their own columns', () => {
  const add = (value: number): Graph => ({
    nodes: [
      { op: 'load', column: 0 },
      { op: 'constant', value },
      { op: 'add', a: 0, b: 1 },
    ],
    stores: [{ column: 0, value: 2 }],
  });
  const { passes, views } = place([planOf(add(1), add(10)), planOf(add(100), add(1000))]);
  passes[0]?.current();
  passes[0]?.state();
  passes[1]?.current();
  expect(views.map(({ columns }) => [...(columns[0] ?? [])])).toEqual([Array(COUNT).fill(11), Array(COUNT).fill(100)]);
});

test('columns that swap their contents do so at once', () => {
  const swap: Graph = {
    nodes: [
      { op: 'load', column: 0 },
      { op: 'load', column: 1 },
    ],
    stores: [
      { column: 0, value: 1 },
      { column: 1, value: 0 },
    ],
  };
  const { passes, views } = place([planOf(swap)]);
  const view = views[0] as View;
  view.columns[0]?.fill(1);
  view.columns[1]?.fill(2);
  passes[0]?.current();
  expect([view.columns[0]?.[3], view.columns[1]?.[3]]).toEqual([2, 1]);
});

test('expm1 is that of the functions', () => {
  const graph: Graph = {
    nodes: [
      { op: 'load', column: 0 },
      { op: 'expm1', a: 0 },
    ],
    stores: [{ column: 1, value: 1 }],
  };
  const { passes, views } = place([planOf(graph)]);
  const view = views[0] as View;
  const given = [1e-9, -1e-3, 0.1, -0.3, 1, -5, 30, -600];
  view.columns[0]?.set(given);
  passes[0]?.current();
  for (const [k, x] of given.entries()) {
    expect(Math.abs((view.columns[1]?.[k] as number) / Math.expm1(x) - 1)).toBeLessThanOrEqual(2 * Number.EPSILON);
  }
});

describe('a guarded pass', () => {
  const full: Graph = {
    nodes: [
      { op: 'load', column: 0 },
      { op: 'add', a: 0, b: 0 },
    ],
    stores: [{ column: 1, value: 1 }],
  };
  /** Where column 0 is below the uniform: the guard's own numbers are used again behind it, and overwritten. */
  const near = {
    nodes: [
      { op: 'load', column: 0 },
      { op: 'uniform', index: 0 },
      { op: 'sub', a: 0, b: 1 },
      { op: 'constant', value: 0 },
      { op: 'lt', a: 2, b: 3 },
      { op: 'load', column: 1 },
      { op: 'mul', a: 2, b: 5 },
    ],
    stores: [
      { column: 1, value: 6 },
      { column: 0, value: 2 },
    ],
    guard: 4,
  } as const;
  const plan: CompartmentPlan = { ...planOf(full, full), near, nearCurrent: near };

  test.each(variants)('does less only where the guard holds in all of a round, $name', ({ options }) => {
    const round = options.lanes ?? 4;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(1, 2, 3, 9), { minLength: COUNT, maxLength: COUNT }), (given) => {
        const { passes, views } = place([plan], options);
        const view = views[0] as View;
        const holds = given.map((_, k) => {
          const first = k - (k % round);
          return given.slice(first, first + round).every((x) => x < 9);
        });
        for (const name of ['nearState', 'nearCurrent'] as const) {
          view.uniforms[0] = 9;
          view.columns[0]?.set(given);
          view.columns[1]?.fill(7);
          passes[0]?.[name]();
          expect([...(view.columns[0] ?? [])]).toEqual(given.map((x, k) => (holds[k] ? x - 9 : x)));
          expect([...(view.columns[1] ?? [])]).toEqual(given.map((x, k) => (holds[k] ? 7 * (x - 9) : 2 * x)));
        }
      }),
    );
  });

  test('is the full one where a plan has no other', () => {
    const { passes, views } = place([planOf(full, full)]);
    const view = views[0] as View;
    view.columns[0]?.fill(4);
    passes[0]?.nearState();
    expect(view.columns[1]?.[0]).toBe(8);
    view.columns[0]?.fill(5);
    passes[0]?.nearCurrent();
    expect(view.columns[1]?.[0]).toBe(10);
  });
});

describe('contraction', () => {
  /** Products that are not doubles, and what rounding takes from them, as 21-bit numbers' products of 42 bits are not. */
  const x = 1 + 2 ** -30;
  const lost = 2 ** -60;
  const product: GraphNode[] = [
    { op: 'load', column: 0 },
    { op: 'load', column: 1 },
    { op: 'mul', a: 0, b: 0 },
  ];
  const forms: { name: string; nodes: GraphNode[]; sign: number }[] = [
    { name: 'a·b + c', nodes: [...product, { op: 'add', a: 2, b: 1 }], sign: 1 },
    { name: 'c + a·b', nodes: [...product, { op: 'add', a: 1, b: 2 }], sign: 1 },
    { name: 'fma', nodes: [...product, { op: 'fma', a: 0, b: 0, c: 1 }], sign: 1 },
    { name: '-c - a·b', nodes: [...product.slice(0, 3), { op: 'neg', a: 1 }, { op: 'sub', a: 3, b: 2 }], sign: -1 },
    {
      name: 'fma of -a',
      nodes: [...product.slice(0, 2), { op: 'neg', a: 1 }, { op: 'neg', a: 0 }, { op: 'fma', a: 3, b: 0, c: 2 }],
      sign: -1,
    },
  ];

  test.each(forms)('$name rounds once where the machine fuses, twice where it may not', ({ nodes, sign }) => {
    const graph: Graph = { nodes, stores: [{ column: 2, value: nodes.length - 1 }] };
    const run = (options: Partial<CodeOptions>): number | undefined => {
      const { passes, views } = place([planOf(graph)], options);
      views[0]?.columns[0]?.fill(x);
      views[0]?.columns[1]?.fill(-(x * x));
      passes[0]?.current();
      return views[0]?.columns[2]?.[5];
    };
    expect(Math.abs(run({}) ?? NaN)).toBe(0);
    expect(Math.abs(run({ contract: true, features: { relaxedMadd: false } }) ?? NaN)).toBe(0);
    const once = Math.abs(run({ contract: true }) ?? NaN);
    expect([0, lost]).toContain(once);
    if (once !== 0) expect(Math.sign(run({ contract: true }) ?? NaN)).toBe(sign);
  });
});

describe('a state that decays', () => {
  const forms: { name: string; nodes: GraphNode[] }[] = [
    { name: 'x·f', nodes: [{ op: 'mul', a: 0, b: 1 }] },
    { name: 'f·x', nodes: [{ op: 'mul', a: 1, b: 0 }] },
    {
      name: 'x + x·(f - 1)',
      nodes: [
        { op: 'constant', value: -1 },
        { op: 'add', a: 1, b: 2 },
        { op: 'fma', a: 0, b: 3, c: 0 },
      ],
    },
  ];

  test.each(forms)('never becomes subnormal, as $name', ({ nodes }) => {
    const all: GraphNode[] = [{ op: 'load', column: 0 }, { op: 'uniform', index: 0 }, ...nodes];
    const graph: Graph = { nodes: all, stores: [{ column: 0, value: all.length - 1 }] };
    const run = (contract: boolean, factor: number, given: readonly number[]): number[] => {
      const { passes, views } = place([planOf(graph)], { contract });
      const view = views[0] as View;
      view.uniforms[0] = factor;
      view.columns[0]?.set(given);
      passes[0]?.current();
      const once = [...(view.columns[0] ?? [])];
      for (let step = 0; step < 2000; step++) passes[0]?.current();
      return [...once, ...(view.columns[0] ?? [])];
    };
    const given = [1, -1, 1e-99, -1e-99, 1e-101, -1e-101, 5e-324, Number.NaN];
    const [kept, plain] = [run(true, 0.5, given), run(false, 0.5, given)];
    for (const k of given.keys()) {
      if (Number.isNaN(given[k])) expect([kept[k], kept[k + given.length]]).toEqual([Number.NaN, Number.NaN]);
      else {
        expect(Math.abs((kept[k] as number) - (plain[k] as number))).toBeLessThanOrEqual(1.01e-100);
        expect(Math.abs(kept[k + given.length] as number)).toBeGreaterThan(1e-100);
        expect(Math.abs(kept[k + given.length] as number)).toBeLessThan(1e-99);
      }
    }
    expect(plain.slice(0, 2)).toEqual([0.5, -0.5]);
    // Without it they do, or are gone.
    for (const k of [0, 1]) expect(Math.abs(plain[k + given.length] as number)).toBeLessThanOrEqual(Number.MIN_VALUE);
  });
});

test('calls of other functions are refused: they belong in the prologue', () => {
  const graph: Graph = {
    nodes: [
      { op: 'load', column: 0 },
      { op: 'call', function: 'sin', arguments: [0] },
    ],
    stores: [{ column: 0, value: 1 }],
  };
  expect(() => place([planOf(graph)])).toThrow(/sin/);
});
