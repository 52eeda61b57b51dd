/**
 * NEURON's fixed step on a circuit, with NEURON's arithmetic in NEURON's order: a run is equal to NEURON's to the last bit
 * wherever both have the same exp, log and pow.
 */
import { NotFiniteError, UsageError } from '../errors.ts';
import { CLOCK, type IonStore, type LinkedKernel } from '../kernel/linkage.ts';
import { type LibmName, libmNamed } from '../libm/index.ts';
import type { Circuit } from './circuit.ts';
import { createSpreading } from './diffusion.ts';
import { createIons } from './ions.ts';
import { linkMechanisms } from './mechanism-links.ts';
import { createNetwork } from './network.ts';
import { phasesOf, startAt } from './phases.ts';
import { type Channel, createPlayer, type PlayedEvents } from './played.ts';
import { assembleAxial, countRoots, solveTree, type Tree } from './tree.ts';

export interface SimulationOptions {
  /** Time step (ms). */
  readonly dt: number;
  /** 1: backward Euler (NEURON's secondorder 0); 2: staggered Crank-Nicolson (secondorder 2). */
  readonly order: 1 | 2;
  /** Whose exp, log and pow: `glibc` has the same bits everywhere, `native` is the machine's Math. */
  readonly libm: LibmName;
  /** The instances that played events reach; none where absent. */
  readonly channels?: readonly Channel[];
  /** A node's name in messages. */
  readonly siteName?: (node: number) => string;
}

export interface Simulation {
  /** Membrane potential by node (mV); the same array for the simulation's whole life. */
  readonly v: Float64Array;
  /** Time (ms), accumulated in floating point as NEURON does it. */
  readonly t: number;
  /** Back to time 0 at the circuit's initial potential, as NEURON's finitialize does it, with these events to come. */
  initialize(events?: PlayedEvents): void;
  /**
   * One step of dt.
   * @throws NotFiniteError where the potential stops being a number
   */
  step(): void;
  /** A field of `mechanisms[mechanism]`, all instances: element e of instance i stands at i·length + e. */
  instances(mechanism: number, field: string): Float64Array;
  globals(mechanism: number, field: string): Float64Array;
  /** An ion's values by node. */
  ion(name: string): IonStore;
  /** When the source of a NetCon fired since the start (ms), as NetCon.record tells it. */
  firings(netcon: number): readonly number[];
  /** The weights that a NetCon holds. */
  weights(netcon: number): Float64Array;
}

/** A simulation of one circuit; it holds its own state and knows nothing of the outside. */
export function createSimulation(circuit: Circuit, options: SimulationOptions): Simulation {
  const { dt, order } = options;
  if (!(dt > 0)) throw new UsageError(`the time step must be above 0 ms, not ${dt}`);
  const { nodes } = circuit;
  const tree: Tree = { nodes, parent: circuit.parent, a: circuit.axialA, b: circuit.axialB };
  const roots = countRoots(tree);
  const siteName = options.siteName ?? ((node) => `node ${node}`);
  const v = new Float64Array(nodes);
  const rhs = new Float64Array(nodes);
  const d = new Float64Array(nodes);
  const clock = new Float64Array(4);
  clock[CLOCK.dt] = dt;
  clock[CLOCK.celsius] = circuit.celsius;
  clock[CLOCK.secondorder] = order === 1 ? 0 : 2;
  const capacitance = scaledCapacitance(circuit.cm, order === 1 ? 1 / dt : 2 / dt);
  const gain = order === 1 ? 1 : 2;

  const kernels: LinkedKernel[] = [];
  const libm = libmNamed(options.libm);
  const ions = createIons(nodes, circuit.celsius, circuit.mechanisms, circuit.ions, libm);
  const sizeOf = (mechanism: number): number => circuit.mechanisms[mechanism]?.kernel.program.weights.length ?? 0;
  const player = createPlayer(options.channels ?? [], sizeOf);
  const network = createNetwork({ placements: circuit.netcons, kernels, clock, player });
  linkMechanisms({ circuit, v, rhs, d, clock, ions, libm, siteName, sink: network.sink }, kernels);
  const phases = phasesOf(kernels, circuit.mechanisms, ions);
  const spreading = createSpreading(circuit, kernels, ions);
  const ionList = [...ions.values()];
  let started = false;

  /** The matrix and right-hand side of the step's implicit half. */
  function assemble(): void {
    rhs.fill(0);
    d.fill(0);
    phases.beforeBreakpoint();
    for (const ion of ionList) ion.prepare();
    for (const kernel of phases.currents) kernel.current();
    for (let i = 0; i < nodes; i++) d[i] = (d[i] as number) + (capacitance[i] as number);
    assembleAxial(tree, v, rhs, d, roots);
  }

  /** Says where the step failed: the first node whose own equation has no numbers, as it was before the solve. */
  function notFinite(): NotFiniteError {
    assemble();
    const bad = (i: number): boolean => !Number.isFinite(rhs[i]) || !Number.isFinite(d[i]);
    const node = v.findIndex((_, i) => bad(i));
    return new NotFiniteError({ timeMs: clock[CLOCK.t] as number, site: siteName(Math.max(0, node)) });
  }

  /** What is not a number anywhere in a tree is not a number at its root after one solve; `v` is still the state before. */
  function assertFinite(): void {
    for (let root = 0; root < roots; root++) if (!Number.isFinite(rhs[root])) throw notFinite();
  }

  function pass(time: number): void {
    clock[CLOCK.t] = (clock[CLOCK.t] as number) + time;
  }

  return {
    v,
    get t() {
      return clock[CLOCK.t] as number;
    },
    initialize(events) {
      startAt(circuit.vInit, { clock, v, phases, network, ions: ionList, evaluate: assemble }, events);
      started = true;
    },
    step() {
      if (!started) throw new UsageError('a simulation is initialized before it steps');
      for (const kernel of phases.tables) kernel.tables();
      network.check(v);
      network.deliver((clock[CLOCK.t] as number) + 0.5 * dt);
      pass(0.5 * dt);
      assemble();
      solveTree(tree, rhs, d, roots);
      assertFinite();
      if (order === 2) for (const ion of ionList) ion.correct(rhs);
      for (let i = 0; i < nodes; i++) v[i] = (v[i] as number) + gain * (rhs[i] as number);
      pass(0.5 * dt);
      for (const kernel of phases.states) kernel.state();
      spreading.step(dt);
      phases.afterSolve();
      phases.beforeStep();
      network.deliver(clock[CLOCK.t] as number);
    },
    instances: (mechanism, field) => kernelAt(kernels, mechanism).instance(field),
    globals: (mechanism, field) => kernelAt(kernels, mechanism).global(field),
    ion(name) {
      const ion = ions.get(name);
      if (ion === undefined) throw new UsageError(`nothing here uses an ion named ${name}`);
      return ion;
    },
    firings: network.firings,
    weights: network.weights,
  };
}

/** 0.001·cj·cm by node (mS/cm²), which a step adds to the diagonal after all conductances. */
export function scaledCapacitance(cm: Float64Array, cj: number): Float64Array {
  const factor = 0.001 * cj;
  return cm.map((value) => factor * value);
}

export function kernelAt(kernels: readonly LinkedKernel[], mechanism: number): LinkedKernel {
  const kernel = kernels[mechanism];
  if (kernel === undefined) throw new UsageError(`there is no mechanism ${mechanism}; there are ${kernels.length}`);
  return kernel;
}
