/**
 * LONGITUDINAL_DIFFUSION: after the states have been advanced, a state spreads by one implicit step along the nodes that
 * have its mechanism. Everything in NEURON's order of operations (ldifus.cpp).
 */
import { RefusedError } from '../errors.ts';
import type { IonStore, LinkedKernel } from '../kernel/linkage.ts';
import type { Diffusion } from '../kernel/program.ts';
import type { Circuit } from './circuit.ts';

/** What spreads in a circuit; `step` takes the time step (ms). */
export interface Spreading {
  step(dt: number): void;
}

/** @throws RefusedError where something spreads and the circuit does not say how long its compartments are */
export function createSpreading(
  circuit: Circuit,
  kernels: readonly LinkedKernel[],
  ions: ReadonlyMap<string, IonStore>,
): Spreading {
  const steps = kernels.flatMap((kernel, mechanism) => {
    const nodes = circuit.mechanisms[mechanism]?.nodes ?? new Int32Array(0);
    if (nodes.length === 0) return [];
    return (kernel.program.diffusions ?? []).map((diffusion, number) => {
      const cable = cableOf(circuit, nodes, kernel.program.name);
      return createStep(kernel, number, diffusion, nodes, cable, ions);
    });
  });
  return {
    step(dt) {
      for (const step of steps) step(dt);
    },
  };
}

/** The instances as a tree: parents by instance (-1 for none), and the geometric factors of the two off-diagonals (1/µm²). */
interface Cable {
  readonly parents: Int32Array;
  readonly above: Float64Array;
  readonly below: Float64Array;
}

function cableOf({ parent, lengths, sections }: Circuit, nodes: Int32Array, name: string): Cable {
  if (lengths === undefined || sections === undefined) {
    throw new RefusedError(
      `${name} spreads along the cable, and this circuit does not say how long its compartments are`,
      {
        construct: `LONGITUDINAL_DIFFUSION in ${name}`,
      },
    );
  }
  const parents = parentsOf(parent, sections, nodes);
  const dx = (instance: number): number => lengths[nodes[instance] as number] as number;
  const factor = (self: number, towards: (own: number, up: number) => number): number => {
    const up = parents[self] as number;
    return up < 0 ? 0 : towards(dx(self), dx(up));
  };
  return {
    parents,
    above: Float64Array.from(nodes, (_, i) => factor(i, (own, up) => 2 / up / (own + up))),
    below: Float64Array.from(nodes, (_, i) => factor(i, (own, up) => 2 / own / (own + up))),
  };
}

/**
 * The instance each instance hangs on: on the parent node, else past a node without membrane on that one's parent, else on the
 * first node of the parent section.
 */
function parentsOf(parent: Int32Array, sections: Int32Array, nodes: Int32Array): Int32Array {
  const instances = new Map(Array.from(nodes, (node, instance) => [node, instance]));
  const firstOf = (section: number): number =>
    sections.findIndex((own, node) => own === section && (parent[node] as number) >= 0);
  /** The parent section's first node, or -1. */
  const inParentSection = (node: number): number => {
    const section = sections[node] as number;
    const above = parent[firstOf(section)] ?? -1;
    const other = above < 0 ? section : (sections[above] as number);
    return other === section ? -1 : firstOf(other);
  };
  return Int32Array.from(nodes, (node) => {
    const up = parent[node] as number;
    const past = up < 0 ? -1 : (parent[up] as number);
    return instances.get(up) ?? instances.get(past) ?? instances.get(inParentSection(node)) ?? -1;
  });
}

function createStep(
  kernel: LinkedKernel,
  number: number,
  diffusion: Diffusion,
  nodes: Int32Array,
  { parents, above, below }: Cable,
  ions: ReadonlyMap<string, IonStore>,
): (dt: number) => void {
  const count = nodes.length;
  const coefficients = kernel.instance(diffusion.coefficient);
  const volumes = kernel.instance(diffusion.volume);
  const ion = diffusion.ion === null ? undefined : ions.get(diffusion.ion.ion);
  const state =
    ion === undefined || diffusion.ion === null ? kernel.instance(diffusion.state) : ion[diffusion.ion.field];
  const place = (i: number, element: number): number =>
    ion === undefined ? i * diffusion.length + element : (nodes[i] as number);
  const a = new Float64Array(count);
  const b = new Float64Array(count);
  const d = new Float64Array(count);
  const rhs = new Float64Array(count);

  function spread(element: number, dt: number): void {
    kernel.diffusion(number, element);
    d.fill(0);
    for (let i = 0; i < count; i++) {
      const up = parents[i] as number;
      if (up < 0) continue;
      const between = ((coefficients[i] as number) + (coefficients[up] as number)) / 2;
      a[i] = (-(above[i] as number) * between) / (volumes[up] as number);
      b[i] = (-(below[i] as number) * between) / (volumes[i] as number);
    }
    for (let i = 0; i < count; i++) {
      const up = parents[i] as number;
      d[i] = (d[i] as number) + 1 / dt;
      rhs[i] = (state[place(i, element)] as number) / dt;
      if (up < 0) continue;
      d[i] = (d[i] as number) - (b[i] as number);
      d[up] = (d[up] as number) - (a[i] as number);
    }
    solve();
    for (let i = 0; i < count; i++) state[place(i, element)] = rhs[i] as number;
  }

  function solve(): void {
    for (let i = count - 1; i > 0; i--) {
      const up = parents[i] as number;
      if (up < 0) continue;
      const p = (a[i] as number) / (d[i] as number);
      d[up] = (d[up] as number) - p * (b[i] as number);
      rhs[up] = (rhs[up] as number) - p * (rhs[i] as number);
    }
    for (let i = 0; i < count; i++) {
      const up = parents[i] as number;
      if (up >= 0) rhs[i] = (rhs[i] as number) - (b[i] as number) * (rhs[up] as number);
      rhs[i] = (rhs[i] as number) / (d[i] as number);
    }
  }

  return (dt) => {
    for (let element = 0; element < diffusion.length; element++) spread(element, dt);
  };
}
