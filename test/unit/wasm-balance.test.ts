/** Sums in halves against the sums as they were, on whole numbers, which no order of additions rounds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argumentsOf, type Graph, type GraphNode, type NodeId } from '../../src/kernel/wasm/graph.ts';
import { interpretStores } from '../../src/kernel/wasm/plan/index.ts';
import { balanced } from '../../src/kernel/wasm/tables/balance.ts';
import { libmNamed } from '../../src/libm/index.ts';

const LIBM = libmNamed('glibc');
const COLUMNS = 6;

type Step = { readonly op: 'add' | 'sub' | 'mul' | 'fma' | 'neg'; readonly from: readonly [number, number, number] };

const steps = fc.array(
  fc.record({
    op: fc.constantFrom('add', 'sub', 'fma', 'add', 'fma', 'mul', 'neg'),
    from: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  }),
  { minLength: 1, maxLength: 30 },
) as fc.Arbitrary<Step[]>;

/** A graph whose steps mostly follow from the last one, so that sums are long. */
function graphOf(list: readonly Step[]): Graph {
  const nodes: GraphNode[] = Array.from({ length: COLUMNS }, (_, column) => ({ op: 'load', column }));
  for (const { op, from } of list) {
    const last = nodes.length - 1;
    const [a, b, c] = from.map((one) => (one % 3 === 0 ? last : one % nodes.length)) as [NodeId, NodeId, NodeId];
    if (op === 'neg') nodes.push({ op, a });
    else if (op === 'fma') nodes.push({ op, a: a % COLUMNS, b: b % COLUMNS, c });
    else if (op === 'mul') nodes.push({ op, a: a % COLUMNS, b: b % COLUMNS });
    else nodes.push({ op, a, b });
  }
  const ends = [nodes.length - 1, Math.floor((nodes.length + COLUMNS) / 2)].filter((id) => id < nodes.length);
  return { nodes, stores: ends.map((value, k) => ({ column: COLUMNS + k, value })) };
}

test('sums are what they were', () => {
  const value = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(steps, fc.array(value, { minLength: COLUMNS, maxLength: COLUMNS }), (list, loaded) => {
      const graph = graphOf(list);
      const access = { column: (k: number) => loaded[k] as number, uniform: () => Number.NaN };
      const expected = interpretStores(graph, access, LIBM);
      // A whole number above 2^53 would round; 0 may have either sign.
      fc.pre([...expected.values()].every((one) => Math.abs(one) < 2 ** 40));
      const found = interpretStores(balanced(graph), access, LIBM);
      for (const [column, one] of expected) expect((found.get(column) as number) + 0).toBe(one + 0);
    }),
    { numRuns: 2000 },
  );
});

/** Sums and products that have to follow each other. */
function depthOf({ nodes, stores }: Graph): number {
  const depth = (id: NodeId): number => {
    const before = argumentsOf(nodes[id] as GraphNode).map(depth);
    return before.length === 0 ? 0 : 1 + Math.max(...before);
  };
  return Math.max(...stores.map(({ value }) => depth(value)));
}

test('a sum of many terms waits for half of them', () => {
  const chain = (count: number): Graph => {
    const nodes: GraphNode[] = Array.from({ length: COLUMNS }, (_, column) => ({ op: 'load', column }));
    nodes.push({ op: 'mul', a: 0, b: 1 });
    for (let k = 1; k < count; k++)
      nodes.push({ op: 'fma', a: k % COLUMNS, b: (3 * k) % COLUMNS, c: nodes.length - 1 });
    return { nodes, stores: [{ column: COLUMNS, value: nodes.length - 1 }] };
  };
  for (const count of [4, 8, 13]) {
    expect(depthOf(chain(count))).toBe(count);
    expect(depthOf(balanced(chain(count)))).toBe(Math.ceil(count / 2) + 1);
  }
});
