/** The phases of a step and of a start: which mechanisms take part in each, in NEURON's order. */
import { CLOCK, type LinkedKernel } from '../kernel/linkage.ts';
import type { HookPoint } from '../kernel/program.ts';
import type { Circuit } from './circuit.ts';
import { type Ion, writesConcentrations } from './ions.ts';
import type { Network } from './network.ts';
import type { PlayedEvents } from './played.ts';

/** Who takes part in which phase, in NEURON's order. */
export interface PhaseLists {
  readonly tables: readonly LinkedKernel[];
  readonly currents: readonly LinkedKernel[];
  readonly states: readonly LinkedKernel[];
  initialize(): void;
  beforeInitial(): void;
  afterInitial(): void;
  beforeBreakpoint(): void;
  afterSolve(): void;
  beforeStep(): void;
}

export function phasesOf(
  kernels: readonly LinkedKernel[],
  placements: Circuit['mechanisms'],
  ions: ReadonlyMap<string, Ion>,
): PhaseLists {
  const present = kernels.filter(({ count }) => count > 0);
  const placed = present.filter(({ program }) => program.kind !== 'artificial');
  const hook = (when: HookPoint): (() => void) => {
    const having = placed.filter(({ program }) => program.phases.hooks.some((one) => one.when === when));
    return () => {
      for (const kernel of having) kernel.hook(when);
    };
  };
  const starts = [...placed, ...present.filter((kernel) => !placed.includes(kernel))].map((kernel) => ({
    kernel,
    nodes: placements[kernels.indexOf(kernel)]?.nodes ?? new Int32Array(0),
    written: [...ions.values()].filter(({ name }) => writesConcentrations(kernel.program, name)),
  }));
  return {
    tables: present.filter(({ program }) => program.phases.tables !== undefined),
    currents: placed.filter(({ program }) => program.phases.current !== undefined),
    states: placed.filter(({ program }) => program.phases.state !== undefined),
    initialize() {
      for (const { kernel, nodes, written } of starts) {
        kernel.initialize();
        for (const ion of written) ion.written(nodes);
      }
    },
    beforeInitial: hook('before-initial'),
    afterInitial: hook('after-initial'),
    beforeBreakpoint: hook('before-breakpoint'),
    afterSolve: hook('after-solve'),
    beforeStep: hook('before-step'),
  };
}

/** What a start works on. */
export interface Started {
  readonly clock: Float64Array;
  /** By node (mV). */
  readonly v: Float64Array;
  readonly phases: PhaseLists;
  readonly network: Network;
  readonly ions: readonly Ion[];
  /** Evaluates every current once, in the phase of a step: INITIAL's values are seen with the currents they give. */
  readonly evaluate: () => void;
}

/** NEURON's finitialize at potential `vInit` (mV), with these events to come. */
export function startAt(
  vInit: number,
  { clock, v, phases, network, ions, evaluate }: Started,
  events?: PlayedEvents,
): void {
  clock[CLOCK.t] = 0;
  for (const kernel of phases.tables) kernel.tables();
  network.clear();
  v.fill(vInit);
  phases.beforeInitial();
  for (const ion of ions) ion.initialize();
  phases.initialize();
  network.initialize(events);
  phases.afterInitial();
  network.deliver(0);
  evaluate();
  phases.beforeStep();
  network.deliver(0);
}
