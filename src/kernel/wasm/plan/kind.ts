/** A kind of compartment: its mechanisms in order, its ions, and where numbers of theirs come from. */
import type { KernelProgram } from '../../program.ts';
import type { NodeId } from '../graph.ts';
import { Inexpressible } from './execute.ts';
import type { NearRange } from './near.ts';
import { changingFields, usesOf } from './uses.ts';
import type { Values } from './values.ts';

/** A mechanism of the kind; one of which a compartment has two stands there twice. */
export interface PlannedMechanism {
  readonly program: KernelProgram;
  /** In the circuit's list. */
  readonly index: number;
}

/** An ion of the kind, with its style as src/solver/ions.ts makes it. */
export interface PlannedIon {
  readonly ion: string;
  readonly valence: number;
  /** Whether its reversal potential follows the concentrations in every step. */
  readonly follows: boolean;
}

/** What is known beforehand; everything that is not is a column or a uniform. */
export interface KnownNumbers {
  /** ms, °C. */
  readonly dt?: number;
  readonly celsius?: number;
  /** A field's element in all compartments of the kind; null where they differ. Asked only of what no step changes. */
  field?(slot: number, name: string, element: number): number | null;
  global?(slot: number, name: string, element: number): number | null;
  /** A reversal potential (mV) or concentration (mM) in all compartments of the kind, where nothing changes it. */
  ion?(ion: string, field: 'reversal' | 'inside' | 'outside'): number | null;
}

export interface PlanOptions {
  /** `fast` is made of an exact plan, by tables. */
  readonly mode: 'exact';
  /** 1: backward Euler; 2: staggered Crank-Nicolson, where the state pass sees currents at the middle of the step. */
  readonly order: 1 | 2;
  /**
   * What is written back: what later steps and events read (`states`, where gates' limits and the like are left as they
   * were), or everything a mechanism assigns.
   */
  readonly keep?: 'states' | 'all';
  readonly known?: KnownNumbers;
  /** Fields that are read from outside (recorded, pointed at) beside the states. */
  readonly observed?: (slot: number, field: string) => boolean;
  /** Only what the program says, without the algebra that saves exponentials and divisions. */
  readonly asWritten?: boolean;
  /**
   * Reciprocals that share one division: 1 where absent, since dividers work beside multipliers on today's machines. A product
   * of so many denominators must not overflow.
   */
  readonly divisionsTogether?: number;
  /** Where the plan's `near` holds; null for a plan without it. */
  readonly near?: NearRange | null;
}

export interface Slot {
  readonly slot: number;
  readonly program: KernelProgram;
  readonly changing: ReadonlySet<string>;
  /** Read by what runs as JavaScript between the passes: events, hooks, watches. */
  readonly outside: ReadonlySet<string>;
  /** Keys that a pass reads before it writes them. */
  readonly carried: Set<string>;
}

export function slotsOf(mechanisms: readonly PlannedMechanism[]): Slot[] {
  return mechanisms.map(({ program }, slot) => {
    const { receive, receiveInitial, hooks, tables } = program.phases;
    const watches = program.watches.map(({ value }) => value);
    const outside = usesOf(program, [
      receive,
      receiveInitial,
      tables,
      ...hooks.map(({ routine }) => routine),
      ...watches,
    ]);
    return { slot, program, changing: changingFields(program), outside: outside.read, carried: new Set<string>() };
  });
}

/** The value of a place that nothing in a pass has assigned. */
export function initialOf(values: Values, { slot, program, changing, carried }: Slot, options: PlanOptions) {
  const known = options.known ?? {};
  const fromNumber = (number: number | null | undefined, otherwise: () => NodeId): NodeId =>
    number === null || number === undefined ? otherwise() : values.constant(number);
  return (key: string): NodeId => {
    const [kind, element, name] = parts(key);
    switch (kind) {
      case 'i': {
        carried.add(key);
        const varies = changing.has(name);
        const load = (): NodeId => values.column({ kind: 'field', slot, field: name, element }, varies);
        return varies ? load() : fromNumber(known.field?.(slot, name, element), load);
      }
      case 'g': {
        if (changing.has(name)) throw new Inexpressible(`${program.name} keeps a number in GLOBAL ${name}`);
        const load = (): NodeId => values.uniform({ kind: 'global', slot, field: name, element }, false);
        return fromNumber(known.global?.(slot, name, element), load);
      }
      default:
        return ambient(values, name, options);
    }
  };
}

function ambient(values: Values, name: string, { known, order }: PlanOptions): NodeId {
  const clock = (of: 't' | 'dt' | 'celsius', number: number | undefined): NodeId =>
    number === undefined ? values.uniform({ kind: 'clock', name: of }, of === 't') : values.constant(number);
  switch (name) {
    case 't':
      return clock('t', undefined);
    case 'dt':
      return clock('dt', known?.dt);
    case 'celsius':
      return clock('celsius', known?.celsius);
    case 'secondorder':
      return values.constant(order === 1 ? 0 : 2);
    case 'area':
      return values.column({ kind: 'area' }, false);
    case 'diam':
      return values.column({ kind: 'diameter' }, false);
    default:
      return values.column({ kind: 'v' }, true);
  }
}

export function parts(key: string): [kind: string, element: number, name: string] {
  if (key.startsWith('a ')) return ['a', 0, key.slice(2)];
  const [kind = '', element = '', ...name] = key.split(' ');
  return [kind, Number(element), name.join(' ')];
}
