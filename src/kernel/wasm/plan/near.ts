/**
 * Shortcuts for steps in which little happens: exponentials of the potential and logarithms of concentrations are moved on
 * from the last step's by polynomials, gates' exponentials are polynomials over the range that usual potentials give, and
 * potentials at which mod files step aside are left to the full pass.
 */
import type { ColumnSource, NodeId } from '../graph.ts';
import { inFull, type Shortcuts } from './algebra.ts';
import type { Base } from './bases.ts';
import type { Output } from './emit.ts';
import { type Fit, fitPolynomial } from './fit.ts';
import { createSampler } from './sample.ts';
import type { Values } from './values.ts';

/** Where the cheaper state pass is right. */
export interface NearRange {
  /** mV. */
  readonly low: number;
  readonly high: number;
  /** Largest change of the potential since the last run (mV). */
  readonly step: number;
}

export const USUAL_RANGE: NearRange = { low: -100, high: 0, step: 0.2 };

/** Relative, of a gate's change in a step: smooth, and so no more than 1e4 times as many mV. */
const GATE_TOLERANCE = 1e-12;
/** Relative, of what is moved on: it gathers over some 128 steps, and is far smaller where the change is. */
const STEP_TOLERANCE = 5e-14;
/** Largest relative change of a concentration. */
const LARGEST_CHANGE = 1 / 128;
/** Gates' exponentials with larger arguments are computed in full. */
const LARGEST_EXPONENT = 2;

export interface Near extends Shortcuts {
  /** For the current pass, which runs at the potential of the state pass before it. */
  readonly atRest: Shortcuts;
  /** Set where that potential has not been changed since. */
  restGuard(): NodeId;
  /** What `x` was before the pass: where it is loaded from, and its value in the full pass. */
  carry(x: NodeId, source: ColumnSource, full: NodeId): void;
  /** Set where all shortcuts hold. */
  guard(): NodeId;
  /** What the cheaper pass keeps, and what the full one must. */
  kept(): { readonly near: readonly Output[]; readonly full: readonly Output[] };
}

interface Kept {
  readonly near: NodeId;
  readonly full: NodeId;
}

export function createNear(values: Values, range: NearRange): Near {
  const v = values.column({ kind: 'v' }, true);
  const sample = createSampler(values, range);
  const kept: Kept[] = [{ near: v, full: v }];
  const masks: NodeId[] = [];
  const carried = new Map<NodeId, { readonly old: NodeId; readonly full: NodeId }>();
  const logs = new Map<NodeId, { readonly change: NodeId; readonly full: NodeId }>();
  /** Logarithms by what they are of. */
  const moved = new Map<NodeId, NodeId>();
  const column = (index: number): NodeId => values.column({ kind: 'kept', index }, true);
  const change = values.sub(v, column(0));

  const polynomial = ({ coefficients }: Fit, x: NodeId): NodeId =>
    coefficients
      .map((coefficient) => values.constant(coefficient))
      .reduceRight((sum, coefficient) => values.add(values.mul(sum, x), coefficient));
  /** Kept columns of exponentials of the potential, by what computes them. */
  const basesKept = new Map<NodeId, { readonly index: number; readonly near: NodeId } | null>();
  /** old·(1 + x·p(x)) in place of what `full` computes. */
  const movedOn = (fit: Fit, x: NodeId, full: NodeId): { index: number; near: NodeId } => {
    const index = kept.push({ near: full, full }) - 1;
    const old = column(index);
    const near = values.add(values.mul(old, values.mul(x, polynomial(fit, x))), old);
    kept[index] = { near, full };
    return { index, near };
  };
  const keptBase = ({ slope }: Base, full: NodeId): { index: number; near: NodeId } | null => {
    const known = basesKept.get(full);
    if (known !== undefined) return known;
    const f = (x: number): number => Math.expm1(slope * x) / x;
    const fit = fitPolynomial(f, -range.step, range.step, STEP_TOLERANCE / Math.abs(slope * range.step));
    const found = fit === null ? null : movedOn(fit, change, full);
    basesKept.set(full, found);
    return found;
  };

  return {
    atRest: {
      ...inFull(values),
      base(base, full) {
        const found = keptBase(base, full);
        return found === null ? full : column(found.index);
      },
    },
    restGuard: () => values.binary('eq', v, column(0)),
    base: (base, full) => keptBase(base, full)?.near ?? full,
    expm1(written, z) {
      const span = sample(written);
      const full = values.unary('expm1', z);
      if (span === null || span.high > 0 || span.low < -LARGEST_EXPONENT || span.low === 0) return full;
      const fit = fitPolynomial((x) => Math.expm1(x) / x, 1.02 * span.low, 0, GATE_TOLERANCE);
      return fit === null ? full : values.mul(z, polynomial(fit, z));
    },
    log(x) {
      const before = moved.get(x);
      if (before !== undefined) return before;
      const found = carried.get(x);
      if (found === undefined) return values.unary('log', x);
      const relative = values.div(values.sub(x, found.old), found.old);
      masks.push(values.binary('le', values.unary('abs', relative), values.constant(LARGEST_CHANGE)));
      const fit = fitPolynomial(
        (r) => Math.log1p(r) / r,
        -LARGEST_CHANGE,
        LARGEST_CHANGE,
        STEP_TOLERANCE / LARGEST_CHANGE,
      );
      const full = values.unary('log', found.full);
      if (fit === null) return values.unary('log', x);
      const index = kept.push({ near: x, full }) - 1;
      const near = values.add(values.mul(relative, polynomial(fit, relative)), column(index));
      kept[index] = { near, full };
      moved.set(x, near);
      logs.set(near, { change: relative, full });
      return near;
    },
    exp(argument) {
      const node = values.node(argument);
      if (node.op === 'mul') {
        const [scale, log] = values.number(node.a) !== null ? [node.a, node.b] : [node.b, node.a];
        const exponent = values.number(scale);
        const known = logs.get(log);
        if (exponent !== null && known !== undefined) {
          const f = (r: number): number => Math.expm1(exponent * Math.log1p(r)) / r;
          const tolerance = STEP_TOLERANCE / Math.abs(exponent * LARGEST_CHANGE);
          const fit = fitPolynomial(f, -LARGEST_CHANGE, LARGEST_CHANGE, tolerance);
          const full = values.unary('exp', values.mul(scale, known.full));
          if (fit !== null) return movedOn(fit, known.change, full).near;
        }
      }
      return values.unary('exp', argument);
    },
    skipsNudge(mask) {
      const node = values.node(mask);
      const test = node.op === 'eq' ? 'ne' : node.op === 'lt' ? 'ge' : node.op === 'le' ? 'gt' : null;
      if (test === null || !('b' in node)) return false;
      const point =
        node.op !== 'eq' ? null : node.a === v ? values.number(node.b) : node.b === v ? values.number(node.a) : null;
      const isUsual = point === null || (range.low <= point && point <= range.high);
      if (isUsual) masks.push(values.binary(test, node.a, node.b));
      return true;
    },
    carry(x, source, full) {
      carried.set(x, { old: values.column(source, true), full });
    },
    guard() {
      const usual = [
        values.binary('ge', v, values.constant(range.low)),
        values.binary('le', v, values.constant(range.high)),
        values.binary('le', values.unary('abs', change), values.constant(range.step)),
      ];
      return [...usual, ...new Set(masks)].reduce((all, mask) => values.binary('and', all, mask));
    },
    kept() {
      const outputs = (of: 'near' | 'full'): Output[] =>
        kept.map((one, index) => ({ source: { kind: 'kept', index }, value: one[of] }));
      return { near: outputs('near'), full: outputs('full') };
    },
  };
}
