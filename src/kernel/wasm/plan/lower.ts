/** Normal forms as operations: products with shared powers, sums by Horner's rule, one reciprocal for each denominator. */
import type { NodeId } from '../graph.ts';
import type { Algebra } from './algebra.ts';
import { type AtomId, type Term, without } from './terms.ts';

export function lowerProduct(algebra: Algebra, { factor, powers }: Term): NodeId {
  const { values } = algebra;
  const parts: NodeId[] = [];
  for (const [atom, power] of powers) {
    const value = algebra.lowerAtom(atom);
    const part = raised(algebra, value, Math.abs(power));
    parts.push(power < 0 ? values.div(values.constant(1), part) : part);
  }
  const product = parts.length === 0 ? null : parts.reduce((left, right) => values.mul(left, right));
  if (product === null) return factor;
  return values.mul(factor, product);
}

/** x to a whole power from 1; x¹⁰ is the square of x⁵, which may be needed too. */
function raised(algebra: Algebra, x: NodeId, power: number): NodeId {
  const { values } = algebra;
  if (power <= 1) return power === 1 ? x : values.constant(1);
  if (power % 2 === 1) return values.mul(raised(algebra, x, power - 1), x);
  const half = raised(algebra, x, power / 2);
  return values.mul(half, half);
}

/** The atom that most terms share is taken out of them, again and again. */
export function lowerSum(algebra: Algebra, terms: readonly Term[]): NodeId {
  const { values } = algebra;
  const [first] = terms;
  if (first === undefined) return values.constant(0);
  if (terms.length === 1) return lowerProduct(algebra, first);
  const shared = mostShared(terms);
  if (shared === null) return plainSum(algebra, terms);
  const power = Math.min(...terms.flatMap(({ powers }) => powers.get(shared) ?? []));
  const having = terms.filter(({ powers }) => powers.has(shared));
  const rest = terms.filter(({ powers }) => !powers.has(shared));
  const inner = having.map(({ factor, powers }): Term => {
    const left = (powers.get(shared) ?? 0) - power;
    return { factor, powers: left === 0 ? without(powers, shared) : new Map([...powers, [shared, left]]) };
  });
  const product = values.mul(raised(algebra, algebra.lowerAtom(shared), power), lowerSum(algebra, inner));
  return rest.length === 0 ? product : values.add(lowerSum(algebra, rest), product);
}

/** Numbers that belong to v are added to it first, so that v + c is exact near -c. */
function plainSum(algebra: Algebra, terms: readonly Term[]): NodeId {
  const { values } = algebra;
  const order = ({ powers }: Term): number => (powers.has(algebra.terms.v) ? 0 : powers.size === 0 ? 1 : 2);
  const sorted = [...terms].sort((a, b) => order(a) - order(b));
  return sorted.map((term) => lowerProduct(algebra, term)).reduce((left, right) => values.add(left, right));
}

/** The atom of positive powers that most terms have; null where no two terms share one. */
function mostShared(terms: readonly Term[]): AtomId | null {
  const counts = new Map<AtomId, number>();
  for (const { powers } of terms) {
    for (const [atom, power] of powers) if (power > 0) counts.set(atom, (counts.get(atom) ?? 0) + 1);
  }
  let best: AtomId | null = null;
  for (const [atom, count] of counts)
    if (count > 1 && count > (best === null ? 1 : (counts.get(best) ?? 0))) best = atom;
  return best;
}
