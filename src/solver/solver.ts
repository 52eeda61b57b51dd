/** A cell under the experiment's input: the circuit of a snapshot, and channels that a table of events plays on. */
import { UsageError } from '../errors.ts';
import type { KeptStore } from '../kernel/wasm/kept.ts';
import type { LibmName } from '../libm/index.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { SynapseSet } from '../model/synapses.ts';
import type { EventTable } from '../stimulus/events.ts';
import { cellCircuit, type NodeClamp } from './cell.ts';
import { createCompiledSimulation } from './compiled/index.ts';
import { runnableMode, type SolverMode } from './mode.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import type { Mechanisms } from './sources.ts';

export interface SolverOptions {
  /** Time step (ms). */
  readonly dt: number;
  /** 1: backward Euler (NEURON's secondorder 0); 2: staggered Crank-Nicolson (secondorder 2). */
  readonly order: 1 | 2;
  /** The cell's mechanisms, and those of the synapses and clamps, compiled. */
  readonly mechanisms: Mechanisms;
  /** On every dendritic segment; null for a cell without synapses. */
  readonly synapses: SynapseSet | null;
  readonly clamps?: readonly NodeClamp[];
  /** Whose exp, log and pow: `glibc` has the same bits everywhere; `native` (default) is the machine's Math. */
  readonly libm?: LibmName;
  /** `reference` unless given. */
  readonly mode?: SolverMode;
  /** Compiled modes: whether V8's 256-bit revectorizer shall be able to join vectors; the bits are the same. */
  readonly pairable?: boolean;
  /** Mode fast: largest relative error of the coefficients by which tables move states on; `FAST_TOLERANCE` unless given. */
  readonly fastError?: number;
  /** Compiled modes: rows of the snapshot whose potentials steps bring up to date in `v`; all where absent. */
  readonly shown?: Iterable<number>;
  /** Compiled modes: where other processes have left what is made of a cell; the bits are the same without. */
  readonly kept?: KeptStore;
}

export interface Solver extends Omit<Simulation, 'initialize'> {
  /** Back to time 0 at the cell's initial potential, with these events to come. */
  initialize(events: EventTable): void;
}

/** A solver for one cell; it holds its own state and knows nothing of the outside. */
export function createSolver(cell: CellSnapshot, options: SolverOptions): Solver {
  const {
    mechanisms,
    synapses,
    clamps = [],
    dt,
    order,
    libm = 'native',
    pairable = false,
    fastError,
    shown,
    kept,
  } = options;
  const { circuit, channels } = cellCircuit({ cell, mechanisms, synapses, clamps });
  const siteName = (node: number): string => siteOf(cell, node);
  const parts = { dt, order, libm, channels, siteName };
  const mode = runnableMode(options.mode, libm);
  const simulation =
    mode === 'reference'
      ? createSimulation(circuit, parts)
      : createCompiledSimulation(circuit, {
          ...parts,
          mode,
          pairable,
          ...(fastError === undefined ? {} : { fastError }),
          ...(shown === undefined ? {} : { shown }),
          ...(kept === undefined ? {} : { kept }),
        });
  const dendrites = cell.dendrite.filter((channel) => channel >= 0).length;
  return {
    ...simulation,
    get t() {
      return simulation.t;
    },
    initialize(events) {
      if (events.dendrites !== dendrites) throw wrongCell(events.dendrites, dendrites);
      simulation.initialize(synapses === null ? undefined : events);
    },
  };
}

/** `dend[3](0.5)` for a node. */
function siteOf(cell: CellSnapshot, node: number): string {
  const section = cell.sectionNames[cell.section[node] ?? -1] ?? `node ${node}`;
  return `${section}(${Number((cell.x[node] ?? Number.NaN).toPrecision(6))})`;
}

function wrongCell(given: number, has: number): UsageError {
  return new UsageError(`the events are for ${given} dendritic segments, the cell has ${has}`, {
    remedy: 'Draw the stimulus for the cell that runs it.',
  });
}
