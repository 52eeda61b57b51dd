/** Values in normal form and back: exponentials of one slope share one, quotients share a division, what cancels is gone. */
import type { GraphNode, NodeId } from '../graph.ts';
import type { Base, Bases } from './bases.ts';
import { lowerProduct, lowerSum } from './lower.ts';
import { type AtomId, type Term, Terms, without } from './terms.ts';
import { LEVEL, type Values } from './values.ts';

/** Larger whole powers are left to exp and log. */
const LARGEST_POWER = 32;
/** Arguments of exp that are split into a part with v and a number. */
const LARGEST_OFFSET = 300;

/** 1/mV; an exponential of a steeper slope overflows, or is cut off as NEURON's exp is, at potentials that can occur. */
const STEEPEST = 1.5;

/** slope·(v + offset + nudges). */
export interface Affine {
  readonly slope: number;
  readonly offset: number;
  readonly nudges: readonly Term[];
}

/** Where functions may be computed in another way; all in full where a plan has none. */
export interface Shortcuts {
  /** exp(slope·(v + offset)); `full` computes it. */
  base(base: Base, full: NodeId): NodeId;
  /** exp(z) - 1; `written` is z as the program has it. */
  expm1(written: NodeId, z: NodeId): NodeId;
  log(x: NodeId): NodeId;
  exp(x: NodeId): NodeId;
  /** Whether a number may be taken not to be moved by the little that it is where the mask is set. */
  skipsNudge(mask: NodeId): boolean;
}

/** No shortcuts. */
export function inFull(values: Values): Shortcuts {
  return {
    base: (_, full) => full,
    expm1: (_, z) => values.unary('expm1', z),
    log: (x) => values.unary('log', x),
    exp: (x) => values.unary('exp', x),
    skipsNudge: () => false,
  };
}

export class Algebra {
  readonly values: Values;
  readonly terms: Terms;
  readonly #bases: Bases;
  readonly #forms = new Map<NodeId, Term>();
  readonly #lowered = new Map<AtomId, NodeId>();
  readonly #exponents = new Map<string, AtomId>();

  readonly #shortcuts: Shortcuts;

  constructor(values: Values, bases: Bases, shortcuts: Shortcuts = inFull(values)) {
    this.values = values;
    this.#shortcuts = shortcuts;
    this.terms = new Terms(values);
    this.#bases = bases;
  }

  /** The same value, computed with less. */
  simplify(id: NodeId): NodeId {
    return this.values.level(id) < LEVEL.varying ? id : this.lower(this.form(id));
  }

  form(id: NodeId): Term {
    const known = this.#forms.get(id);
    if (known !== undefined) return known;
    const form = this.values.level(id) < LEVEL.varying ? this.terms.invariant(id) : this.#formOf(id);
    this.#forms.set(id, form);
    return form;
  }

  lower(term: Term): NodeId {
    return lowerProduct(this, term);
  }

  /** The value of an atom. */
  lowerAtom(id: AtomId): NodeId {
    const known = this.#lowered.get(id);
    if (known !== undefined) return known;
    const atom = this.terms.at(id);
    const node = atom.kind === 'sum' ? lowerSum(this, atom.terms) : atom.kind === 'base' ? this.#base(atom) : atom.node;
    this.#lowered.set(id, node);
    return node;
  }

  /** A sum as one product, or as a value that is not taken apart. */
  add(parts: readonly Term[]): Term {
    const sum = this.terms.add(parts);
    if (sum !== null) return sum;
    const nodes = parts.map((part) => this.lower(part));
    return this.#opaque(nodes.reduce((left, right) => this.values.add(left, right)));
  }

  /** What is linear in v alone, or null. */
  affine(term: Term): Affine | null {
    const slope = this.values.number(term.factor);
    const [entry] = term.powers;
    if (slope === null || entry === undefined || term.powers.size !== 1 || entry[1] !== 1) return null;
    const [atom] = entry;
    if (!this.terms.isAffine(atom)) return null;
    let offset = 0;
    const nudges: Term[] = [];
    for (const part of this.terms.termsOf(atom)) {
      if (part.powers.has(this.terms.v)) continue;
      const number = this.terms.number(part);
      if (number !== null) offset += number;
      else if (part.powers.size > 0) nudges.push(part);
      else return null;
    }
    return { slope, offset, nudges };
  }

  #opaque(node: NodeId): Term {
    return this.values.level(node) < LEVEL.varying
      ? this.terms.invariant(node)
      : this.terms.of(this.terms.atom({ kind: 'node', node }));
  }

  #formOf(id: NodeId): Term {
    const { terms } = this;
    const node = this.values.node(id);
    switch (node.op) {
      case 'neg':
        return terms.negate(this.form(node.a));
      case 'add':
        return this.#relaxed(node.a, node.b) ?? this.#relaxed(node.b, node.a) ?? this.#sum(node.a, node.b, false);
      case 'sub':
        return this.#sum(node.a, node.b, true);
      case 'mul':
        return terms.multiply(this.form(node.a), this.form(node.b));
      case 'div':
        return terms.divide(this.form(node.a), this.form(node.b));
      case 'pow':
        return this.#pow(id, node.a, node.b);
      case 'exp':
        return this.#exp(this.form(node.a));
      case 'log':
        return this.#opaque(this.#log(this.form(node.a)));
      case 'select':
        return this.#select(node);
      case 'not':
      case 'and':
      case 'or':
        return this.#opaque(this.#mask(id));
      default:
        return this.#opaque(this.#rebuilt(id));
    }
  }

  #sum(a: NodeId, b: NodeId, negative: boolean): Term {
    const second = this.form(b);
    return this.add([this.form(a), negative ? this.terms.negate(second) : second]);
  }

  /** x + w·(limit - x), where w is mostly 1 - exp(z): not taken apart, since w may be near 0. */
  #relaxed(x: NodeId, change: NodeId): Term | null {
    const { values } = this;
    const product = values.node(change);
    if (product.op !== 'mul') return null;
    for (const [w, towards] of [
      [product.a, product.b],
      [product.b, product.a],
    ] as const) {
      const node = values.node(towards);
      const limit = node.op === 'sub' && node.b === x ? node.a : node.op === 'neg' && node.a === x ? null : undefined;
      if (limit === undefined) continue;
      return this.#opaque(this.#relax(x, w, limit === null ? values.constant(0) : limit));
    }
    return null;
  }

  #relax(x: NodeId, w: NodeId, limit: NodeId): NodeId {
    const { values } = this;
    const from = this.simplify(x);
    const to = this.lower(this.form(limit));
    // What only decays keeps the same part of itself in each step.
    if (values.number(to) === 0 && values.level(w) < LEVEL.varying) return values.mul(from, this.#rest(w));
    // Differences the other way round, so that the product is with exp(z) - 1 itself.
    const away = values.sub(from, to);
    return values.add(from, values.mul(this.#lessThanOne(w), away));
  }

  /** 1 - w, where w may be 1 less an exponential. */
  #rest(w: NodeId): NodeId {
    const { values } = this;
    const node = values.node(w);
    return node.op === 'sub' && values.number(node.a) === 1 ? node.b : values.sub(values.constant(1), w);
  }

  /** -w. */
  #lessThanOne(w: NodeId): NodeId {
    const { values } = this;
    if (values.level(w) < LEVEL.varying) return values.unary('neg', w);
    const node = values.node(w);
    const exponential = node.op === 'sub' && values.number(node.a) === 1 ? values.node(node.b) : null;
    if (exponential?.op === 'exp') return this.#shortcuts.expm1(exponential.a, this.simplify(exponential.a));
    return this.lower(this.terms.negate(this.form(w)));
  }

  #pow(id: NodeId, base: NodeId, exponent: NodeId): Term {
    const { values, terms } = this;
    const n = values.number(exponent);
    if (n !== null && Number.isInteger(n) && Math.abs(n) <= LARGEST_POWER) return terms.power(this.form(base), n);
    if (n === 0.5) return this.#opaque(values.unary('sqrt', this.simplify(base)));
    if (values.level(exponent) === LEVEL.varying) return this.#opaque(this.#rebuilt(id));
    return this.#exp(terms.scale(this.add(this.#logs(this.form(base))), exponent));
  }

  /** log of a product of a positive number and one power, as its parts. */
  #logs(of: Term): readonly Term[] {
    const { values, terms } = this;
    const factor = values.number(of.factor);
    const [entry] = of.powers;
    const splits = factor !== null && factor > 0 && of.powers.size === 1 && entry !== undefined;
    if (!splits || Math.abs(entry[1]) !== 1) {
      return [this.#opaque(this.#shortcuts.log(this.lower(of)))];
    }
    const log = this.#opaque(this.#shortcuts.log(this.lowerAtom(entry[0])));
    return [terms.constant(Math.log(factor)), entry[1] === 1 ? log : terms.negate(log)];
  }

  #log(of: Term): NodeId {
    return this.lower(this.add(this.#logs(of)));
  }

  #exp(of: Term): Term {
    const affine = this.affine(of);
    if (affine !== null) {
      const shared = this.#sharedExp(affine);
      if (shared !== null) return shared;
    }
    return this.#splitExp(of);
  }

  /** A whole power of an exponential that others use too. */
  #sharedExp({ slope, offset, nudges }: Affine): Term | null {
    const { terms, values } = this;
    const { base, power } = this.#bases.of(slope, offset);
    const rest = slope * (offset - base.offset);
    if (!(Math.abs(rest) < LARGEST_OFFSET && Math.abs(slope) < STEEPEST)) return null;
    const atom = terms.atom({ kind: 'base', ...base });
    let result = terms.scale(terms.of(atom, power), values.unary('exp', values.constant(rest)));
    for (const nudge of nudges) result = terms.multiply(result, this.#opaque(this.#expOfNudge(slope, nudge)));
    return result;
  }

  /** exp of a small number or 0, chosen by a condition. */
  #expOfNudge(slope: number, nudge: Term): NodeId {
    const { values } = this;
    const scale = values.mul(values.constant(slope), nudge.factor);
    const node = this.lower({ ...nudge, factor: values.constant(1) });
    const select = values.node(node);
    const side = (one: NodeId): NodeId => values.unary('exp', values.mul(scale, one));
    return select.op === 'select' ? values.select(select.mask, side(select.a), side(select.b)) : side(node);
  }

  /** exp of anything: a number apart, and exp(-x) as 1/exp(x) where there is an exp(x). */
  #splitExp(of: Term): Term {
    const { terms, values } = this;
    const node = this.lower(of);
    const opposite = this.lower(terms.negate(of));
    const known = this.#exponents.get(`${opposite}`);
    if (known !== undefined) return terms.of(known, -1);
    const [entry] = of.powers;
    if (of.powers.size === 1 && entry !== undefined && entry[1] === 1) {
      const sum = terms.at(entry[0]);
      const offset = sum.kind === 'sum' ? sum.terms.find(({ powers }) => powers.size === 0) : undefined;
      if (sum.kind === 'sum' && offset !== undefined && sum.terms.length > 1 && !sum.affine) {
        const number = values.number(values.mul(of.factor, offset.factor));
        if (number !== null && Math.abs(number) < LARGEST_OFFSET) {
          const rest = this.add(sum.terms.filter((term) => term !== offset));
          return terms.scale(
            this.#splitExp(terms.multiply(terms.invariant(of.factor), rest)),
            values.constant(Math.exp(number)),
          );
        }
      }
    }
    const atom = terms.atom({ kind: 'node', node: this.#shortcuts.exp(node) });
    this.#exponents.set(`${node}`, atom);
    return terms.of(atom);
  }

  #base({ slope, offset }: { slope: number; offset: number }): NodeId {
    const { values } = this;
    const v = values.column({ kind: 'v' }, true);
    const full = values.unary('exp', values.mul(values.add(v, values.constant(offset)), values.constant(slope)));
    return this.#shortcuts.base({ slope, offset }, full);
  }

  #select(node: Extract<GraphNode, { op: 'select' }>): Term {
    const { values, terms } = this;
    const mask = this.#mask(node.mask);
    const step = values.node(node.a);
    // x moved by a number where a condition holds.
    if (step.op === 'add' && (step.a === node.b || step.b === node.b)) {
      const by = step.a === node.b ? step.b : step.a;
      const number = values.number(by);
      if (number !== null) {
        if (this.#shortcuts.skipsNudge(mask)) return this.form(node.b);
        const nudge = values.select(mask, by, values.constant(0));
        return this.add([this.form(node.b), terms.of(terms.atom({ kind: 'nudge', node: nudge }))]);
      }
    }
    const a = this.form(node.a);
    const b = this.form(node.b);
    const alike =
      a.powers.size === b.powers.size && [...a.powers].every(([atom, power]) => b.powers.get(atom) === power);
    if (alike && a.powers.size > 0) {
      const factor = values.select(mask, a.factor, b.factor);
      return terms.multiply(this.#opaque(factor), { factor: values.constant(1), powers: a.powers });
    }
    return this.#opaque(values.select(mask, this.lower(a), this.lower(b)));
  }

  #mask(id: NodeId): NodeId {
    const node = this.values.node(id);
    if (this.values.level(id) < LEVEL.varying) return id;
    if (node.op === 'and' || node.op === 'or')
      return this.values.binary(node.op, this.#mask(node.a), this.#mask(node.b));
    if (node.op === 'not') return this.values.unary('not', this.#mask(node.a));
    return this.#rebuilt(id);
  }

  /** The same operation on simplified arguments. */
  #rebuilt(id: NodeId): NodeId {
    return this.values.rebuilt(id, (argument) => this.simplify(argument));
  }
}

/** A term without one of its atoms. */
export function withoutAtom({ factor, powers }: Term, atom: AtomId): Term {
  return { factor, powers: without(powers, atom) };
}
