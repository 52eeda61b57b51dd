/** Everything that the solver does in a window of a trial. */
import type { LibmName } from '../libm/index.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { cellCircuit, createSimulation, type Mechanisms, type SynapseSet } from '../solver/index.ts';
import { clampRow } from './clamps.ts';
import type { Trial } from './engine.ts';
import { recordEverything } from './everything.ts';
import { siteName } from './sites.ts';
import { nextTurn, throwIfAborted } from './turns.ts';
import type { WindowOptions, WindowRecord } from './window.ts';

export interface SolverTrial {
  readonly snapshot: CellSnapshot;
  readonly mechanisms: Mechanisms;
  readonly synapses: SynapseSet | null;
  readonly trial: Trial;
  readonly libm?: LibmName;
}

/** Steps between two turns of the event loop. */
const TURN_STEPS = 64;

/** Runs a trial from its start to the window's end and records the window. */
export async function recordSolverWindow(
  { snapshot, mechanisms, synapses, trial, libm = 'native' }: SolverTrial,
  { dt, order, firstStep, lastStep, signal }: WindowOptions,
): Promise<WindowRecord> {
  const clamps = (trial.clamps ?? []).map((clamp) => ({ ...clamp, node: clampRow(snapshot, clamp) }));
  const { circuit, channels } = cellCircuit({ cell: snapshot, mechanisms, synapses, clamps });
  const nameOf = (node: number): string => siteName(snapshot, node);
  const simulation = createSimulation(circuit, { dt, order, libm, channels, siteName: nameOf });
  const recorder = recordEverything(circuit, simulation, nameOf);
  simulation.initialize(synapses === null ? undefined : trial.events);
  for (let step = 0; step <= lastStep; step++) {
    if (step > 0) simulation.step();
    if (step >= firstStep) recorder.take(simulation.t);
    if (step % TURN_STEPS !== 0) continue;
    await nextTurn();
    throwIfAborted(signal);
  }
  return recorder.record(firstStep);
}
