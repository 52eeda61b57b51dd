/** One trial of the cell, step by step, and what is noted of it between two frames. No messages, no clock. */
import { createSolver } from '../../solver/solver.ts';
import type { Mechanisms } from '../../solver/sources.ts';
import type { EventTable } from '../../stimulus/events.ts';
import { drawInput } from '../../stimulus/stimulus.ts';
import type { RunnableCell } from '../payload.ts';
import { createLiveEvents, type LiveEvents } from './events.ts';
import { nearestChannels } from './near.ts';

/** Samples kept for the page at most; whoever computes waits for it then. */
const CAPACITY = 16384;
/** Steps between two looks at all compartments: a spike is far longer. */
const LOOK_EVERY = 4;
/** Synapses that `excite` reaches. */
const VOLLEY = 100;

export interface TrialNotes {
  readonly soma: Float64Array;
  readonly nexus: Float64Array;
  readonly chosen: Float64Array;
  readonly node: number;
  readonly highest: Float32Array;
}

/** Input events in each ms. */
export interface InputCounts {
  readonly excitatory: Float32Array;
  readonly inhibitory: Float32Array;
}

export interface RunningTrial {
  readonly steps: number;
  readonly ended: boolean;
  /** How many steps may be taken before the next `notes`. */
  readonly room: number;
  start(seed: number, trial: number): InputCounts;
  step(): void;
  /** Factors on the weights of all events to come, and of all trials to come. */
  strengthen(excitatory: number, inhibitory: number): void;
  /** An excitatory event in the next step at each of the synapses nearest to a node. */
  excite(node: number): void;
  choose(node: number): void;
  /** What was noted since the last time. */
  notes(): TrialNotes;
}

export function createTrial(cell: RunnableCell, mechanisms: Mechanisms): RunningTrial {
  const { snapshot, synapses, dt, order, mode, durationMs, input } = cell;
  const solver = createSolver(snapshot, { dt, order, synapses, mechanisms, mode });
  const last = Math.round(durationMs / dt);
  const highest = new Float32Array(snapshot.nodes);
  const [soma, nexus, chosen] = [new Float64Array(CAPACITY), new Float64Array(CAPACITY), new Float64Array(CAPACITY)];
  const strength = { excitatory: 1, inhibitory: 1 };
  let events: LiveEvents | null = null;
  let node = -1;
  let steps = 0;
  let count = 0;

  function note(): void {
    const { v } = solver;
    soma[count] = v[snapshot.somaNode] as number;
    nexus[count] = v[snapshot.nexusNode] ?? Number.NaN;
    chosen[count] = v[node] ?? Number.NaN;
    count++;
    if (steps % LOOK_EVERY !== 0) return;
    for (let k = 0; k < highest.length; k++) if ((v[k] as number) > (highest[k] as number)) highest[k] = v[k] as number;
  }

  return {
    get steps() {
      return steps;
    },
    get ended() {
      return steps >= last;
    },
    get room() {
      return Math.min(CAPACITY - count, last - steps);
    },
    start(seed, trial) {
      const drawn = drawInput(input, snapshot, { seed, trial, durationMs });
      events = createLiveEvents(drawn);
      events.strengthen(strength.excitatory, strength.inhibitory);
      solver.initialize(events.table);
      steps = 0;
      count = 0;
      highest.fill(Number.NEGATIVE_INFINITY);
      note();
      return countsOf(drawn, durationMs);
    },
    step() {
      solver.step();
      steps++;
      note();
    },
    strengthen(excitatory, inhibitory) {
      Object.assign(strength, { excitatory, inhibitory });
      events?.strengthen(excitatory, inhibitory);
    },
    excite(at) {
      if (synapses !== null) events?.add(nearestChannels(snapshot, at, VOLLEY), solver.t + dt);
    },
    choose(next) {
      node = next;
      chosen.fill(Number.NaN);
    },
    notes() {
      const [first] = highest;
      const peak = first === Number.NEGATIVE_INFINITY ? Float32Array.from(solver.v) : highest.slice();
      const out = {
        soma: soma.slice(0, count),
        nexus: nexus.slice(0, count),
        chosen: chosen.slice(0, count),
        node,
        highest: peak,
      };
      count = 0;
      highest.fill(Number.NEGATIVE_INFINITY);
      return out;
    },
  };
}

function countsOf({ channel, time, dendrites }: EventTable, durationMs: number): InputCounts {
  const excitatory = new Float32Array(durationMs);
  const inhibitory = new Float32Array(durationMs);
  for (let k = 0; k < time.length; k++) {
    const counts = (channel[k] as number) < dendrites ? excitatory : inhibitory;
    const ms = Math.floor(time[k] as number);
    counts[ms] = (counts[ms] as number) + 1;
  }
  return { excitatory, inhibitory };
}
