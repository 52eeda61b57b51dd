/** Currents of a compartment together: products of conductances and driving forces, those of one driving force added first. */
import type { NodeId } from '../graph.ts';
import { argumentsOf } from '../graph.ts';
import { type Algebra, withoutAtom } from './algebra.ts';
import type { AtomId, Term } from './terms.ts';
import type { Values } from './values.ts';

/** A current of a mechanism, outwards, per area of the node. */
export interface Contribution {
  readonly ion: string | null;
  readonly current: NodeId;
  /** Its slope in v, as NEURON finds it where it is not a straight line. */
  readonly slope: NodeId;
  /** Whether what a phase left behind matters, so that it cannot be looked into. */
  readonly whole: boolean;
  readonly scale: NodeId | null;
}

/** What all currents, and those of each ion, add up to. */
export interface Totals {
  readonly current: NodeId;
  readonly slope: NodeId;
  readonly ions: ReadonlyMap<string, { readonly current: NodeId; readonly slope: NodeId }>;
}

interface Piece {
  /** The driving force; null where `current` is not a product with one. */
  readonly drive: AtomId | null;
  /** Of the driving force. */
  readonly conductance: NodeId | null;
  readonly current: NodeId | null;
  readonly slope: NodeId | null;
}

const SHIFT = 0.001;

export function totalsOf(algebra: Algebra, contributions: readonly Contribution[]): Totals {
  const { values } = algebra;
  const zero = values.constant(0);
  const byIon = new Map<string | null, Piece[]>();
  for (const contribution of contributions) {
    const pieces = byIon.get(contribution.ion) ?? [];
    pieces.push(...piecesOf(algebra, contribution));
    byIon.set(contribution.ion, pieces);
  }
  const add = (left: NodeId, right: NodeId): NodeId => values.add(left, right);
  const ions = new Map<string, { current: NodeId; slope: NodeId }>();
  const sums = [...byIon].map(([ion, pieces]) => {
    const sum = sumOf(algebra, pieces);
    if (ion !== null) ions.set(ion, sum);
    return sum;
  });
  return {
    current: sums.map(({ current }) => current).reduce(add, zero),
    slope: sums.map(({ slope }) => slope).reduce(add, zero),
    ions,
  };
}

function sumOf(algebra: Algebra, pieces: readonly Piece[]): { current: NodeId; slope: NodeId } {
  const { values } = algebra;
  const drives = new Map<AtomId, NodeId>();
  let current = values.constant(0);
  let slope = values.constant(0);
  for (const piece of pieces) {
    if (piece.drive !== null && piece.conductance !== null) {
      const before = drives.get(piece.drive);
      drives.set(piece.drive, before === undefined ? piece.conductance : values.add(before, piece.conductance));
    }
    if (piece.current !== null) current = values.add(current, piece.current);
    if (piece.slope !== null) slope = values.add(slope, piece.slope);
  }
  for (const [drive, conductance] of drives) {
    current = values.add(current, values.mul(algebra.lowerAtom(drive), conductance));
  }
  // Where the slope is the conductance itself, that sum is shared.
  const straight = pieces.filter(({ slope: own }) => own === null);
  for (const [drive, conductance] of drives) {
    const all = pieces.filter((piece) => piece.drive === drive);
    if (all.every((piece) => straight.includes(piece))) slope = values.add(slope, conductance);
    else {
      for (const piece of all) {
        if (piece.slope === null && piece.conductance !== null) slope = values.add(slope, piece.conductance);
      }
    }
  }
  return { current, slope };
}

function piecesOf(algebra: Algebra, contribution: Contribution): Piece[] {
  const { values } = algebra;
  const scale = contribution.scale ?? values.constant(1);
  const pieces = contribution.whole ? null : separated(algebra, contribution.current, scale);
  if (pieces !== null) return pieces;
  const scaled = (node: NodeId): NodeId => values.mul(algebra.simplify(node), scale);
  return [{ drive: null, conductance: null, current: scaled(contribution.current), slope: scaled(contribution.slope) }];
}

/** The current's summands, or null where one of them is not understood. */
function separated(algebra: Algebra, current: NodeId, scale: NodeId): Piece[] | null {
  const depends = dependenceOnV(algebra.values);
  const pieces: Piece[] = [];
  for (const term of summands(algebra, current, algebra.terms.invariant(scale), depends)) {
    const piece = pieceOf(algebra, term, depends);
    if (piece === null) return null;
    pieces.push(piece);
  }
  return pieces;
}

type Depends = (id: NodeId) => boolean;

function dependenceOnV(values: Values): Depends {
  const v = values.column({ kind: 'v' }, true);
  const known = new Map<NodeId, boolean>([[v, true]]);
  const depends = (id: NodeId): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const found = argumentsOf(values.node(id)).some(depends);
    known.set(id, found);
    return found;
  };
  return depends;
}

function summands(algebra: Algebra, id: NodeId, times: Term, depends: Depends): Term[] {
  const { values, terms } = algebra;
  const node = values.node(id);
  switch (node.op) {
    case 'neg':
      return summands(algebra, node.a, terms.negate(times), depends);
    case 'add':
    case 'sub': {
      const second = node.op === 'sub' ? terms.negate(times) : times;
      const parts = [...summands(algebra, node.a, times, depends), ...summands(algebra, node.b, second, depends)];
      // v - e is one summand.
      const whole = algebra.form(id);
      return isDrive(algebra, whole, depends) ? [terms.multiply(times, whole)] : parts;
    }
    case 'mul':
      if (!depends(node.a)) return summands(algebra, node.b, terms.multiply(times, algebra.form(node.a)), depends);
      if (!depends(node.b)) return summands(algebra, node.a, terms.multiply(times, algebra.form(node.b)), depends);
      break;
    case 'div':
      if (!depends(node.b)) return summands(algebra, node.a, terms.divide(times, algebra.form(node.b)), depends);
      break;
    default:
      break;
  }
  return [terms.multiply(times, algebra.form(id))];
}

/** v plus what does not depend on it. */
function isDriveAtom(algebra: Algebra, atom: AtomId, depends: Depends): boolean {
  const { terms, values } = algebra;
  if (terms.at(atom).kind !== 'sum') return atom === terms.v;
  const parts = terms.termsOf(atom);
  const own = parts.filter(({ powers }) => [...powers.keys()].some((one) => atomDepends(algebra, one, depends)));
  const [only] = own;
  return (
    own.length === 1 && only?.powers.get(terms.v) === 1 && only.powers.size === 1 && values.number(only.factor) === 1
  );
}

function isDrive(algebra: Algebra, { powers }: Term, depends: Depends): boolean {
  const [entry] = powers;
  return powers.size === 1 && entry !== undefined && entry[1] === 1 && isDriveAtom(algebra, entry[0], depends);
}

function pieceOf(algebra: Algebra, term: Term, depends: Depends): Piece | null {
  const { values, terms } = algebra;
  const varying = [...term.powers].filter(([atom]) => atomDepends(algebra, atom, depends));
  if (varying.length === 0) {
    return { drive: null, conductance: null, current: algebra.lower(term), slope: null };
  }
  const drive = varying.find(([atom, power]) => power === 1 && isDriveAtom(algebra, atom, depends));
  if (drive === undefined) {
    const above = shifted(algebra, term, depends);
    if (above === null) return null;
    const current = algebra.lower(term);
    const change = values.sub(algebra.lower(above), current);
    return { drive: null, conductance: null, current, slope: values.mul(change, values.constant(1 / SHIFT)) };
  }
  const [atom] = drive;
  const conductance = withoutAtom(term, atom);
  if (varying.length === 1) return { drive: atom, conductance: algebra.lower(conductance), current: null, slope: null };
  // (f(v+h)·(u+h) - f(v)·u)/h = f(v+h) + (f(v+h) - f(v))/h·u
  const above = shifted(algebra, conductance, depends);
  if (above === null) return null;
  const steepness = terms.scale(algebra.add([above, terms.negate(conductance)]), values.constant(1 / SHIFT));
  const slope = algebra.add([above, terms.multiply(steepness, terms.of(atom))]);
  return { drive: atom, conductance: algebra.lower(conductance), current: null, slope: algebra.lower(slope) };
}

function atomDepends(algebra: Algebra, id: AtomId, depends: Depends): boolean {
  const atom = algebra.terms.at(id);
  if (atom.kind === 'base') return true;
  if (atom.kind !== 'sum') return depends(atom.node);
  return atom.terms.some(({ powers }) => [...powers.keys()].some((one) => atomDepends(algebra, one, depends)));
}

/** The term at v + 0.001, or null where a part of it is not understood. */
function shifted(algebra: Algebra, term: Term, depends: Depends): Term | null {
  const { values, terms } = algebra;
  let result: Term = terms.invariant(term.factor);
  for (const [id, power] of term.powers) {
    const atom = terms.at(id);
    let moved: Term | null = terms.of(id);
    if (id === terms.v) moved = algebra.add([moved, terms.constant(SHIFT)]);
    else if (atom.kind === 'base') moved = terms.scale(moved, values.constant(Math.exp(atom.slope * SHIFT)));
    else if (atom.kind === 'sum') {
      const parts = atom.terms.map((part) => shifted(algebra, part, depends));
      moved = parts.every((part) => part !== null) ? algebra.add(parts) : null;
    } else if (depends(atom.node)) moved = null;
    if (moved === null) return null;
    result = terms.multiply(result, terms.power(moved, power));
  }
  return result;
}
