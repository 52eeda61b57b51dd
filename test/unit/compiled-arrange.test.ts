/** Circuits in the order of compiled code: nothing is lost, and everything of a kind is in one piece. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrangeCircuit } from '../../src/solver/compiled/index.ts';
import { circuits } from '../fixtures/random-circuit.ts';

test('every node and every instance has a place of its own, and comes back from it', () => {
  fc.assert(
    fc.property(circuits(30), (circuit) => {
      const { nodes, instances, circuit: arranged } = arrangeCircuit(circuit);
      const all = [{ ...nodes, length: circuit.nodes }].concat(
        circuit.mechanisms.map((placement, m) => {
          const permutation = instances[m] as (typeof instances)[number];
          return { ...permutation, length: placement.nodes.length };
        }),
      );
      for (const { to, from, length } of all) {
        expect(to.length).toBe(length);
        expect(new Set(to).size).toBe(length);
        for (const [old, place] of to.entries()) expect(from[place]).toBe(old);
      }
      for (const [m, placement] of circuit.mechanisms.entries()) {
        for (const [old, node] of placement.nodes.entries()) {
          const place = instances[m]?.to[old] as number;
          expect(arranged.mechanisms[m]?.nodes[place]).toBe(nodes.to[node]);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a kind is whole vectors of compartments, and each of its mechanisms is contiguous on them', () => {
  fc.assert(
    fc.property(circuits(30), (circuit) => {
      const { kinds, circuit: arranged } = arrangeCircuit(circuit);
      let next = 0;
      for (const { start, count, slots } of kinds) {
        expect(start).toBe(next);
        next += count;
        if (slots.length > 0) expect(count % 4).toBe(0);
        for (const { mechanism, first } of slots) {
          expect(first % 4).toBe(0);
          const nodes = arranged.mechanisms[mechanism]?.nodes.subarray(first, first + count);
          expect([...(nodes ?? [])]).toEqual(Array.from({ length: count }, (_, k) => start + k));
        }
      }
      expect(next).toBe(arranged.nodes);
    }),
    { numRuns: 60 },
  );
});

test('the tree is the same, and what pads a kind hangs on nothing', () => {
  fc.assert(
    fc.property(circuits(30), (circuit) => {
      const { nodes, circuit: arranged } = arrangeCircuit(circuit);
      for (let place = 0; place < arranged.nodes; place++) {
        const old = nodes.from[place] as number;
        const isCopy = nodes.to[old] !== place;
        const above = circuit.parent[old] as number;
        expect(arranged.parent[place]).toBe(isCopy || above < 0 ? -1 : nodes.to[above]);
        expect(arranged.axialA[place]).toBe(isCopy ? 0 : circuit.axialA[old]);
        expect(arranged.area[place]).toBe(circuit.area[old]);
      }
    }),
    { numRuns: 60 },
  );
});
