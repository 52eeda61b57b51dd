/**
 * States that only decay between events, like a synapse's. Left alone they become subnormal numbers, on which arithmetic
 * costs up to 60 times; no sum with anything a cell has could tell such a number from 0.
 */
import type { Part, VectorWriter } from '../functions/index.ts';
import type { Graph } from '../graph.ts';

const NOTHING = 1e-100;

/** Whether a store multiplies what its column holds: x·f, or x + x·f as exponential Euler has it. */
export function isDecay({ nodes }: Graph, store: Graph['stores'][number]): boolean {
  const isHeld = (id: number): boolean => {
    const node = nodes[id];
    return node?.op === 'load' && node.column === store.column;
  };
  const value = nodes[store.value];
  if (value?.op === 'mul') return isHeld(value.a) || isHeld(value.b);
  return value?.op === 'fma' && isHeld(value.c) && (isHeld(value.a) || isHeld(value.b));
}

/** 0 instead of what is smaller than anything; NaN stays. */
export function withoutTraces(w: VectorWriter, part: Part): Part {
  const traces = w.apply('f64x2.lt', w.apply('f64x2.abs', part), w.constant(NOTHING));
  return w.apply('v128.andnot', part, traces);
}
