/** The range of a value that depends on the potential alone. */
import { libmNamed } from '../../../libm/index.ts';
import type { NodeId } from '../graph.ts';
import { applyBinary, applyCall, applyUnary } from './arithmetic.ts';
import type { Values } from './values.ts';

const LIBM = libmNamed('native');
/** Between the ends of the range. */
const POINTS = 128;

export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Null where the value depends on more, or is not a number somewhere. */
export function createSampler(values: Values, range: Span): (id: NodeId) => Span | null {
  const v = values.column({ kind: 'v' }, true);
  // Not at round numbers, where rates are 0/0; the ends too, where most functions have their largest values.
  const span = range.high - range.low;
  const points = [1e-6, 1 - 1e-6, ...Array.from({ length: POINTS }, (_, k) => (k + 0.4137) / POINTS)].map(
    (part) => range.low + span * part,
  );
  const known = new Map<NodeId, readonly number[] | null>();

  function sampled(id: NodeId): readonly number[] | null {
    const before = known.get(id);
    if (before !== undefined) return before;
    const found = id === v ? points : compute(id);
    known.set(id, found);
    return found;
  }

  function compute(id: NodeId): readonly number[] | null {
    const node = values.node(id);
    const each = (ids: readonly NodeId[], of: (...x: number[]) => number): readonly number[] | null => {
      const lists = ids.map(sampled);
      if (!lists.every((list) => list !== null)) return null;
      return points.map((_, k) => of(...lists.map((list) => list[k] as number)));
    };
    switch (node.op) {
      case 'constant':
        return points.map(() => node.value);
      case 'uniform':
      case 'load':
        return null;
      case 'fma':
        return each([node.a, node.b, node.c], (a = 0, b = 0, c = 0) => a * b + c);
      case 'select':
        return each([node.mask, node.a, node.b], (mask = 0, a = 0, b = 0) => (mask !== 0 ? a : b));
      case 'call':
        return each(node.arguments, (...given) => applyCall(node.function, given, LIBM));
      default:
        if ('b' in node) return each([node.a, node.b], (a = 0, b = 0) => applyBinary(node.op, a, b, LIBM));
        return each([node.a], (a = 0) => applyUnary(node.op, a, LIBM));
    }
  }

  return (id) => {
    const list = sampled(id);
    if (list === null || !list.every(Number.isFinite)) return null;
    return { low: Math.min(...list), high: Math.max(...list) };
  };
}
