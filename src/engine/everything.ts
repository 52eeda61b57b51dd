/** Recording everything that a simulation of the solver has, step by step. */
import type { Field, IonField } from '../kernel/program.ts';
import type { Circuit, MechanismPlacement } from '../solver/circuit.ts';
import type { Simulation } from '../solver/simulation.ts';
import type { RecordedVariable, VariableKind, WindowRecord } from './window.ts';

/** Where the numbers of a variable stand. */
interface Source {
  readonly array: Float64Array;
  readonly index: number;
}

export interface EverythingRecorder {
  /** Takes the present values as the next sample. */
  take(timeMs: number): void;
  /** What was taken, as steps from `firstStep` on. */
  record(firstStep: number): WindowRecord;
}

/** A recorder of every potential, every ion's variables and every variable of every mechanism. */
export function recordEverything(
  circuit: Circuit,
  simulation: Simulation,
  siteName: (node: number) => string = (node) => `node ${node}`,
): EverythingRecorder {
  const entries = [
    ...voltages(circuit, simulation, siteName),
    ...ions(circuit, simulation, siteName),
    ...circuit.mechanisms.flatMap((placement, order) => ofMechanism(placement, order, simulation, siteName)),
  ];
  const times: number[] = [];
  const rows: Float64Array[] = [];
  return {
    take(timeMs) {
      times.push(timeMs);
      rows.push(Float64Array.from(entries, ({ source }) => source.array[source.index] as number));
    },
    record(firstStep) {
      const samples = new Float64Array(rows.length * entries.length);
      for (const [k, row] of rows.entries()) samples.set(row, k * entries.length);
      const variables = entries.map(({ variable }) => variable);
      return { firstStep, timesMs: Float64Array.from(times), variables, samples };
    },
  };
}

interface Entry {
  readonly variable: RecordedVariable;
  readonly source: Source;
}

type SiteName = (node: number) => string;

/** Mechanisms with instances at a node that satisfy a condition, in order. */
function writersAt(
  circuit: Circuit,
  condition: (placement: MechanismPlacement) => boolean,
): (node: number) => { names: string[]; order: number } {
  const byNode = new Map<number, number[]>();
  for (const [order, placement] of circuit.mechanisms.entries()) {
    if (!condition(placement)) continue;
    for (const node of new Set(placement.nodes)) byNode.set(node, [...(byNode.get(node) ?? []), order]);
  }
  return (node) => {
    const orders = byNode.get(node) ?? [];
    const names = orders.map((order) => circuit.mechanisms[order]?.kernel.program.name ?? '');
    return { names, order: orders[0] ?? -1 };
  };
}

function voltages(circuit: Circuit, { v }: Simulation, siteName: SiteName): Entry[] {
  const writers = writersAt(circuit, ({ kernel }) => kernel.program.phases.current !== undefined);
  return Array.from({ length: circuit.nodes }, (_, node) => {
    const { names, order } = writers(node);
    return entry({ name: 'v', kind: 'voltage', writers: names, order, node, site: siteName(node) }, v, node);
  });
}

const ION_VARIABLES = [
  { field: 'reversal', kind: 'concentration' },
  { field: 'inside', kind: 'concentration' },
  { field: 'outside', kind: 'concentration' },
  { field: 'current', kind: 'current' },
  { field: 'slope', kind: 'slope' },
] as const;

/** `cai` for the ion ca and its field `inside`. */
export function ionVariableName(ion: string, field: string): string {
  const names = new Map([
    ['reversal', `e${ion}`],
    ['inside', `${ion}i`],
    ['outside', `${ion}o`],
    ['current', `i${ion}`],
    ['slope', `di${ion}/dv`],
  ]);
  return names.get(field) ?? `${ion}.${field}`;
}

/** `Ih.m`, `Ih.a[2]`. */
export function mechanismVariableName(mechanism: string, variable: string, length: number, element: number): string {
  return `${mechanism}.${variable}${length > 1 ? `[${element}]` : ''}`;
}

/** The reversal potential follows the concentrations, the slope the current. */
const WRITTEN_WITH: Readonly<Record<string, readonly IonField[]>> = {
  reversal: ['reversal', 'inside', 'outside'],
  inside: ['inside'],
  outside: ['outside'],
  current: ['current'],
  slope: ['current'],
};

function ions(circuit: Circuit, simulation: Simulation, siteName: SiteName): Entry[] {
  const programs = circuit.mechanisms.map(({ kernel }) => kernel.program);
  const names = [...new Set(programs.flatMap((program) => program.ions.map(({ ion }) => ion)))];
  return names.flatMap((ion) => {
    const nodes = new Set(
      circuit.mechanisms.flatMap(({ kernel, nodes: of }) =>
        kernel.program.ions.some((use) => use.ion === ion) ? [...of] : [],
      ),
    );
    const store = simulation.ion(ion);
    return ION_VARIABLES.flatMap(({ field, kind }) => {
      const fields = WRITTEN_WITH[field] ?? [];
      const writers = writersAt(circuit, ({ kernel }) =>
        kernel.program.ions.some((use) => use.ion === ion && use.writes.some((one) => fields.includes(one.field))),
      );
      return [...nodes]
        .sort((a, b) => a - b)
        .map((node) => {
          const of = writers(node);
          const variable = {
            name: ionVariableName(ion, field),
            kind,
            writers: of.names,
            order: of.order,
            node,
            site: siteName(node),
          };
          return entry(variable, store[field], node);
        });
    });
  });
}

function ofMechanism(
  { kernel, nodes }: MechanismPlacement,
  order: number,
  simulation: Simulation,
  siteName: SiteName,
): Entry[] {
  const { program } = kernel;
  const currents = new Set(program.currents.map(({ variable }) => variable));
  const common = { mechanism: program.name, writers: [program.name], order };
  const names = ({ name, length }: Field, element: number): string =>
    mechanismVariableName(program.name, name, length, element);
  const seen = (field: Field): boolean => field.visible || field.role === 'state' || currents.has(field.name);
  const places = [...nodes].map((node, index) => ({ node, index, instance: nthAtNode(nodes, index) }));
  const instances = program.instance.filter(seen).flatMap((field) => {
    const array = simulation.instances(order, field.name);
    return places.flatMap(({ node, index, instance }) =>
      Array.from({ length: field.length }, (_, element) => {
        const kind = kindOf(field, currents);
        const site = node < 0 ? `${program.name} ${instance}` : siteName(node);
        const variable = { ...common, name: names(field, element), kind, node, instance, site };
        return entry(variable, array, index * field.length + element);
      }),
    );
  });
  const globals = program.global
    .filter(({ visible }) => visible)
    .flatMap((field) => {
      const array = simulation.globals(order, field.name);
      return Array.from({ length: field.length }, (_, element) => {
        const kind = kindOf(field, currents);
        return entry(
          { ...common, name: names(field, element), kind, node: -1, instance: null, site: '' },
          array,
          element,
        );
      });
    });
  return [...instances, ...globals];
}

/** How many instances before this one are at its node. */
function nthAtNode(nodes: Int32Array, index: number): number {
  const node = nodes[index];
  return nodes.subarray(0, index).filter((other) => other === node).length;
}

function kindOf({ name, role }: Field, currents: ReadonlySet<string>): VariableKind {
  if (currents.has(name)) return 'current';
  if (role === 'parameter' || role === 'constant') return 'parameter';
  return role === 'state' ? 'state' : 'assigned';
}

function entry(
  variable: Omit<RecordedVariable, 'mechanism' | 'instance'> & Partial<RecordedVariable>,
  array: Float64Array,
  index: number,
): Entry {
  return { variable: { mechanism: null, instance: null, ...variable }, source: { array, index } };
}
