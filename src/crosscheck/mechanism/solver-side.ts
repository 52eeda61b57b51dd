/** The solver's side of a probe: the circuit that the probe describes, on NEURON's tree, run and recorded column by column. */
import { isTwincellError, UsageError } from '../../errors.ts';
import type { CompiledKernel } from '../../kernel/index.ts';
import type { LibmName } from '../../libm/index.ts';
import type { Circuit, EventSource, MechanismPlacement, NetConPlacement, PointerSource } from '../../solver/circuit.ts';
import { createSimulation, type Simulation } from '../../solver/simulation.ts';
import type { ProbeRecord } from './neuron-side.ts';
import type { Probe, ProbeColumn, ProbeTarget } from './protocol.ts';

/** Compiled mechanisms by name. */
export type Kernels = (mechanism: string) => CompiledKernel;

export interface SolverRecord {
  /** As NEURON's, row for row; a column that the solver does not know is NaN throughout and listed in `missing`. */
  readonly samples: Float64Array;
  readonly missing: ReadonlySet<number>;
  /** Steps that ran; fewer than asked where the voltage stopped being a number. */
  readonly steps: number;
  readonly events: readonly (readonly number[])[];
}

/** Runs a probe as NEURON ran it: same tree, same order of mechanisms, same columns. */
export function runInSolver(probe: Probe, record: ProbeRecord, kernels: Kernels, libm: LibmName): SolverRecord {
  const { circuit, simulation, listeners } = simulationOf(probe, record, kernels, libm);
  simulation.initialize();
  const { readers, missing } = readersOf(circuit, simulation, record.columns);
  const width = record.columns.length;
  const samples = new Float64Array((probe.steps + 1) * width).fill(Number.NaN);
  const take = (step: number) => {
    for (let k = 0; k < width; k++) samples[step * width + k] = readers[k]?.() ?? Number.NaN;
  };
  take(0);
  let step = 0;
  try {
    while (step < probe.steps) {
      simulation.step();
      take(++step);
    }
  } catch (error) {
    if (!isTwincellError(error, 'NotFinite')) throw error;
  }
  return { samples, missing, steps: step, events: listeners.map((netcon) => simulation.firings(netcon)) };
}

/** The simulation of a probe's circuit, not yet initialized; `listeners` are the NetCons that note events. */
export function simulationOf(
  probe: Probe,
  record: ProbeRecord,
  kernels: Kernels,
  libm: LibmName,
): { circuit: Circuit; simulation: Simulation; listeners: number[] } {
  const { circuit, listeners } = circuitOf(probe, record, kernels);
  return { circuit, listeners, simulation: createSimulation(circuit, { dt: probe.dt, order: probe.order, libm }) };
}

function circuitOf(probe: Probe, record: ProbeRecord, kernels: Kernels): { circuit: Circuit; listeners: number[] } {
  const { nodes } = record;
  const places = placesOf(probe, nodes);
  const names = record.mechanismOrder.filter((name) => record.instances[name] !== undefined);
  const mechanisms = names.map((name) => placement(name, probe, record, kernels(name), places, names));
  const indexOf = (mechanism: string): number => names.indexOf(mechanism);
  const instance = (target: ProbeTarget) => {
    const entries = 'point' in target ? probe.points : probe.cells;
    const number = 'point' in target ? target.point : target.cell;
    const mechanism = entries[number]?.mechanism ?? '';
    return { mechanism: indexOf(mechanism), instance: instanceNumber(probe, record, target, mechanism, places) };
  };
  const netcons = probe.connections.map((one): NetConPlacement => {
    const target = instance(one.target);
    const count = mechanisms[target.mechanism]?.kernel.program.weights.length ?? 0;
    return {
      source: sourceOf(one.source, instance, places),
      target,
      // NetCon.event delivers at the very time, whatever the delay.
      delay: 'times' in one.source ? 0 : one.delay,
      weights: Array.from({ length: count }, (_, k) => one.weights[k] ?? 0),
    };
  });
  const listening = record.events.map(
    ({ mechanism, instance }): NetConPlacement => ({
      source: { kind: 'instance', mechanism: indexOf(mechanism), instance },
      target: null,
      delay: 1,
      weights: [],
    }),
  );
  const circuit: Circuit = {
    celsius: probe.celsius,
    vInit: probe.vInit,
    nodes: nodes.parent.length,
    parent: nodes.parent,
    axialA: nodes.axialA,
    axialB: nodes.axialB,
    area: nodes.area,
    diameter: nodes.diameter,
    cm: nodes.cm,
    lengths: nodes.length,
    sections: nodes.section,
    mechanisms,
    ions: ionsOf(probe, record),
    netcons: [...netcons, ...listening],
  };
  return { circuit, listeners: listening.map((_, k) => netcons.length + k) };
}

function ionsOf(probe: Probe, record: ProbeRecord): Circuit['ions'] {
  const known = Object.entries(record.valences).map(([ion, valence]) => {
    const set = probe.ions.find((one) => one.ion === ion);
    const reversal = set?.reversal;
    return [
      ion,
      {
        valence,
        ...(set?.inside0 === undefined ? {} : { inside0: set.inside0 }),
        ...(set?.outside0 === undefined ? {} : { outside0: set.outside0 }),
        ...(reversal === undefined ? {} : { reversal: new Float64Array(record.nodes.parent.length).fill(reversal) }),
      },
    ] as const;
  });
  return new Map(known);
}

/** Node of a place in a section. */
type Places = (section: number, x: number) => number;

/** Nodes as NEURON numbered them: roots come first, and children of a section not always in the order they were made. */
function placesOf(probe: Probe, { section: sections, segment: segments }: ProbeRecord['nodes']): Places {
  return (section, x) => {
    const nseg = probe.sections[section]?.nseg ?? 1;
    const segment = Math.min(nseg - 1, Math.floor(x * nseg));
    return sections.findIndex((one, node) => one === section && segments[node] === segment);
  };
}

/** NEURON's number of a point process or artificial cell among those of its mechanism. */
function instanceNumber(
  probe: Probe,
  record: ProbeRecord,
  target: ProbeTarget,
  mechanism: string,
  places: Places,
): number {
  if ('cell' in target) return probe.cells.slice(0, target.cell).filter((one) => one.mechanism === mechanism).length;
  const order = pointOrder(probe, mechanism, places);
  const found = order.indexOf(target.point);
  return found >= 0 && found < (record.instances[mechanism]?.length ?? 0) ? found : 0;
}

/** Point processes of a mechanism, as numbers in `points`, in NEURON's order of instances: by node, and on a node the last made first. */
function pointOrder(probe: Probe, mechanism: string, places: Places): number[] {
  return probe.points
    .map((point, index) => ({ index, node: places(point.section, point.x), mechanism: point.mechanism }))
    .filter((one) => one.mechanism === mechanism)
    .sort((a, b) => a.node - b.node || b.index - a.index)
    .map(({ index }) => index);
}

function sourceOf(
  source: Probe['connections'][number]['source'],
  instance: (target: ProbeTarget) => { mechanism: number; instance: number },
  places: Places,
): EventSource {
  if ('times' in source) return { kind: 'times', times: Float64Array.from(source.times) };
  if ('threshold' in source) {
    return { kind: 'voltage', node: places(source.section, source.x), threshold: source.threshold };
  }
  return { kind: 'instance', ...instance(source) };
}

function placement(
  name: string,
  probe: Probe,
  record: ProbeRecord,
  kernel: CompiledKernel,
  places: Places,
  names: readonly string[],
): MechanismPlacement {
  const nodes = Int32Array.from(record.instances[name] ?? []);
  const own = (pointer: Probe['pointers'][number]): PointerSource[] => {
    const source = pointerSource(pointer, record, names, places);
    return Array.from(nodes, () => source);
  };
  return {
    kernel,
    nodes,
    parameters: parametersOf(name, probe, kernel, places),
    globals: new Map(probe.globals.filter((one) => one.mechanism === name).map((one) => [one.name, one.value])),
    pointers: new Map(probe.pointers.filter((one) => one.mechanism === name).map((one) => [one.name, own(one)])),
    randoms: new Map(
      probe.randoms.flatMap((one, k) =>
        one.mechanism === name
          ? [[one.name, Array.from(nodes, (_, i): [number, number, number] => [i + 1, k + 1, 7])] as const]
          : [],
      ),
    ),
    tables: new Map(
      probe.tables
        // A table that no phase looks up is not in the program.
        .filter(
          (one) => one.mechanism === name && kernel.program.functionTables.some((table) => table.name === one.name),
        )
        .map((one) => [
          one.name,
          { abscissae: Float64Array.from(one.abscissae), values: Float64Array.from(one.values) },
        ]),
    ),
  };
}

function pointerSource(
  { section, x, of }: Probe['pointers'][number],
  record: ProbeRecord,
  names: readonly string[],
  places: Places,
): PointerSource {
  const node = places(section, x);
  if (of === null) return { kind: 'v', node };
  const instance = record.instances[of.mechanism]?.indexOf(node) ?? 0;
  return { kind: 'instance', mechanism: names.indexOf(of.mechanism), instance, variable: of.variable, index: 0 };
}

/** Parameters of all instances, in NEURON's order of instances. */
function parametersOf(
  name: string,
  probe: Probe,
  kernel: CompiledKernel,
  places: Places,
): ReadonlyMap<string, number | Float64Array> {
  const density = probe.densities.find((one) => one.mechanism === name);
  if (density !== undefined) return new Map(Object.entries(density.parameters));
  const points = pointOrder(probe, name, places).map((index) => probe.points[index]?.parameters ?? {});
  const each = [...points, ...probe.cells.filter((one) => one.mechanism === name).map((one) => one.parameters)];
  const set = new Set(each.flatMap((one) => Object.keys(one)));
  return new Map(
    [...set].map((parameter) => {
      const field = kernel.program.instance.find((one) => one.name === parameter);
      const length = field?.length ?? 1;
      const values = each.flatMap((one) => new Array<number>(length).fill(one[parameter] ?? field?.initial ?? 0));
      return [parameter, Float64Array.from(values)];
    }),
  );
}

type Reader = () => number;

/** How each column is read of a simulation; where the solver has no such number, the column is missing. */
function readersOf(circuit: Circuit, simulation: Simulation, columns: readonly ProbeColumn[]) {
  const missing = new Set<number>();
  const readers = columns.map((column, index): Reader | null => {
    const found = arrayOf(circuit, simulation, column);
    if (found === null || found.index >= found.array.length) {
      missing.add(index);
      return null;
    }
    return () => found.array[found.index] as number;
  });
  return { readers, missing };
}

function arrayOf(
  circuit: Circuit,
  simulation: Simulation,
  { kind, owner, variable, place, element }: ProbeColumn,
): { array: Float64Array; index: number } | null {
  if (kind === 'v') return { array: simulation.v, index: place };
  if (kind === 'ion') {
    const store = simulation.ion(owner);
    const field = variable as 'reversal' | 'inside' | 'outside' | 'current' | 'slope';
    return { array: store[field], index: place };
  }
  const mechanism = circuit.mechanisms.findIndex(({ kernel }) => kernel.program.name === owner);
  const program = circuit.mechanisms[mechanism]?.kernel.program;
  if (program === undefined) throw new UsageError(`the circuit has no ${owner}`);
  const fields = kind === 'instance' ? program.instance : program.global;
  const field = fields.find((one) => one.name === variable);
  if (field === undefined) return null;
  return kind === 'instance'
    ? { array: simulation.instances(mechanism, variable), index: place * field.length + element }
    : { array: simulation.globals(mechanism, variable), index: element };
}
