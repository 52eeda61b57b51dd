/**
 * NEURON's fixed step on a cell snapshot, with NEURON's arithmetic in NEURON's order: a run is equal to NEURON's to the
 * last bit wherever both have the same exp.
 */
import { NotFiniteError, UsageError } from '../errors.ts';
import { type LibmName, libmNamed } from '../libm/index.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { SynapseSet } from '../model/synapses.ts';
import type { EventTable } from '../stimulus/events.ts';
import { createEventCursor, type EventCursor } from './events.ts';
import type { Kernel } from './kernel.ts';
import { createKernels } from './mechanisms.ts';
import { assembleAxial, solveTree, type Tree } from './tree.ts';

export interface SolverOptions {
  /** Time step (ms). */
  readonly dt: number;
  /** 1: backward Euler (NEURON's secondorder 0); 2: staggered Crank-Nicolson (secondorder 2). */
  readonly order: 1 | 2;
  /** On every dendritic segment; null for a cell without synapses. */
  readonly synapses: SynapseSet | null;
  /** Whose exp: `glibc` (default) has the same bits everywhere, `native` is the machine's Math.exp. */
  readonly libm?: LibmName;
}

export interface Solver {
  /** Membrane potential by node of the snapshot (mV); the same array for the solver's whole life. */
  readonly v: Float64Array;
  /** Time (ms), accumulated in floating point as NEURON does it. */
  readonly t: number;
  /** Back to time 0 at the cell's initial potential, with these events to come. */
  initialize(events: EventTable): void;
  /**
   * One step of dt.
   * @throws NotFiniteError where the potential stops being a number
   */
  step(): void;
}

/** A solver for one cell; it holds its own state and knows nothing of the outside. */
export function createSolver(cell: CellSnapshot, options: SolverOptions): Solver {
  const { dt, order, synapses } = options;
  if (!(dt > 0)) throw new UsageError(`the time step must be above 0 ms, not ${dt}`);
  const tree: Tree = { nodes: cell.nodes, parent: cell.parent, a: cell.axialA, b: cell.axialB };
  const kernels = createKernels(cell, synapses, dt, libmNamed(options.libm ?? 'glibc'));
  const capacitance = scaledCapacitance(cell, order === 1 ? 1 / dt : 2 / dt);
  const gain = order === 1 ? 1 : 2;
  const dendrites = countDendrites(cell);
  const deliver = deliverTo(kernels, dendrites);

  const v = new Float64Array(cell.nodes);
  const rhs = new Float64Array(cell.nodes);
  const d = new Float64Array(cell.nodes);
  let t = 0;
  let cursor: EventCursor | undefined;

  /** The matrix and right-hand side of the step's implicit half, at t + dt/2. */
  function assemble(): void {
    rhs.fill(0);
    d.fill(0);
    for (const kernel of kernels) kernel.assemble(v, rhs, d);
    for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) + (capacitance[i] as number);
    assembleAxial(tree, v, rhs, d);
  }

  /** Says where the step failed: the first node whose own equation has no numbers, as it was before the solve. */
  function notFinite(): NotFiniteError {
    assemble();
    const bad = (i: number): boolean => !Number.isFinite(rhs[i]) || !Number.isFinite(d[i]);
    const node = Math.max(
      0,
      v.findIndex((_, i) => bad(i)),
    );
    return new NotFiniteError({ timeMs: t, site: siteName(cell, node) });
  }

  return {
    v,
    get t() {
      return t;
    },
    initialize(events) {
      cursor = createEventCursor(events, dendrites, deliver);
      v.fill(cell.vInit);
      t = 0;
      for (const kernel of kernels) kernel.initialize(v);
      cursor.deliverUntil(t);
    },
    step() {
      if (cursor === undefined) throw new UsageError('a solver is initialized before it steps');
      cursor.deliverUntil(t + 0.5 * dt);
      t += 0.5 * dt;
      assemble();
      solveTree(tree, rhs, d);
      // What is not a number anywhere is not a number at the root after one solve; `v` is still the state before.
      if (!Number.isFinite(rhs[0])) throw notFinite();
      for (let i = 0; i < v.length; i++) v[i] = (v[i] as number) + gain * (rhs[i] as number);
      t += 0.5 * dt;
      for (const kernel of kernels) kernel.advance(v);
      cursor.deliverUntil(t);
    },
  };
}

/** 0.001·cj·cm by node (mS/cm²), which the step adds to the diagonal after all conductances. */
function scaledCapacitance(cell: CellSnapshot, cj: number): Float64Array {
  const factor = 0.001 * cj;
  return cell.cm.map((cm) => factor * cm);
}

/** `dend[3](0.5)` for a node. */
function siteName(cell: CellSnapshot, node: number): string {
  const section = cell.sectionNames[cell.section[node] ?? -1] ?? `node ${node}`;
  return `${section}(${Number((cell.x[node] ?? Number.NaN).toPrecision(6))})`;
}

function countDendrites(cell: CellSnapshot): number {
  let count = 0;
  for (const channel of cell.dendrite) if (channel >= 0) count++;
  return count;
}

/** Channels 0 to D-1 are the excitatory synapses, D to 2D-1 the inhibitory ones. */
function deliverTo(kernels: readonly Kernel[], dendrites: number): (channel: number, weight: number) => void {
  const ignore = (): void => {};
  const excite = kernels.find((kernel) => kernel.name === 'TwincellExcitatory')?.receive ?? ignore;
  const inhibit = kernels.find((kernel) => kernel.name === 'TwincellGaba')?.receive ?? ignore;
  return (channel, weight) => {
    if (channel < dendrites) excite(channel, weight);
    else inhibit(channel - dendrites, weight);
  };
}
