/**
 * Values as products: a factor that no step changes times atoms to whole powers. A sum of products is an atom of its own,
 * in one form whatever order it was written in, so that what cancels is seen to cancel and quotients need one division.
 */
import type { NodeId } from '../graph.ts';
import type { Values } from './values.ts';

/** Number of an atom in `Terms`. */
export type AtomId = number;

export interface Term {
  /** A node without anything that varies. */
  readonly factor: NodeId;
  /** Never 0. */
  readonly powers: ReadonlyMap<AtomId, number>;
}

export type Atom =
  /** A value that is not taken apart. */
  | { readonly kind: 'node'; readonly node: NodeId }
  /** A nudge: a small number or 0, by compartment. */
  | { readonly kind: 'nudge'; readonly node: NodeId }
  /** exp(slope·(v + offset)). */
  | { readonly kind: 'base'; readonly slope: number; readonly offset: number }
  /** v plus numbers and nudges where `affine`. */
  | { readonly kind: 'sum'; readonly terms: readonly Term[]; readonly affine: boolean };

const NONE: ReadonlyMap<AtomId, number> = new Map();

/** Denominators that a sum is brought to a common one for. */
const MOST_DENOMINATORS = 3;

/** Factors beyond 10 to this power, or below its inverse, stay where they are: other terms would overflow. */
const MOST_DIGITS = 12;

export class Terms {
  readonly values: Values;
  /** The atom of the potential. */
  readonly v: AtomId;
  readonly #atoms: Atom[] = [];
  readonly #known = new Map<string, AtomId>();

  constructor(values: Values) {
    this.values = values;
    this.v = this.atom({ kind: 'node', node: values.column({ kind: 'v' }, true) });
  }

  at(id: AtomId): Atom {
    return this.#atoms[id] as Atom;
  }

  atom(atom: Atom): AtomId {
    const key = atom.kind === 'sum' ? `sum ${atom.terms.map(keyOf).join(' + ')}` : JSON.stringify(atom);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#atoms.push(atom) - 1;
    this.#known.set(key, id);
    return id;
  }

  constant(value: number): Term {
    return { factor: this.values.constant(value), powers: NONE };
  }

  /** A node without anything that varies. */
  invariant(factor: NodeId): Term {
    return { factor, powers: NONE };
  }

  of(atom: AtomId, power = 1): Term {
    return { factor: this.values.constant(1), powers: new Map([[atom, power]]) };
  }

  number({ factor, powers }: Term): number | null {
    return powers.size > 0 ? null : this.values.number(factor);
  }

  isZero({ factor }: Term): boolean {
    return this.values.number(factor) === 0;
  }

  multiply(a: Term, b: Term): Term {
    const factor = this.#times(a.factor, b.factor);
    if (this.values.number(factor) === 0) return this.constant(0);
    return { factor, powers: joined(a.powers, b.powers, 1) };
  }

  invert({ factor, powers }: Term): Term {
    return {
      factor: this.#over(this.values.constant(1), factor),
      powers: new Map([...powers].map(([atom, power]) => [atom, -power])),
    };
  }

  divide(a: Term, b: Term): Term {
    const factor = this.#over(a.factor, b.factor);
    if (this.values.number(factor) === 0) return this.constant(0);
    return { factor, powers: joined(a.powers, b.powers, -1) };
  }

  negate(a: Term): Term {
    return { ...a, factor: this.#times(this.values.constant(-1), a.factor) };
  }

  scale(a: Term, by: NodeId): Term {
    return { ...a, factor: this.#times(a.factor, by) };
  }

  power(a: Term, exponent: number): Term {
    let result = this.constant(1);
    for (let k = 0; k < Math.abs(exponent); k++) result = this.multiply(result, a);
    return exponent < 0 ? this.invert(result) : result;
  }

  /** The sum, as one product; null where its parts have too many denominators to be brought to one. */
  add(parts: readonly Term[]): Term | null {
    const given = this.#flattened(parts).filter((part) => !this.isZero(part));
    const common = this.#common(given);
    if ([...common.values()].filter((power) => power < 0).length > MOST_DENOMINATORS) return null;
    const shared: Term = { factor: this.values.constant(1), powers: common };
    const collected = this.#collected(this.#flattened(given.map((part) => this.divide(part, shared))));
    if (collected.length === 0) return this.constant(0);
    const [first] = collected;
    if (collected.length === 1 && first !== undefined) return this.multiply(shared, first);
    const again = this.#common(collected);
    // What is left may have a factor in common that was hidden in sums.
    const inner: Term = { factor: this.values.constant(1), powers: again };
    const terms = again.size === 0 ? collected : collected.map((part) => this.divide(part, inner));
    const { scale, sum } = this.#sum(terms);
    return this.scale(this.multiply(this.multiply(shared, inner), this.of(sum)), scale);
  }

  isAffine(atom: AtomId): boolean {
    const found = this.at(atom);
    return atom === this.v || (found.kind === 'sum' && found.affine);
  }

  /** The terms of an affine atom, v's among them. */
  termsOf(atom: AtomId): readonly Term[] {
    const found = this.at(atom);
    return found.kind === 'sum' ? found.terms : [this.of(atom)];
  }

  /** Takes sums apart that are parts of a sum; not v + c, unless everything is of that kind: rates vanish there. */
  #flattened(parts: readonly Term[]): Term[] {
    const affine = parts.every((part) => this.#isAffineTerm(part));
    return parts.flatMap((part) => {
      const sums = [...part.powers].filter(([atom]) => this.at(atom).kind === 'sum');
      const [only] = sums;
      if (sums.length !== 1 || only === undefined) return [part];
      const [atom, power] = only;
      const found = this.at(atom);
      if (power !== 1 || found.kind !== 'sum' || (found.affine && !affine)) return [part];
      const rest: Term = { factor: part.factor, powers: without(part.powers, atom) };
      return found.terms.map((term) => this.multiply(rest, term));
    });
  }

  #isAffineTerm({ powers }: Term): boolean {
    if (powers.size === 0) return true;
    const [entry] = powers;
    if (powers.size > 1 || entry === undefined || entry[1] !== 1) return false;
    return this.isAffine(entry[0]) || this.at(entry[0]).kind === 'nudge';
  }

  /** Powers that all parts have in common, denominators of any of them included. */
  #common(parts: readonly Term[]): Map<AtomId, number> {
    const common = new Map<AtomId, number>();
    for (const atom of new Set(parts.flatMap(({ powers }) => [...powers.keys()]))) {
      const least = Math.min(...parts.map(({ powers }) => powers.get(atom) ?? 0));
      if (least !== 0) common.set(atom, least);
    }
    return common;
  }

  #collected(parts: readonly Term[]): Term[] {
    const byPowers = new Map<string, Term>();
    for (const part of parts) {
      const key = powersKey(part.powers);
      const before = byPowers.get(key);
      const factor = before === undefined ? part.factor : this.#plus(before.factor, part.factor);
      byPowers.set(key, { factor, powers: part.powers });
    }
    return [...byPowers.values()].filter((part) => !this.isZero(part));
  }

  /** An atom whose leading factor is 1, where that one is a number. What all factors have in common is no part of it. */
  #sum(given: readonly Term[]): { scale: NodeId; sum: AtomId } {
    const parted = given.map((term) => ({ ...this.#parted(term.factor), powers: term.powers }));
    const [one] = parted;
    const common = one !== undefined && parted.every(({ rest }) => rest === one.rest) ? one.rest : null;
    const terms = [...given]
      .map((term, k) => (common === null ? term : { ...term, factor: this.values.constant(parted[k]?.number ?? 1) }))
      .sort((a, b) => (powersKey(a.powers) < powersKey(b.powers) ? -1 : 1));
    const affine = terms.every((term) => this.#isAffineTerm(term)) && terms.some(({ powers }) => powers.has(this.v));
    const leading =
      (affine ? terms.find(({ powers }) => powers.has(this.v)) : undefined) ??
      terms.find(({ powers }) => powers.size === 0) ??
      terms[0];
    const number = leading === undefined ? null : this.values.number(leading.factor);
    const moderate = number !== null && Math.abs(Math.log10(Math.abs(number))) < MOST_DIGITS;
    const scale = moderate ? number : 1;
    const inverse = this.values.constant(scale);
    const scaled = terms.map(({ factor, powers }) => ({ factor: this.#over(factor, inverse), powers }));
    const sum = this.atom({ kind: 'sum', terms: scaled, affine: affine && moderate });
    return { scale: this.#joined(scale, common), sum };
  }

  /** A factor as a number times what is none. */
  #parted(factor: NodeId): { readonly number: number; readonly rest: NodeId | null } {
    const { values } = this;
    const number = values.number(factor);
    if (number !== null) return { number, rest: null };
    const node = values.node(factor);
    if (node.op === 'neg') return { number: -1, rest: node.a };
    if (node.op !== 'mul') return { number: 1, rest: factor };
    const [first, second] = [values.number(node.a), values.number(node.b)];
    if (first !== null) return { number: first, rest: node.b };
    return second === null ? { number: 1, rest: factor } : { number: second, rest: node.a };
  }

  #joined(number: number, rest: NodeId | null): NodeId {
    const constant = this.values.constant(number);
    return rest === null ? constant : this.values.mul(constant, rest);
  }

  /** Numbers of a product of factors come together. */
  #times(a: NodeId, b: NodeId): NodeId {
    const [x, y] = [this.#parted(a), this.#parted(b)];
    const rest = x.rest === null ? y.rest : y.rest === null ? x.rest : this.values.mul(x.rest, y.rest);
    return this.#joined(x.number * y.number, rest);
  }

  #plus(a: NodeId, b: NodeId): NodeId {
    const [x, y] = [this.#parted(a), this.#parted(b)];
    return x.rest === y.rest ? this.#joined(x.number + y.number, x.rest) : this.values.add(a, b);
  }

  #over(a: NodeId, b: NodeId): NodeId {
    const [x, y] = [this.#parted(a), this.#parted(b)];
    if (y.rest === null) return this.#joined(x.number / y.number, x.rest);
    if (x.rest === y.rest) return this.#joined(x.number / y.number, null);
    return this.#joined(x.number / y.number, this.values.div(x.rest ?? this.values.constant(1), y.rest));
  }
}

function joined(a: Term['powers'], b: Term['powers'], sign: 1 | -1): ReadonlyMap<AtomId, number> {
  if (b.size === 0) return a;
  const powers = new Map(a);
  for (const [atom, power] of b) {
    const sum = (powers.get(atom) ?? 0) + sign * power;
    if (sum === 0) powers.delete(atom);
    else powers.set(atom, sum);
  }
  return powers;
}

export function without(powers: Term['powers'], atom: AtomId): Term['powers'] {
  const rest = new Map(powers);
  rest.delete(atom);
  return rest;
}

function powersKey(powers: Term['powers']): string {
  return [...powers]
    .sort(([a], [b]) => a - b)
    .map(([atom, power]) => `${atom}^${power}`)
    .join('·');
}

export function keyOf({ factor, powers }: Term): string {
  return `${powersKey(powers)}*${factor}`;
}
