/**
 * Names of generated code. Every variable of a program gets a name made of a letter and a number, so that no text of a
 * mod file reaches the source; the maps are the only bridge, and they hold the program's names as keys, never as code.
 *
 * f3 is instance field 3, g2 global 2, r5 routine 5, p0 and q0 the array and index of a POINTER, z1 a RANDOM, k0e an ion's
 * reversals (k0i, k0o, k0c, k0s: inside, outside, current, slope), l4 a local.
 */
import { UsageError } from '../../errors.ts';
import type { Field, IonField, KernelProgram, Routine } from '../program.ts';

export interface Variable {
  readonly code: string;
  readonly field: Field;
  readonly owner: 'instance' | 'global';
}

export interface Names {
  instance(name: string): Variable;
  global(name: string): Variable;
  routine(name: string): string;
  pointer(name: string): number;
  random(name: string): number;
  /** The array of an ion's field. */
  ion(ion: string, field: IonField | 'slope'): string;
  /** Number of a sentence in the table of messages. */
  message(text: string): number;
  readonly messages: readonly string[];
}

const ION_SUFFIX = { reversal: 'e', inside: 'i', outside: 'o', current: 'c', slope: 's' } as const;

export function createNames(program: KernelProgram): Names {
  const number = <Key>(keys: Iterable<Key>): Map<Key, number> => new Map([...keys].map((key, k) => [key, k]));
  const variables = (fields: readonly Field[], owner: Variable['owner'], letter: string): Map<string, Variable> =>
    new Map(fields.map((field, k) => [field.name, { code: `${letter}${k}`, field, owner }]));

  const find = <Value>(map: ReadonlyMap<string, Value>, name: string, what: string): Value => {
    const found = map.get(name);
    if (found === undefined) throw new UsageError(`the program of ${program.name} has no ${what} ${name}`);
    return found;
  };
  const instance = variables(program.instance, 'instance', 'f');
  const global = variables(program.global, 'global', 'g');
  const routines = number(program.routines.keys());
  const pointers = number(program.pointers);
  const randoms = number(program.randoms);
  const ions = number(program.ions.map(({ ion }) => ion));
  const messages: string[] = [];
  return {
    instance: (name) => find(instance, name, 'instance field'),
    global: (name) => find(global, name, 'global'),
    routine: (name) => `r${find(routines, name, 'routine')}`,
    pointer: (name) => find(pointers, name, 'POINTER'),
    random: (name) => find(randoms, name, 'RANDOM'),
    ion: (ion, field) => `k${find(ions, ion, 'ion')}${ION_SUFFIX[field]}`,
    message(text) {
      const known = messages.indexOf(text);
      return known >= 0 ? known : messages.push(text) - 1;
    },
    messages,
  };
}

/** A local of a routine: a number, or an array of its own. */
export interface Local {
  readonly code: string;
  readonly length: number;
}

/** Locals of a routine by name; a FROM variable that the routine does not list is one too. */
export class Scope {
  readonly #locals = new Map<string, Local>();
  readonly #owner: string;

  constructor(owner: string, routine: Routine) {
    this.#owner = owner;
    for (const name of routine.parameters) this.declare(name, 1);
    for (const { name, length } of routine.locals) this.declare(name, length);
  }

  declare(name: string, length: number): Local {
    const local = { code: `l${this.#locals.size}`, length };
    this.#locals.set(name, local);
    return local;
  }

  has(name: string): boolean {
    return this.#locals.has(name);
  }

  local(name: string): Local {
    const local = this.#locals.get(name);
    if (local === undefined) throw new UsageError(`routine ${this.#owner} has no local ${name}`);
    return local;
  }
}
