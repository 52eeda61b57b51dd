/** From compiled mechanisms to linked ones: their arrays, parameters, pointers and streams. */
import { RefusedError, UsageError } from '../errors.ts';
import type { EventSink, IonStore, LinkedKernel, PointerTarget, RandomStream, Storage } from '../kernel/linkage.ts';
import { createSharedRandom, type SharedRandom } from '../kernel/shared-random.ts';
import type { Libm } from '../libm/index.ts';
import type { Circuit, MechanismPlacement, PointerSource } from './circuit.ts';
import { createRandomStream } from './random.ts';

/** What all mechanisms of a circuit share. */
export interface Surroundings {
  readonly circuit: Circuit;
  readonly v: Float64Array;
  readonly rhs: Float64Array;
  readonly d: Float64Array;
  readonly clock: Float64Array;
  readonly ions: ReadonlyMap<string, IonStore>;
  readonly libm: Libm;
  readonly sink: (mechanism: number) => EventSink;
  readonly siteName: (node: number) => string;
  /** Where a mechanism's numbers stand; in arrays of their own where absent. */
  readonly storage?: Storage;
}

/** A pointer whose array is known once every mechanism has its own. */
type Pending = { -readonly [K in keyof PointerTarget]: PointerTarget[K] } & { readonly source: PointerSource };

/** Links all mechanisms, in order, into `kernels`, and sets what users set. */
export function linkMechanisms(around: Surroundings, kernels: LinkedKernel[]): void {
  const pending: Pending[] = [];
  const shared = createSharedRandom();
  for (const [index, placement] of around.circuit.mechanisms.entries()) {
    kernels[index] = link(around, placement, index, pending, shared);
  }
  for (const pointer of pending) pointer.array = arrayOf(around, kernels, pointer.source);
  for (const [index, placement] of around.circuit.mechanisms.entries()) {
    const kernel = kernels[index] as LinkedKernel;
    for (const [name, value] of placement.globals) setGlobal(kernel, name, value);
    for (const [name, { abscissae, values }] of placement.tables ?? []) kernel.setTable(name, abscissae, values);
    kernel.constructInstances();
    for (const [name, value] of placement.parameters) setInstances(kernel, name, value);
  }
}

function link(
  around: Surroundings,
  placement: MechanismPlacement,
  index: number,
  pending: Pending[],
  shared: SharedRandom,
): LinkedKernel {
  const { circuit, v, rhs, d, clock, ions, libm } = around;
  const { kernel, nodes } = placement;
  const { name } = kernel.program;
  return kernel.link({
    count: nodes.length,
    nodes,
    v,
    rhs,
    d,
    area: circuit.area,
    diameter: circuit.diameter,
    clock,
    ions,
    libm,
    events: around.sink(index),
    pointers: pointersOf(placement, pending),
    randoms: randomsOf(placement, libm),
    shared,
    ...(around.storage ? { storage: around.storage } : {}),
    fail(instance, message) {
      const node = nodes[instance] ?? -1;
      const site = node < 0 ? `${name}[${instance}]` : `${name} in ${around.siteName(node)}`;
      throw new RefusedError(`${site} at ${clock[0]} ms: ${message}`, { construct: `${name}: ${message}` });
    },
  });
}

/** @throws RefusedError where a POINTER has nothing to point at: NEURON would crash */
function pointersOf(
  { kernel, nodes, pointers }: MechanismPlacement,
  pending: Pending[],
): ReadonlyMap<string, readonly PointerTarget[]> {
  const targets = new Map<string, readonly PointerTarget[]>();
  for (const name of kernel.program.pointers) {
    const sources = pointers?.get(name) ?? [];
    if (sources.length < nodes.length) {
      throw new RefusedError(`POINTER ${name} of ${kernel.program.name} is not set: NEURON would stop as it is read`, {
        construct: `unset POINTER ${name} in ${kernel.program.name}`,
        remedy: `Say what ${name} points at.`,
      });
    }
    const mine = sources.map((source) => ({ source, array: new Float64Array(0), index: indexIn(source) }));
    pending.push(...mine);
    targets.set(name, mine);
  }
  return targets;
}

/** Where in its array a pointer's number stands; an instance's number has an array of its own. */
function indexIn(source: PointerSource): number {
  return source.kind === 'instance' ? 0 : source.node;
}

function arrayOf(around: Surroundings, kernels: readonly LinkedKernel[], source: PointerSource): Float64Array {
  if (source.kind === 'v') return around.v;
  if (source.kind === 'ion') {
    const ion = around.ions.get(source.ion);
    if (ion === undefined) throw new UsageError(`a POINTER names ion ${source.ion}, which nothing here uses`);
    return ion[source.field];
  }
  const kernel = kernels[source.mechanism];
  if (kernel === undefined) throw new UsageError(`a POINTER names mechanism ${source.mechanism}, which is not there`);
  const length = kernel.field(source.variable)?.length ?? 1;
  const start = source.instance * length + source.index;
  return kernel.instance(source.variable).subarray(start, start + 1);
}

function randomsOf({ kernel, nodes, randoms }: MechanismPlacement, libm: Libm): Map<string, readonly RandomStream[]> {
  return new Map(
    kernel.program.randoms.map((name) => {
      const ids = randoms?.get(name);
      return [name, Array.from(nodes, (_, k) => createRandomStream(ids?.[k] ?? [1, 0, k + 1], libm))];
    }),
  );
}

function setGlobal(kernel: LinkedKernel, name: string, value: number): void {
  kernel.global(name).fill(value);
}

function setInstances(kernel: LinkedKernel, name: string, value: number | Float64Array): void {
  const column = kernel.instance(name);
  if (typeof value === 'number') {
    column.fill(value);
    return;
  }
  if (value.length !== column.length) {
    throw new UsageError(`${kernel.program.name}.${name} takes ${column.length} numbers, not ${value.length}`);
  }
  column.set(value);
}
