/** From a cell's snapshot, its compiled mechanisms and the experiment's synapses to the circuit that a simulation runs. */
import { RefusedError } from '../errors.ts';
import type { CompiledKernel } from '../kernel/linkage.ts';
import type { KernelProgram } from '../kernel/program.ts';
import { type CellSnapshot, dendriteRows } from '../model/snapshot.ts';
import type { DoubleExponential, SynapseSet } from '../model/synapses.ts';
import type { Circuit, IonSettings, MechanismPlacement } from './circuit.ts';
import { writesConcentrations } from './ions.ts';
import type { Channel } from './played.ts';
import type { Mechanisms } from './sources.ts';

/** A step of current into a node of the snapshot, as NEURON's IClamp gives it. */
export interface NodeClamp {
  readonly node: number;
  readonly delayMs: number;
  readonly durationMs: number;
  /** nA, inwards positive. */
  readonly amplitudeNa: number;
}

export interface CellParts {
  readonly cell: CellSnapshot;
  readonly mechanisms: Mechanisms;
  /** On every dendritic segment; null for a cell without synapses. */
  readonly synapses: SynapseSet | null;
  readonly clamps?: readonly NodeClamp[];
}

/** Channels 0 to D-1 are the excitatory synapses of the D dendritic segments, D to 2D-1 the inhibitory ones. */
export interface CellCircuit {
  readonly circuit: Circuit;
  readonly channels: readonly Channel[];
}

/** No mechanism of the circuit's: capacitance and ions are parts of every step, events come as a table. */
const STRUCTURAL = /^(capacitance|morphology|TwincellPlayer)$|_ion$/;
const EXCITATORY = 'TwincellExcitatory';
const GABA = 'TwincellGaba';
const CLAMP = 'IClamp';

/**
 * The circuit of a cell, mechanisms in NEURON's order.
 * @throws RefusedError where a mechanism of the cell is not among the compiled ones
 */
export function cellCircuit({ cell, mechanisms: compiled, synapses, clamps = [] }: CellParts): CellCircuit {
  const rows = dendriteRows(cell);
  const mechanisms: MechanismPlacement[] = [];
  const channels = new Map<string, Channel[]>();
  for (const name of orderOf(cell, compiled, synapses !== null, clamps.length > 0)) {
    const kernel = kernelNamed(compiled, name);
    if (name === EXCITATORY || name === GABA) {
      if (synapses === null) continue;
      const mechanism = mechanisms.length;
      channels.set(
        name,
        Array.from(rows, (_, instance) => ({ mechanism, instance })),
      );
      const parameters = name === EXCITATORY ? excitatory(synapses) : inhibitory(synapses);
      mechanisms.push({ kernel, nodes: rows, parameters, globals: new Map() });
    } else if (name === CLAMP) mechanisms.push(clampsOf(kernel, clamps));
    else mechanisms.push(density(kernel, cell));
  }
  const { nodes, parent, axialA, axialB, area, diameter, cm, celsius, vInit } = cell;
  const ions = ionsOf(cell);
  const geometry = { nodes, parent, axialA, axialB, area, diameter, cm, lengths: cell.length, sections: cell.section };
  const circuit = { ...geometry, celsius, vInit, mechanisms, ions, netcons: [] };
  return { circuit, channels: [EXCITATORY, GABA].flatMap((name) => channels.get(name) ?? []) };
}

/** NEURON's order; the synapses' mechanisms come last where the snapshot was made without them. */
function orderOf(cell: CellSnapshot, { kernels }: Mechanisms, synapses: boolean, clamped: boolean): string[] {
  const order = new Set(cell.mechanismOrder.filter((name) => !STRUCTURAL.test(name) && name !== CLAMP));
  if (synapses) order.add(EXCITATORY).add(GABA);
  const names = [...order];
  if (!clamped) return names;
  // NEURON registers IClamp before any mechanism of a file; pas stands before the ions, and after them what writes
  // concentrations.
  const early = (name: string): boolean => name === 'pas' || writesAny(kernels.get(name)?.program);
  const place = names.findIndex((name) => !early(name));
  return [...names.slice(0, place < 0 ? names.length : place), CLAMP, ...(place < 0 ? [] : names.slice(place))];
}

function writesAny(program: KernelProgram | undefined): boolean {
  return program?.ions.some(({ ion }) => writesConcentrations(program, ion)) ?? false;
}

function kernelNamed({ kernels, refused }: Mechanisms, name: string): CompiledKernel {
  const kernel = kernels.get(name);
  if (kernel !== undefined) return reproducible(kernel);
  const reason = refused.get(name);
  const message =
    reason === undefined
      ? `the solver has no mechanism ${name}: none of the files it was given is of that name`
      : `the solver does not run mechanism ${name}: ${reason}`;
  throw new RefusedError(message, {
    construct: `mechanism ${name}`,
    remedy: 'Use --passive for a cell without active channels, or --engine neuron.',
  });
}

/** A stream that no one has named depends, in NEURON, on all that the process made before. */
function reproducible(kernel: CompiledKernel): CompiledKernel {
  const { name, randoms, file } = kernel.program;
  const [random] = randoms;
  if (random === undefined) return kernel;
  throw new RefusedError(`nothing says which stream RANDOM ${random} of ${name} (${file}) draws from`, {
    construct: `RANDOM ${random} in ${name}`,
    remedy: 'Use --engine neuron, whose default streams depend on what the process made before.',
  });
}

/** A density mechanism on every node at which the snapshot has it; what the snapshot does not say is as in the file. */
function density(kernel: CompiledKernel, cell: CellSnapshot): MechanismPlacement {
  const prefix = `${kernel.program.name}.`;
  const columns = [...cell.parameters].filter(([key]) => key.startsWith(prefix));
  const nodes = nodesWith(columns.map(([, column]) => column));
  const parameters = new Map<string, Float64Array>();
  for (const { name, length, initial } of kernel.program.instance) {
    const elements = Array.from({ length }, (_, k) =>
      cell.parameters.get(prefix + (length === 1 ? name : `${name}[${k}]`)),
    );
    if (elements.every((column) => column === undefined)) continue;
    const values = Array.from(nodes, (node) => elements.map((column) => column?.[node] ?? initial)).flat();
    parameters.set(
      name,
      Float64Array.from(values, (value) => (Number.isNaN(value) ? initial : value)),
    );
  }
  return { kernel, nodes, parameters, globals: new Map() };
}

/** The nodes at which any of the columns has a number. */
function nodesWith(columns: readonly Float64Array[]): Int32Array {
  const nodes: number[] = [];
  const count = columns[0]?.length ?? 0;
  for (let node = 0; node < count; node++) {
    if (columns.some((column) => !Number.isNaN(column[node] as number))) nodes.push(node);
  }
  return Int32Array.from(nodes);
}

function clampsOf(kernel: CompiledKernel, clamps: readonly NodeClamp[]): MechanismPlacement {
  const column = (pick: (clamp: NodeClamp) => number): Float64Array => Float64Array.from(clamps, pick);
  return {
    kernel,
    nodes: Int32Array.from(clamps, ({ node }) => node),
    parameters: new Map([
      ['del', column(({ delayMs }) => delayMs)],
      ['dur', column(({ durationMs }) => durationMs)],
      ['amp', column(({ amplitudeNa }) => amplitudeNa)],
    ]),
    globals: new Map(),
  };
}

/** Reversal potentials as the snapshot has them. */
function ionsOf(cell: CellSnapshot): Map<string, IonSettings> {
  const ions = new Map<string, IonSettings>();
  for (const [key, column] of cell.parameters) {
    const ion = /^(\w+)_ion\.e\1$/.exec(key)?.[1];
    if (ion !== undefined) ions.set(ion, { reversal: column });
  }
  return ions;
}

function excitatory({ ampa, nmda, magnesium }: SynapseSet): Map<string, number> {
  const parameters = new Map([...shape('ampa', ampa), ['magnesium', magnesium]] as [string, number][]);
  if (nmda === null) return parameters.set('nmdaConductance', 0);
  for (const [name, value] of shape('nmda', nmda)) parameters.set(name, value);
  return parameters;
}

function inhibitory({ gabaA }: SynapseSet): Map<string, number> {
  return new Map(shape('', gabaA).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
}

function shape(prefix: string, part: DoubleExponential): [string, number][] {
  return [
    [`${prefix}Rise`, part.tauRise],
    [`${prefix}Decay`, part.tauDecay],
    [`${prefix}Conductance`, part.conductance],
    [`${prefix}Reversal`, part.reversal],
  ];
}
