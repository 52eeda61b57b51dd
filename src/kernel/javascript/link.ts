/** Memory for compiled code, and the face that a solver sees. */
import { UsageError } from '../../errors.ts';
import type { IonStore, Linkage, LinkedKernel, RandomStream, Storage } from '../linkage.ts';
import { type EliminationOrder, eliminationOrder, linear, newton, outcomeMessage, sparse } from '../numeric/index.ts';
import type { Field, HookPoint, KernelProgram, NumericStep } from '../program.ts';
import { createSharedRandom, type SharedRandom } from '../shared-random.ts';
import { createTables, type Tables } from './tables.ts';

/** What the generated function takes (`L` in the source). */
export interface Environment {
  readonly n: number;
  readonly nodes: Int32Array;
  readonly v: Float64Array;
  readonly rhs: Float64Array;
  readonly d: Float64Array;
  readonly area: Float64Array;
  readonly diameter: Float64Array;
  readonly clock: Float64Array;
  /** The v that each instance's routines see and may assign to (mV). */
  readonly V: Float64Array;
  readonly S: Linkage['events'];
  readonly D: Tables;
  readonly G: SharedRandom;
  readonly exp: (x: number) => number;
  readonly log: (x: number) => number;
  readonly pow: (x: number, y: number) => number;
  readonly newton: typeof newton;
  readonly sparse: typeof sparse;
  readonly linear: typeof linear;
  readonly instance: readonly Float64Array[];
  readonly global: readonly Float64Array[];
  readonly ions: readonly IonStore[];
  readonly pointerArrays: readonly (Float64Array | undefined)[][];
  readonly pointerIndices: readonly Int32Array[];
  readonly randoms: readonly (readonly RandomStream[])[];
  readonly orders: readonly (EliminationOrder | null)[];
  /** Ends the run with a message of the table. */
  fail(instance: number, message: number): never;
  /** A POINTER without a target was used. */
  unset(instance: number, pointer: number): never;
  /** An element outside its array was asked for. */
  outside(instance: number, index: number, length: number): never;
  /** Ends the run where a solver did not solve. */
  unsolved(instance: number, outcome: number): void;
}

/** What the generated function returns. */
export interface Phases {
  readonly tables: () => void;
  readonly initialize: () => void;
  readonly state: () => void;
  readonly current: () => void;
  readonly constructInstances: () => void;
  readonly destroyInstances: () => void;
  readonly receive: (instance: number, weights: Float64Array, flag: number) => void;
  readonly receiveInitial: (instance: number, weights: Float64Array) => void;
  readonly hooks: readonly (() => void)[];
  readonly diffusions: readonly ((element: number) => void)[];
  readonly watches: readonly ((instance: number) => number)[];
}

export interface Tableau {
  readonly messages: readonly string[];
  readonly numerics: readonly NumericStep[];
}

export function linkKernel(
  program: KernelProgram,
  create: (environment: Environment) => Phases,
  linkage: Linkage,
  tableau: Tableau,
): LinkedKernel {
  const { count } = linkage;
  const storage = linkage.storage ?? ownStorage;
  const instance = memory('instance', program.instance, count, storage);
  const global = memory('global', program.global, 1, storage);
  const fields = new Map([...program.global, ...program.instance].map((field) => [field.name, field]));
  const tables = createTables(program);
  const environment = environmentOf(program, linkage, tableau, tables);
  const phases = create({ ...environment, instance: [...instance.values()], global: [...global.values()] });
  const named = (map: ReadonlyMap<string, Float64Array>, name: string): Float64Array => {
    const array = map.get(name);
    if (array === undefined) throw new UsageError(`mechanism ${program.name} has no variable ${name}`);
    return array;
  };
  const hooksAt = (when: HookPoint): (() => void)[] =>
    phases.hooks.filter((_, k) => program.phases.hooks[k]?.when === when);
  return {
    program,
    count,
    instance: (name) => named(instance, name),
    global: (name) => named(global, name),
    field: (name): Field | undefined => fields.get(name),
    tables: phases.tables,
    initialize: phases.initialize,
    constructInstances() {
      // What a POINTER points at may belong to a mechanism that was linked later.
      bindPointers(environment, program, linkage);
      phases.constructInstances();
    },
    destroyInstances: phases.destroyInstances,
    current: phases.current,
    state: phases.state,
    hook(when) {
      for (const run of hooksAt(when)) run();
    },
    diffusion(diffusion, element) {
      phases.diffusions[diffusion]?.(element);
    },
    receive: phases.receive,
    receiveInitial: phases.receiveInitial,
    watchValue(index, watch) {
      const value = phases.watches[watch];
      if (value === undefined) throw new UsageError(`mechanism ${program.name} has no watch ${watch}`);
      return value(index);
    },
    setTable: tables.set,
  };
}

/** Takes the arrays and places of what POINTERs point at into the arrays that the generated code holds. */
function bindPointers(
  { pointerArrays, pointerIndices }: Omit<Environment, 'instance' | 'global'>,
  program: KernelProgram,
  linkage: Linkage,
): void {
  for (const [k, name] of program.pointers.entries()) {
    for (const [i, target] of (linkage.pointers.get(name) ?? []).entries()) {
      if (i >= linkage.count) break;
      (pointerArrays[k] as Float64Array[])[i] = target.array;
      (pointerIndices[k] as Int32Array)[i] = target.index;
    }
  }
}

/** Each field's array. */
function memory(
  owner: 'instance' | 'global',
  fields: readonly Field[],
  count: number,
  storage: Storage,
): Map<string, Float64Array> {
  return new Map(fields.map((field) => [field.name, storage(owner, field, count * field.length)]));
}

const ownStorage: Storage = (_owner, { initial }, length) => new Float64Array(length).fill(initial);

function environmentOf(
  program: KernelProgram,
  linkage: Linkage,
  { messages, numerics }: Tableau,
  tables: Tables,
): Omit<Environment, 'instance' | 'global'> {
  const { count, libm } = linkage;
  const { nodes, v, rhs, d, area, diameter, clock } = linkage;
  const pointers = program.pointers.map((name) => linkage.pointers.get(name) ?? []);
  return {
    n: count,
    nodes,
    v,
    rhs,
    d,
    area,
    diameter,
    clock,
    V: new Float64Array(count),
    S: linkage.events,
    D: tables,
    G: linkage.shared ?? createSharedRandom(),
    exp: libm.exp,
    log: libm.log,
    pow: libm.pow,
    newton,
    sparse,
    linear,
    ions: program.ions.map(({ ion }) => present(linkage.ions.get(ion), program, `ion ${ion}`)),
    pointerArrays: pointers.map((targets) => Array.from({ length: count }, (_, i) => targets[i]?.array)),
    pointerIndices: pointers.map((targets) => Int32Array.from({ length: count }, (_, i) => targets[i]?.index ?? 0)),
    randoms: program.randoms.map((name) => present(linkage.randoms.get(name), program, `stream for RANDOM ${name}`)),
    orders: ordersOf(numerics),
    fail: (instance, message) => linkage.fail(instance, messages[message] ?? ''),
    unset: (instance, pointer) => linkage.fail(instance, `POINTER ${program.pointers[pointer]} points at nothing`),
    outside: (instance, index, length) =>
      linkage.fail(instance, `element ${Math.trunc(index)} of an array of ${length} elements does not exist`),
    unsolved(instance, outcome) {
      if (outcome !== 0) linkage.fail(instance, outcomeMessage(outcome));
    },
  };
}

/** The order of elimination of each sparse step; steps on one block share its history. */
function ordersOf(numerics: readonly NumericStep[]): (EliminationOrder | null)[] {
  const histories = new Map<string, { solved: boolean }>();
  return numerics.map((step) => {
    if (step.do !== 'sparse') return null;
    const history = histories.get(step.fill) ?? { solved: false };
    histories.set(step.fill, history);
    return { ...eliminationOrder(step.states.length, step.pattern ?? []), history };
  });
}

function present<Value>(value: Value | undefined, program: KernelProgram, what: string): Value {
  if (value === undefined) throw new UsageError(`mechanism ${program.name} is linked without the ${what}`);
  return value;
}
