/**
 * A circuit in the order in which compiled code runs it: compartments of one kind, which have the same mechanisms, stand
 * together, and so do the instances of each mechanism on them, so that a field of a mechanism is a contiguous column of the
 * kind. Kinds are padded to whole vectors by copies of a compartment that hang on nothing.
 */
import type { Circuit, EventSource, IonSettings, MechanismPlacement, NetConPlacement } from '../circuit.ts';
import type { Channel } from '../played.ts';

/** Compartments that code takes at once. */
const GROUP = 4;

/** A mechanism of a kind, or one of several of its point processes on each compartment. */
export interface KindSlot {
  /** Index into the circuit's mechanisms. */
  readonly mechanism: number;
  /** Instance on the kind's first compartment; those on the others follow it. */
  readonly first: number;
}

/** Compartments with the same mechanisms, next to one another in the arranged circuit. */
export interface Kind {
  readonly start: number;
  /** With the copies; a multiple of 4 where there are slots. */
  readonly count: number;
  /** In NEURON's order. */
  readonly slots: readonly KindSlot[];
}

/** Where things of a circuit stand in its arrangement, and back. */
export interface Permutation {
  /** By place in the caller's circuit. */
  readonly to: Int32Array;
  /** By place in the arrangement; a copy gives what it is a copy of. */
  readonly from: Int32Array;
}

export interface Arrangement {
  /** Parents no longer come before their children, nor roots first. */
  readonly circuit: Circuit;
  readonly kinds: readonly Kind[];
  readonly nodes: Permutation;
  /** By mechanism. */
  readonly instances: readonly Permutation[];
}

/** Compartments of one kind before they have a place, by the caller's nodes. */
interface Group {
  readonly nodes: number[];
  /** Mechanisms in order, one as often as a compartment has it. */
  readonly mechanisms: readonly number[];
}

export function arrangeCircuit(circuit: Circuit): Arrangement {
  const held = instancesByNode(circuit);
  const groups = groupsOf(circuit, held);
  const nodes = permutation(circuit.nodes, groups.flatMap(paddedNodes));
  const orders = circuit.mechanisms.map(({ nodes: own }, mechanism) => instanceOrder(own, mechanism, groups, held));
  const instances = orders.map((order, m) => permutation(circuit.mechanisms[m]?.nodes.length ?? 0, order));
  return {
    circuit: permuted(circuit, groups, nodes, instances),
    kinds: kindsOf(groups, circuit.mechanisms.length),
    nodes,
    instances,
  };
}

/** The channels of played events, where their instances now stand. */
export function arrangeChannels({ instances }: Arrangement, channels: readonly Channel[]): Channel[] {
  return channels.map(({ mechanism, instance }) => ({
    mechanism,
    instance: instances[mechanism]?.to[instance] ?? instance,
  }));
}

/** By node: its instances of each mechanism, in order. */
function instancesByNode({ nodes, mechanisms }: Circuit): Map<number, number[]>[] {
  const held = Array.from({ length: nodes }, () => new Map<number, number[]>());
  for (const [mechanism, placement] of mechanisms.entries()) {
    for (const [instance, node] of placement.nodes.entries()) {
      const here = held[node];
      if (here === undefined) continue;
      const list = here.get(mechanism);
      if (list === undefined) here.set(mechanism, [instance]);
      else list.push(instance);
    }
  }
  return held;
}

/** Nodes without mechanisms come last, and of them those that nothing hangs on: the solve may leave them out. */
function groupsOf({ nodes, parent }: Circuit, held: readonly Map<number, number[]>[]): Group[] {
  const groups = new Map<string, Group>();
  const bare: Group = { nodes: [], mechanisms: [] };
  for (let node = 0; node < nodes; node++) {
    const here = [...(held[node] ?? [])];
    const mechanisms = here.flatMap(([mechanism, instances]) => instances.map(() => mechanism));
    const key = mechanisms.join(' ');
    const group = key === '' ? bare : (groups.get(key) ?? { nodes: [], mechanisms });
    group.nodes.push(node);
    if (group !== bare) groups.set(key, group);
  }
  const parents = new Set(parent);
  const ordered = [true, false].flatMap((above) => bare.nodes.filter((node) => parents.has(node) === above));
  return [...groups.values(), ...(ordered.length > 0 ? [{ ...bare, nodes: ordered }] : [])];
}

/** The group's nodes and, to make whole vectors, its last one again. */
function paddedNodes({ nodes, mechanisms }: Group): number[] {
  const missing = mechanisms.length === 0 ? 0 : (GROUP - (nodes.length % GROUP)) % GROUP;
  return [...nodes, ...Array.from({ length: missing }, () => nodes.at(-1) ?? 0)];
}

/** A mechanism's instances in their new order: by kind, by which of a compartment's, by compartment. */
function instanceOrder(
  own: Int32Array,
  mechanism: number,
  groups: readonly Group[],
  held: readonly Map<number, number[]>[],
): number[] {
  const placed = groups.flatMap((group) => {
    const copies = group.mechanisms.filter((one) => one === mechanism).length;
    const padded = paddedNodes(group);
    return Array.from({ length: copies }, (_, copy) =>
      padded.map((node) => held[node]?.get(mechanism)?.[copy] ?? 0),
    ).flat();
  });
  const artificial = [...own.keys()].filter((instance) => (own[instance] as number) < 0);
  return [...placed, ...artificial];
}

function permutation(length: number, order: readonly number[]): Permutation {
  const to = new Int32Array(length).fill(-1);
  for (const [place, origin] of order.entries()) if (to[origin] === -1) to[origin] = place;
  return { to, from: Int32Array.from(order) };
}

function kindsOf(groups: readonly Group[], mechanisms: number): Kind[] {
  const next = new Int32Array(mechanisms);
  let start = 0;
  return groups.map((group) => {
    const count = paddedNodes(group).length;
    const slots = group.mechanisms.map((mechanism) => {
      const first = next[mechanism] as number;
      next[mechanism] = first + count;
      return { mechanism, first };
    });
    const kind = { start, count, slots };
    start += count;
    return kind;
  });
}

function permuted(
  circuit: Circuit,
  groups: readonly Group[],
  nodes: Permutation,
  instances: readonly Permutation[],
): Circuit {
  const column = (values: Float64Array): Float64Array =>
    Float64Array.from(nodes.from, (node) => values[node] as number);
  const isCopy = (place: number): boolean => nodes.to[nodes.from[place] as number] !== place;
  const alone = (values: Float64Array): Float64Array =>
    column(values).map((value, place) => (isCopy(place) ? 0 : value));
  const parent = Int32Array.from(nodes.from, (node, place) => {
    const above = circuit.parent[node] as number;
    return above < 0 || isCopy(place) ? -1 : (nodes.to[above] as number);
  });
  const instance = (mechanism: number, one: number): number => instances[mechanism]?.to[one] ?? one;
  const { lengths, sections, ...rest } = circuit;
  return {
    ...rest,
    nodes: nodes.from.length,
    parent,
    axialA: alone(circuit.axialA),
    axialB: alone(circuit.axialB),
    area: column(circuit.area),
    diameter: column(circuit.diameter),
    cm: column(circuit.cm),
    mechanisms: circuit.mechanisms.map((placement, m) =>
      placementOf(placement, m, groups, instances[m] as Permutation, nodes),
    ),
    ions: new Map([...circuit.ions].map(([name, settings]) => [name, settingsOf(settings, column)])),
    netcons: circuit.netcons.map((netcon) => netconOf(netcon, nodes, instance)),
  };
}

function placementOf(
  placement: MechanismPlacement,
  mechanism: number,
  groups: readonly Group[],
  { from }: Permutation,
  { to }: Permutation,
): MechanismPlacement {
  const { kernel } = placement;
  // A copy's instances stand on the copy, not on the node they were copied from.
  const places: number[] = [];
  let start = 0;
  for (const group of groups) {
    const { length } = paddedNodes(group);
    for (const one of group.mechanisms) if (one === mechanism) for (let k = 0; k < length; k++) places.push(start + k);
    start += length;
  }
  const nodes = Int32Array.from(from, (origin, k) => places[k] ?? to[placement.nodes[origin] as number] ?? -1);
  const sizes = new Map(kernel.program.instance.map(({ name, length }) => [name, length]));
  const parameters = new Map(
    [...placement.parameters].map(([name, value]) => [
      name,
      typeof value === 'number' ? value : reordered(value, from, sizes.get(name) ?? 1),
    ]),
  );
  return { ...placement, nodes, parameters };
}

function reordered(values: Float64Array, from: Int32Array, length: number): Float64Array {
  const out = new Float64Array(from.length * length);
  for (let k = 0; k < from.length; k++) {
    const origin = (from[k] as number) * length;
    out.set(values.subarray(origin, origin + length), k * length);
  }
  return out;
}

function settingsOf(settings: IonSettings, column: (values: Float64Array) => Float64Array): IonSettings {
  const { reversal, inside, outside, ...rest } = settings;
  return {
    ...rest,
    ...(reversal === undefined ? {} : { reversal: column(reversal) }),
    ...(inside === undefined ? {} : { inside: column(inside) }),
    ...(outside === undefined ? {} : { outside: column(outside) }),
  };
}

function netconOf(
  netcon: NetConPlacement,
  nodes: Permutation,
  instance: (mechanism: number, one: number) => number,
): NetConPlacement {
  const sourceOf = (source: EventSource): EventSource => {
    if (source.kind === 'voltage') return { ...source, node: nodes.to[source.node] as number };
    return source.kind === 'instance' ? { ...source, instance: instance(source.mechanism, source.instance) } : source;
  };
  const { target } = netcon;
  const reached = target === null ? null : { ...target, instance: instance(target.mechanism, target.instance) };
  return { ...netcon, source: sourceOf(netcon.source), target: reached };
}
