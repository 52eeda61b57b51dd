/** The fixed step on an arranged circuit. The start is the JavaScript kernels' on the same memory; steps are compiled. */
import { NotFiniteError, UsageError } from '../../errors.ts';
import { CLOCK, type LinkedKernel } from '../../kernel/linkage.ts';
import type { Field } from '../../kernel/program.ts';
import { probeFeatures } from '../../kernel/wasm/codegen/index.ts';
import type { KeptStore } from '../../kernel/wasm/kept.ts';
import { libmNamed } from '../../libm/index.ts';
import type { Circuit } from '../circuit.ts';
import { createIons } from '../ions.ts';
import { linkMechanisms } from '../mechanism-links.ts';
import { FAST_TOLERANCE } from '../mode.ts';
import { createNetwork } from '../network.ts';
import { phasesOf, startAt } from '../phases.ts';
import { createPlayer } from '../played.ts';
import {
  createSimulation,
  kernelAt,
  type Simulation,
  type SimulationOptions,
  scaledCapacitance,
} from '../simulation.ts';
import { type Arena, createArena } from './arena.ts';
import { type Arrangement, arrangeChannels, arrangeCircuit, type Permutation } from './arrange.ts';
import { TABLE_ROOM } from './fast.ts';
import { eventsMovePotential, needsReference } from './fitness.ts';
import { type BoundKinds, bindKinds } from './kinds.ts';
import type { StepProbe } from './probe.ts';
import { createCompiledTree } from './tree-code.ts';
import { createViews } from './views.ts';

export interface CompiledOptions extends SimulationOptions {
  readonly mode: 'exact' | 'fast';
  /**
   * Mode fast: largest relative error of the coefficients by which tables move states on, `FAST_TOLERANCE` where absent. What
   * cannot be tabulated so is computed as in mode exact.
   */
  readonly fastError?: number;
  /** `javascript`: no plans, the mechanisms' JavaScript kernels alone; for comparison. */
  readonly kernels?: 'compiled' | 'javascript';
  /** Nodes whose potentials a step brings up to date in `v`; all where absent. */
  readonly shown?: Iterable<number>;
  /** For profiles. */
  readonly probe?: StepProbe;
  /** Whether V8's 256-bit revectorizer shall be able to join vectors. */
  readonly pairable?: boolean;
  /** Where other processes have left what is made of a circuit; it is made anew where absent. */
  readonly kept?: KeptStore;
}

/** Numbers a compartment may need besides its mechanisms' and ions': what plans make and keep. */
const ROOM = 512;
/** Tables of vector functions, uniforms, alignment. */
const FIXED_ROOM = 65536;

/** A simulation as `createSimulation` makes it, up to rounding; what a caller reads is in the circuit's own order. */
export function createCompiledSimulation(original: Circuit, options: CompiledOptions): Simulation {
  if (needsReference(original) !== null) return createSimulation(original, options);
  const { dt, order } = options;
  if (!(dt > 0)) throw new UsageError(`the time step must be above 0 ms, not ${dt}`);
  const siteName = options.siteName ?? ((node) => `node ${node}`);
  const tolerance = options.mode === 'fast' ? (options.fastError ?? FAST_TOLERANCE) : null;
  const { arrangement, arena } = laidOut(original, tolerance === null ? 0 : TABLE_ROOM);
  const { circuit, nodes: places } = arrangement;
  const { nodes } = circuit;
  // The solve has two nodes more, that stand alone.
  const v = arena.numbers(nodes + 2).subarray(0, nodes);
  const [rhs, d] = [arena.numbers(nodes), arena.numbers(nodes)];
  const seen = arena.numbers(original.nodes);
  const watched = new Set(circuit.netcons.flatMap(({ source }) => (source.kind === 'voltage' ? [source.node] : [])));
  const isBare = (node: number): boolean =>
    bare.some(({ start, count }) => node >= start && node < start + count) &&
    circuit.cm[node] === 0 &&
    !watched.has(node);
  const isCopy = (node: number): boolean => places.to[places.from[node] as number] !== node;
  const clock = Float64Array.of(0, dt, circuit.celsius, order === 1 ? 0 : 2);
  const kernels: LinkedKernel[] = [];
  const libm = libmNamed(options.libm);
  const ions = createIons(nodes, circuit.celsius, circuit.mechanisms, circuit.ions, libm, arena.numbers);
  const ionList = [...ions.values()];
  const sizeOf = (mechanism: number): number => circuit.mechanisms[mechanism]?.kernel.program.weights.length ?? 0;
  const player = createPlayer(arrangeChannels(arrangement, options.channels ?? []), sizeOf);
  const network = createNetwork({ placements: circuit.netcons, kernels, clock, player });
  const nameAt = (node: number): string => siteName(places.from[node] as number);
  linkMechanisms(
    {
      circuit,
      v,
      rhs,
      d,
      clock,
      ions,
      libm,
      siteName: nameAt,
      sink: network.sink,
      storage: (_owner, { initial }, length) => arena.numbers(length).fill(initial),
    },
    kernels,
  );
  const phases = phasesOf(kernels, circuit.mechanisms, ions);
  const bare = arrangement.kinds.filter(({ slots }) => slots.length === 0);
  const jumping = circuit.mechanisms.some(({ kernel }) => eventsMovePotential(kernel.program));
  const tree = createCompiledTree({
    circuit,
    capacitance: scaledCapacitance(circuit.cm, order === 1 ? 1 / dt : 2 / dt),
    v,
    rhs,
    d,
    seen,
    places: places.to,
    ...(options.shown && { shown: options.shown }),
    arena,
    order,
    real: (node) => !isCopy(node),
    follows: (node) => !jumping && isBare(node),
    fused: probeFeatures().relaxedMadd,
    base: circuit.vInit,
  });
  const views = createViews();
  const { probe, kept } = options;
  const wanted = new Set<string>();
  let wantsAll =
    network.readsInstances() || kernels.some(({ count, program }) => count > 0 && program.phases.hooks.length > 0);
  let kinds: BoundKinds | null = null;
  let started = false;

  function currentsAsWritten(): void {
    rhs.fill(0);
    d.fill(0);
    for (const ion of ionList) ion.prepare();
    for (const kernel of phases.currents) kernel.current();
  }

  function assemble(): void {
    phases.beforeBreakpoint();
    if (kinds === null) {
      currentsAsWritten();
      return;
    }
    // The solve leaves the potential's change there with order 2.
    if (order === 2) for (const { start, count } of bare) rhs.fill(0, start, start + count);
    kinds.current();
  }

  /** Says where the step failed: the first node whose membrane has no numbers; `v` is still the state before. */
  function notFinite(): NotFiniteError {
    assemble();
    const bad = (node: number): boolean => {
      const place = places.to[node] as number;
      return !Number.isFinite(rhs[place]) || !Number.isFinite(d[place]);
    };
    const node = seen.findIndex((_, one) => bad(one));
    return new NotFiniteError({ timeMs: clock[CLOCK.t] as number, site: siteName(Math.max(0, node)) });
  }

  function bind(): BoundKinds | null {
    return bindKinds({
      ...(probe && { probe }),
      ...(kept && { kept }),
      arrangement,
      arena,
      kernels,
      ions,
      v,
      rhs,
      d,
      clock,
      libm,
      order,
      observed: (mechanism, field) => wanted.has(`${mechanism} ${field}`),
      keepAll: wantsAll,
      jumping,
      tolerance,
      pairable: options.pairable === true,
    });
  }

  function pass(time: number): void {
    clock[CLOCK.t] = (clock[CLOCK.t] as number) + time;
  }

  /** Steps leave out what nothing reads. */
  function assertKept(what: string): void {
    if (!started || kinds === null) return;
    throw new UsageError(`${what} is not among what this simulation keeps`, {
      remedy: 'Ask for it before the first start: then it is kept.',
    });
  }

  return {
    v: seen,
    get t() {
      return clock[CLOCK.t] as number;
    },
    initialize(events) {
      views.accept();
      const evaluate = (): void => {
        phases.beforeBreakpoint();
        currentsAsWritten();
      };
      startAt(circuit.vInit, { clock, v, phases, network, ions: ionList, evaluate }, events);
      if (!started && options.kernels !== 'javascript') kinds = bind();
      if (kinds?.start() === false) {
        kinds = bind();
        kinds?.start();
      }
      started = true;
      tree.publishAll();
      views.refresh();
    },
    step() {
      if (!started) throw new UsageError('a simulation is initialized before it steps');
      for (const kernel of phases.tables) kernel.tables();
      network.check(v);
      network.deliver((clock[CLOCK.t] as number) + 0.5 * dt);
      pass(0.5 * dt);
      probe?.passed('events');
      assemble();
      probe?.passed('currents');
      if (!tree.eliminate()) throw notFinite();
      probe?.passed('eliminate');
      tree.substitute();
      probe?.passed('substitute');
      if (kinds === null && order === 2) for (const ion of ionList) ion.correct(rhs);
      pass(0.5 * dt);
      if (kinds === null) for (const kernel of phases.states) kernel.state();
      else kinds.state();
      probe?.passed('states');
      phases.afterSolve();
      phases.beforeStep();
      network.deliver(clock[CLOCK.t] as number);
      probe?.passed('events');
      tree.publish();
      views.refresh();
      probe?.passed('publish');
    },
    instances(mechanism, field) {
      const kernel = kernelAt(kernels, mechanism);
      const length = kernel.field(field)?.length ?? 1;
      const origin = kernel.instance(field);
      if (!views.has(origin) && !isState(kernel, field)) assertKept(`${kernel.program.name}.${field}`);
      wanted.add(`${mechanism} ${field}`);
      return views.of(origin, (arrangement.instances[mechanism] as Permutation).to, length);
    },
    globals: (mechanism, field) => kernelAt(kernels, mechanism).global(field),
    ion(name) {
      const ion = ions.get(name);
      if (ion === undefined) throw new UsageError(`nothing here uses an ion named ${name}`);
      if (!wantsAll) assertKept(`ion ${name}`);
      wantsAll = true;
      const view = (values: Float64Array): Float64Array => views.of(values, places.to, 1);
      const { reversal, inside, outside, current, slope } = ion;
      return {
        reversal: view(reversal),
        inside: view(inside),
        outside: view(outside),
        current: view(current),
        slope: view(slope),
      };
    },
    firings: network.firings,
    weights: network.weights,
  };
}

/** The circuit arranged, its geometry in a memory with room for the rest. */
function laidOut(original: Circuit, more: number): { readonly arrangement: Arrangement; readonly arena: Arena } {
  const arrangement = arrangeCircuit(original);
  const { nodes, mechanisms, area, diameter } = arrangement.circuit;
  const fields = mechanisms.map(({ kernel: { program }, nodes: { length } }) => {
    const sum = (list: readonly Field[], count: number): number =>
      list.reduce((total, field) => total + 2 + count * field.length, 0);
    return sum(program.instance, length) + sum(program.global, 1);
  });
  const arena = createArena(fields.reduce((a, b) => a + b, nodes * ROOM + FIXED_ROOM + more));
  const circuit = { ...arrangement.circuit, area: arena.copy(area), diameter: arena.copy(diameter) };
  return { arrangement: { ...arrangement, circuit }, arena };
}

/** What is kept up to date without being asked for. */
function isState({ program }: LinkedKernel, name: string): boolean {
  return program.instance.some((field) => field.name === name && field.role === 'state');
}
