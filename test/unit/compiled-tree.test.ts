/** The compiled solve against elimination in NEURON's order, on random trees. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createArena } from '../../src/solver/compiled/arena.ts';
import { createCompiledTree } from '../../src/solver/compiled/tree-code.ts';
import { eliminationPairs, hungInTheMiddle, withoutTips } from '../../src/solver/compiled/tree-order.ts';
import { assembleAxial, solveTree } from '../../src/solver/tree.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

interface Node {
  /** Chooses the parent among those before, or none. */
  readonly above: number;
  readonly a: number;
  readonly b: number;
  readonly bare: boolean;
  readonly v: number;
  readonly current: number;
  readonly conductance: number;
}

const node: fc.Arbitrary<Node> = fc.record({
  above: fc.nat(1000),
  a: number(-5, -0.01),
  b: number(-5, -0.01),
  bare: fc.boolean(),
  v: number(-90, 40),
  current: number(-3, 3),
  conductance: number(0, 2),
});

/** One or two trees; the roots come first, and have membrane. */
const trees = fc
  .record({ roots: fc.integer({ min: 1, max: 2 }), nodes: fc.array(node, { minLength: 2, maxLength: 40 }) })
  .map(({ roots, nodes }) => {
    const isRoot = (k: number): boolean => k < roots;
    const parent = Int32Array.from(nodes, ({ above }, k) => (isRoot(k) ? -1 : above % k));
    const column = (of: (node: Node, k: number) => number): Float64Array => Float64Array.from(nodes, of);
    const bare = nodes.map((one, k) => one.bare && !isRoot(k));
    const likeAbove = (value: (node: Node) => number) => (one: Node, k: number) => (bare[k] ? 0 : value(one));
    const v = column((one) => one.v);
    // What has no membrane has had its neighbours' potential since the start; here, a tip has its parent's.
    for (const k of parent.keys()) if (bare[k]) v[k] = v[parent[k] as number] as number;
    return {
      count: nodes.length,
      roots,
      parent,
      bare,
      v,
      a: column((one, k) => (isRoot(k) ? 0 : one.a)),
      b: column((one, k) => (isRoot(k) ? 0 : one.b)),
      rhs: column(likeAbove((one) => one.current)),
      d: column(likeAbove((one) => one.conductance)),
      capacitance: column(likeAbove(() => 0.5)),
    };
  });

test.each([1, 2] as const)(
  'order %d: the potentials that elimination from the last node to the first gives',
  (order) => {
    fc.assert(
      fc.property(trees, fc.boolean(), ({ count, roots, parent, bare, v, a, b, rhs, d, capacitance }, fused) => {
        const tree = { nodes: count, parent, a, b };
        const solution = rhs.slice();
        const diagonal = d.map((slope, k) => slope + (capacitance[k] as number));
        assembleAxial(tree, v, solution, diagonal, roots);
        solveTree(tree, solution, diagonal, roots);

        const arena = createArena(4000);
        const moved = arena.numbers(count + 2).subarray(0, count);
        moved.set(v);
        const seen = arena.numbers(count);
        const half = arena.copy(rhs);
        const compiled = createCompiledTree({
          circuit: { nodes: count, parent, axialA: a, axialB: b },
          capacitance,
          v: moved,
          rhs: half,
          d: arena.copy(d),
          places: Int32Array.from(parent.keys()),
          seen,
          arena,
          order,
          real: () => true,
          follows: (one) => bare[one] === true,
          fused,
          base: -70,
        });
        expect(compiled.eliminate()).toBe(true);
        compiled.substitute();
        compiled.publish();
        for (const [k, change] of solution.entries()) {
          expect(seen[k]).toBeCloseTo((v[k] as number) + order * change, 9);
          if (order === 2 && !bare[k]) expect(half[k]).toBeCloseTo(change, 9);
        }
      }),
      { numRuns: 60 },
    );
  },
);

test('a potential that is not a number is found at the root', () => {
  const arena = createArena(4000);
  const column = (...values: number[]) => arena.copy(Float64Array.from(values));
  const tree = createCompiledTree({
    circuit: {
      nodes: 3,
      parent: Int32Array.of(-1, 0, 1),
      axialA: Float64Array.of(0, -1, -1),
      axialB: Float64Array.of(0, -1, -1),
    },
    capacitance: Float64Array.of(1, 1, 1),
    v: column(-65, -65, -65, 0, 0).subarray(0, 3),
    rhs: column(0, 0, Number.NaN),
    d: column(0, 0, 0),
    places: Int32Array.of(0, 1, 2),
    seen: column(0, 0, 0),
    arena,
    order: 1,
    real: () => true,
    follows: () => false,
    fused: false,
    base: 0,
  });
  expect(tree.eliminate()).toBe(false);
});

test('pairs hold all nodes but the roots once, children first, and never a node with what it hangs on', () => {
  fc.assert(
    fc.property(trees, ({ count, parent: given, bare }) => {
      const like = withoutTips({ nodes: count, parent: given }, (one) => bare[one] === true);
      const taken = (one: number): boolean => like[one] === one;
      const hung = given.map((above, one) => (taken(one) ? above : -1));
      const { parent } = hungInTheMiddle({ nodes: count, parent: hung });
      const done = new Set<number>();
      for (const pair of eliminationPairs({ nodes: count, parent }, taken)) {
        const members = pair.filter((one) => one >= 0);
        for (const one of members) {
          expect(taken(one) && !done.has(one)).toBe(true);
          expect(members).not.toContain(parent[one]);
          for (const [child, above] of parent.entries())
            if (above === one && taken(child)) expect(done).toContain(child);
        }
        for (const one of members) done.add(one);
      }
      const roots = [...parent.keys()].filter((one) => taken(one) && parent[one] === -1);
      expect(done.size + roots.length).toBe([...parent.keys()].filter(taken).length);
    }),
    { numRuns: 60 },
  );
});

test('hung in its middle, a chain is half as deep', () => {
  const { parent } = hungInTheMiddle({ nodes: 9, parent: Int32Array.of(-1, 0, 1, 2, 3, 4, 5, 6, 7) });
  expect([...parent]).toEqual([1, 2, 3, 4, -1, 4, 5, 6, 7]);
});
