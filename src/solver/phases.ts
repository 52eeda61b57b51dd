/** The phases of a step and of a start: which mechanisms take part in each, in NEURON's order. */
import type { LinkedKernel } from '../kernel/linkage.ts';
import type { HookPoint } from '../kernel/program.ts';
import type { Circuit } from './circuit.ts';
import { type Ion, writesConcentrations } from './ions.ts';

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
