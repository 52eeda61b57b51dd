/** Where the time of mode reference goes: its kernels are called one after the other, so that each mechanism has its own. */
import type { CompiledKernel, LinkedKernel } from '../../src/kernel/index.ts';
import { cellCircuit } from '../../src/solver/cell.ts';
import type { Mechanisms } from '../../src/solver/index.ts';
import { createSimulation } from '../../src/solver/simulation.ts';
import { assembleAxial, countRoots, solveTree } from '../../src/solver/tree.ts';
import { createStretches, type Stretches, TIMES, TOGETHER } from './stretches.ts';
import type { Subject } from './subject.ts';

/** ns per compartment and step. */
export interface ReferenceProfile {
  readonly whole: number;
  readonly spikes: number;
  /** Events, clearing of sums; what is left is the tree's. */
  readonly events: number;
  readonly tree: number;
  /** Of the tree, by themselves: axial currents added to the matrix, and its solution. */
  readonly axial: number;
  readonly solution: number;
  readonly mechanisms: Readonly<Record<string, { readonly current: number; readonly state: number }>>;
}

const EVENTS = 'events';
const TREE = 'tree';

export interface ReferenceOptions {
  readonly dt: number;
  readonly steps: number;
  readonly repetitions: number;
}

export function profileReference(
  subject: Subject,
  mechanisms: Mechanisms,
  { dt, steps, repetitions }: ReferenceOptions,
): ReferenceProfile {
  const { snapshot, cell, compartments } = subject;
  const events = subject.trials[0]?.events;
  const { circuit, channels } = cellCircuit({ cell: snapshot, mechanisms, synapses: cell.synapses, clamps: [] });
  const present = circuit.mechanisms.filter(({ nodes }) => nodes.length > 0);
  const [first] = present.filter(({ kernel }) => kernel.program.phases.current !== undefined);
  const [firstState] = present.filter(({ kernel }) => kernel.program.phases.state !== undefined);
  const watched = circuit.mechanisms.map((placement) => ({
    ...placement,
    kernel: timed(placement.kernel, (part) => stretches.passed(part), {
      current: placement === first ? EVENTS : null,
      state: placement === firstState ? TREE : null,
    }),
  }));
  const options = { dt, order: 1, libm: 'native', channels } as const;
  const simulation = createSimulation({ ...circuit, mechanisms: watched }, options);
  const stretches: Stretches = createStretches({
    steps,
    compartments,
    stretch: 10,
    potential: () => simulation.v[snapshot.somaNode] as number,
    start: () => simulation.initialize(events),
    step() {
      simulation.step();
      stretches.passed(EVENTS);
    },
  });
  for (let k = 0; k < repetitions; k++) for (const inParts of [false, true]) stretches.run(inParts);
  const { whole, parts, spikes } = stretches.result();
  const of = (part: string): number => parts[part] ?? 0;
  const names = circuit.mechanisms.map(({ kernel }) => kernel.program.name);
  return {
    whole,
    spikes,
    events: of(EVENTS),
    tree: of(TREE),
    ...treeApart(circuit, simulation.v, compartments),
    mechanisms: Object.fromEntries(
      names.map((name) => [name, { current: of(`current ${name}`), state: of(`state ${name}`) }]),
    ),
  };
}

/** The same kernel, which tells when a phase of it has passed, and before its phase which part that ends, if any. */
function timed(
  kernel: CompiledKernel,
  passed: (part: string) => void,
  before: Readonly<Record<'current' | 'state', string | null>>,
): CompiledKernel {
  const { name } = kernel.program;
  const around = (phase: 'current' | 'state', linked: LinkedKernel) => (): void => {
    if (before[phase] !== null) passed(before[phase]);
    linked[phase]();
    passed(`${phase} ${name}`);
  };
  return {
    ...kernel,
    link(linkage) {
      const linked = kernel.link(linkage);
      return { ...linked, current: around('current', linked), state: around('state', linked) };
    },
  };
}

function treeApart(
  { nodes, parent, axialA: a, axialB: b }: ReturnType<typeof cellCircuit>['circuit'],
  v: Float64Array,
  compartments: number,
): { readonly axial: number; readonly solution: number } {
  const tree = { nodes, parent, a, b };
  const roots = countRoots(tree);
  const [rhs, d] = [new Float64Array(nodes), new Float64Array(nodes)];
  const least = { axial: Number.POSITIVE_INFINITY, solution: Number.POSITIVE_INFINITY };
  const runs = { axial: () => assembleAxial(tree, v, rhs, d, roots), solution: () => solveTree(tree, rhs, d, roots) };
  for (let k = 0; k < TIMES; k++) {
    for (const part of ['axial', 'solution'] as const) {
      let ms = 0;
      for (let i = 0; i < TOGETHER; i++) {
        // So that no run finds what the one before left, which would soon be no numbers.
        rhs.fill(1);
        d.fill(1);
        const started = performance.now();
        runs[part]();
        ms += performance.now() - started;
      }
      least[part] = Math.min(least[part], (1e6 * ms) / (TOGETHER * compartments));
    }
  }
  return least;
}
