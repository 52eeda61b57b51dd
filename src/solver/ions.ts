/**
 * Ions: reversal potentials, concentrations and currents by node, and NEURON's rules of when they are set. What the
 * mechanisms on a node read and write decides its style: whether concentrations start from the ion's own values, whether
 * the reversal potential follows them at the start, and whether it does in every step.
 */
import { RefusedError } from '../errors.ts';
import type { IonStore } from '../kernel/linkage.ts';
import type { IonUse, KernelProgram } from '../kernel/program.ts';
import type { Libm } from '../libm/index.ts';
import type { IonSettings, MechanismPlacement } from './circuit.ts';

/** The 2018 CODATA values as NEURON 9 makes them: products of the exact constants. */
const GAS_CONSTANT = 1.380649e-23 * 6.02214076e23;
const FARADAY = 1.602176634e-19 * 6.02214076e23;

interface Defaults {
  readonly reversal: number;
  readonly inside: number;
  readonly outside: number;
  /** Charge; null where a mechanism must give it. */
  readonly valence: number | null;
}
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  na: { reversal: 50, inside: 10, outside: 140, valence: 1 },
  k: { reversal: -77, inside: 54.4, outside: 2.5, valence: 1 },
  ca: { reversal: 132.4579341637009, inside: 5e-5, outside: 2, valence: 2 },
};
const OTHER: Defaults = { reversal: 0, inside: 1, outside: 1, valence: null };

/** The parts of a node's style that matter in a run. */
const STARTS_CONCENTRATIONS = 1;
const STARTS_REVERSAL = 2;
const FOLLOWS = 4;

/** What mechanisms do with a quantity of an ion at a node: nothing, read it, or write it. */
const UNUSED = 0;
const READ = 1;
const WRITTEN = 3;

export interface Ion extends IonStore {
  readonly name: string;
  /** What NEURON's finitialize does before any mechanism starts. */
  initialize(): void;
  /** Before currents: they start from 0, and reversal potentials follow concentrations where they are to. */
  prepare(): void;
  /** After a mechanism has written concentrations at its start, at these nodes. */
  written(nodes: Int32Array): void;
  /** Currents at the middle of the step, for order 2: `half` is the voltage's change over half a step (mV). */
  correct(half: Float64Array): void;
}

/** The ions of a circuit by name. `celsius` in °C. */
export function createIons(
  nodes: number,
  celsius: number,
  mechanisms: readonly MechanismPlacement[],
  settings: ReadonlyMap<string, IonSettings>,
  libm: Libm,
  allocate: Allocate = (length) => new Float64Array(length),
): Map<string, Ion> {
  const names = new Set(settings.keys());
  for (const { kernel } of mechanisms) for (const use of kernel.program.ions) names.add(use.ion);
  const factor = (1000 * GAS_CONSTANT * (celsius + 273.15)) / FARADAY;
  const ions = new Map<string, Ion>();
  for (const name of names) {
    const own = settings.get(name) ?? {};
    const valence = valenceOf(name, own, mechanisms);
    ions.set(name, createIon({ name, nodes, factor, valence, own, mechanisms, libm, allocate }));
  }
  return ions;
}

interface IonParts {
  readonly name: string;
  readonly nodes: number;
  /** RT/F (mV). */
  readonly factor: number;
  readonly valence: number;
  readonly own: IonSettings;
  readonly mechanisms: readonly MechanismPlacement[];
  readonly libm: Libm;
  readonly allocate: Allocate;
}

/** Gives `length` zeros, wherever a simulation keeps its numbers. */
export type Allocate = (length: number) => Float64Array;

function createIon({ name, nodes, factor, valence, own, mechanisms, libm, allocate }: IonParts): Ion {
  const defaults = DEFAULTS[name] ?? OTHER;
  const inside0 = own.inside0 ?? defaults.inside;
  const outside0 = own.outside0 ?? defaults.outside;
  const reversal = filled(allocate(nodes), defaults.reversal, own.reversal);
  const inside = filled(allocate(nodes), defaults.inside, own.inside);
  const outside = filled(allocate(nodes), defaults.outside, own.outside);
  const current = allocate(nodes);
  const slope = allocate(nodes);
  const { present, styles } = stylesOf(name, nodes, mechanisms);
  const having = (style: number): Int32Array => present.filter((node) => ((styles[node] as number) & style) !== 0);
  const starting = having(STARTS_CONCENTRATIONS);
  const startingReversal = having(STARTS_REVERSAL);
  const following = having(FOLLOWS);

  function nernst(node: number): void {
    reversal[node] = nernstPotential(factor, valence, inside[node] as number, outside[node] as number, libm);
  }

  return {
    name,
    reversal,
    inside,
    outside,
    current,
    slope,
    initialize() {
      for (const node of starting) {
        inside[node] = inside0;
        outside[node] = outside0;
      }
      startingReversal.forEach(nernst);
    },
    prepare() {
      for (let k = 0; k < present.length; k++) {
        const node = present[k] as number;
        current[node] = 0;
        slope[node] = 0;
      }
      for (let k = 0; k < following.length; k++) nernst(following[k] as number);
    },
    written(where) {
      for (const node of where) if (((styles[node] ?? 0) & STARTS_REVERSAL) !== 0) nernst(node);
    },
    correct(half) {
      for (let k = 0; k < present.length; k++) {
        const node = present[k] as number;
        current[node] = (current[node] as number) + (slope[node] as number) * (half[node] as number);
      }
    },
  };
}

/** mV; NEURON's values where a concentration is not positive or the ion has no charge. */
function nernstPotential(factor: number, valence: number, inside: number, outside: number, libm: Libm): number {
  if (valence === 0) return 0;
  if (inside <= 0) return 1e6;
  if (outside <= 0) return -1e6;
  return (factor / valence) * libm.log(outside / inside);
}

function filled(column: Float64Array, value: number, own: Float64Array | undefined): Float64Array {
  column.fill(value);
  if (own !== undefined) {
    for (let node = 0; node < column.length; node++)
      if (!Number.isNaN(own[node] ?? Number.NaN)) column[node] = own[node] as number;
  }
  return column;
}

function valenceOf(name: string, own: IonSettings, mechanisms: readonly MechanismPlacement[]): number {
  const known = DEFAULTS[name]?.valence ?? own.valence ?? null;
  let valence = known;
  for (const { kernel } of mechanisms) {
    for (const use of kernel.program.ions) {
      if (use.ion !== name || use.valence === null) continue;
      if (valence !== null && valence !== use.valence) {
        throw new RefusedError(
          `ion ${name} has charge ${valence}, and ${kernel.program.file} gives it ${use.valence}: NEURON stops there too`,
          {
            construct: `VALENCE of ${name} in ${kernel.program.name}`,
            remedy: 'Give the ion one charge in all files.',
          },
        );
      }
      valence = use.valence;
    }
  }
  if (valence === null) {
    throw new RefusedError(`no mechanism says what charge ion ${name} has`, {
      construct: `ion ${name}`,
      remedy: `Add VALENCE to USEION ${name} in one of the files that use it.`,
    });
  }
  return valence;
}

/** Where the ion is, and its style at each node. */
function stylesOf(
  name: string,
  nodes: number,
  mechanisms: readonly MechanismPlacement[],
): { present: Int32Array; styles: Uint8Array } {
  const here = new Uint8Array(nodes);
  const concentration = new Uint8Array(nodes);
  const potential = new Uint8Array(nodes);
  for (const placement of mechanisms) {
    for (const use of placement.kernel.program.ions) {
      if (use.ion !== name) continue;
      const level = levelsOf(use);
      for (const node of placement.nodes) {
        here[node] = 1;
        concentration[node] = Math.max(concentration[node] as number, level.concentration);
        potential[node] = Math.max(potential[node] as number, level.potential);
      }
    }
  }
  const styles = new Uint8Array(nodes);
  for (let node = 0; node < nodes; node++) {
    styles[node] = styleOf(concentration[node] as number, potential[node] as number);
  }
  const present = Int32Array.from(here.keys()).filter((node) => here[node] === 1);
  return { present, styles };
}

function levelsOf(use: IonUse): { concentration: number; potential: number } {
  const is = (list: IonUse['reads'], ...fields: string[]): boolean => list.some(({ field }) => fields.includes(field));
  const level = (...fields: string[]): number =>
    is(use.writes, ...fields) ? WRITTEN : is(use.reads, ...fields) ? READ : UNUSED;
  return { concentration: level('inside', 'outside'), potential: level('reversal') };
}

/** A reversal potential that nothing writes follows concentrations that something reads or writes. */
function styleOf(concentration: number, potential: number): number {
  const derived = concentration !== UNUSED && potential !== WRITTEN;
  const written = concentration === WRITTEN;
  return (written ? STARTS_CONCENTRATIONS : 0) | (derived ? STARTS_REVERSAL : 0) | (written && derived ? FOLLOWS : 0);
}

/** Whether a mechanism writes concentrations of an ion. */
export function writesConcentrations(program: KernelProgram, ion: string): boolean {
  return program.ions.some((use) => use.ion === ion && levelsOf(use).concentration === WRITTEN);
}

/**
 * What a compartment's mechanisms make of an ion: its charge, and whether its reversal potential follows the concentrations
 * in every step.
 */
export function ionStyle(
  ion: string,
  placements: readonly MechanismPlacement[],
  own: IonSettings = {},
): { readonly ion: string; readonly valence: number; readonly follows: boolean } {
  const levels = placements.flatMap(({ kernel }) =>
    kernel.program.ions.filter((use) => use.ion === ion).map((use) => levelsOf(use)),
  );
  const concentration = Math.max(UNUSED, ...levels.map((level) => level.concentration));
  const potential = Math.max(UNUSED, ...levels.map((level) => level.potential));
  const follows = (styleOf(concentration, potential) & FOLLOWS) !== 0;
  return { ion, valence: valenceOf(ion, own, placements), follows };
}
