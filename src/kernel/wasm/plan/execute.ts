/**
 * Runs routines on values instead of numbers: every assignment gives a name a new value, routines are entered where they
 * are called, and both sides of an `if` are run and then chosen from. What is left is arithmetic without order.
 */
import type { Intrinsic, KernelProgram, Place, Routine, Step, Value } from '../../program.ts';
import type { NodeId } from '../graph.ts';
import { LEVEL, type Values } from './values.ts';

/** Why a program cannot be written as a graph; caught in this folder, where the mechanism is left to JavaScript. */
export class Inexpressible extends Error {}

/** Steps that a phase may run, its loops unrolled. */
const MOST_STEPS = 20_000;
const DEEPEST = 64;

/** Values of places at one moment, by a key of their kind, name and element. */
export type Contents = Map<string, NodeId>;

export const instanceKey = (name: string, element: number): string => `i ${element} ${name}`;
export const globalKey = (name: string, element: number): string => `g ${element} ${name}`;
export const ambientKey = (name: string): string => `a ${name}`;

export interface Execution {
  readonly program: KernelProgram;
  readonly values: Values;
  /** What nothing has assigned yet; called again each time it is read. */
  initial(key: string): NodeId;
}

interface Scope {
  /** Before the names of this call's locals. */
  readonly prefix: string;
  readonly routine: Routine;
  readonly depth: number;
}

export class Executor {
  contents: Contents = new Map();
  readonly #execution: Execution;
  readonly #values: Values;
  #steps = 0;
  #calls = 0;

  constructor(execution: Execution) {
    this.#execution = execution;
    this.#values = execution.values;
  }

  read(key: string): NodeId {
    return this.contents.get(key) ?? this.#execution.initial(key);
  }

  write(key: string, value: NodeId): void {
    this.contents.set(key, value);
  }

  /** Runs a routine without parameters. */
  run(name: string): void {
    this.#invoke(name, [], 0);
  }

  #invoke(name: string, given: readonly NodeId[], depth: number): NodeId | null {
    const routine = this.#execution.program.routines.get(name);
    if (routine === undefined) throw new Inexpressible(`it calls ${name}, which is not there`);
    if (depth > DEEPEST) throw new Inexpressible(`${name} calls itself`);
    if (this.#execution.program.functionTables.some((table) => table.name === name)) {
      throw new Inexpressible(`${name} is a FUNCTION_TABLE`);
    }
    const scope: Scope = { prefix: `l${this.#calls++} `, routine, depth };
    for (const [k, parameter] of routine.parameters.entries()) {
      this.write(`${scope.prefix}0 ${parameter}`, given[k] ?? this.#values.constant(0));
    }
    this.#block(routine.body, scope);
    const result = routine.result === null ? null : this.#local(scope, routine.result, 0);
    for (const key of this.contents.keys()) if (key.startsWith(scope.prefix)) this.contents.delete(key);
    return result;
  }

  #block(steps: readonly Step[], scope: Scope): void {
    for (const [k, step] of steps.entries()) {
      if (++this.#steps > MOST_STEPS) throw new Inexpressible('its loops turn too often');
      if (step.do === 'return') return;
      if (step.do === 'if') {
        // What follows belongs to the branches where one of them may return.
        const returns = returnsWithin(step.then) || returnsWithin(step.otherwise);
        const rest = returns ? steps.slice(k + 1) : [];
        this.#branch(step.condition, [...step.then, ...rest], [...step.otherwise, ...rest], scope);
        if (returns) return;
      } else this.#step(step, scope);
    }
  }

  #branch(condition: Value, then: readonly Step[], otherwise: readonly Step[], scope: Scope): void {
    const mask = this.#mask(condition, scope);
    const known = this.#values.number(mask);
    if (known !== null) {
      this.#block(known !== 0 ? then : otherwise, scope);
      return;
    }
    const before = this.contents;
    this.contents = new Map(before);
    this.#block(then, scope);
    const first = this.contents;
    this.contents = new Map(before);
    this.#block(otherwise, scope);
    const second = this.contents;
    const merged: Contents = new Map();
    for (const key of new Set([...first.keys(), ...second.keys()])) {
      const a = first.get(key) ?? this.#unset(key, scope);
      const b = second.get(key) ?? this.#unset(key, scope);
      merged.set(key, this.#values.select(mask, a, b));
    }
    this.contents = merged;
  }

  /** A local is 0 where its routine starts. */
  #unset(key: string, scope: Scope): NodeId {
    return key.startsWith(scope.prefix) ? this.#values.constant(0) : this.#execution.initial(key);
  }

  #step(step: Exclude<Step, { do: 'if' | 'return' }>, scope: Scope): void {
    switch (step.do) {
      case 'set': {
        const value = this.#value(step.value, scope);
        this.write(this.#key(step.place, scope), value);
        break;
      }
      case 'invoke':
        this.#invoke(step.routine, this.#all(step.arguments, scope), scope.depth + 1);
        break;
      case 'for':
        this.#loop(step, scope);
        break;
      case 'while':
        if (returnsWithin(step.body)) throw new Inexpressible('it returns from a WHILE loop');
        while (this.#decided(this.#mask(step.condition, scope), 'a WHILE loop') !== 0) {
          if (++this.#steps > MOST_STEPS) throw new Inexpressible('its loops turn too often');
          this.#block(step.body, scope);
        }
        break;
      case 'fail':
        throw new Inexpressible(`it may fail: ${step.message}`);
      default:
        throw new Inexpressible(`it has a step of kind ${step.do}`);
    }
  }

  /** FROM with limits that are known beforehand, turn by turn. */
  #loop(step: Extract<Step, { do: 'for' }>, scope: Scope): void {
    if (returnsWithin(step.body)) throw new Inexpressible('it returns from a FROM loop');
    const integer = (value: Value): number =>
      Math.trunc(this.#decided(this.#value(value, scope), 'the limits of a FROM loop'));
    const key = `${scope.prefix}0 ${step.local}`;
    const turn = (): number => this.#decided(this.read(key), 'the variable of a FROM loop');
    this.write(key, this.#values.constant(integer(step.first)));
    while (turn() <= integer(step.last)) {
      if (++this.#steps > MOST_STEPS) throw new Inexpressible('its loops turn too often');
      this.#block(step.body, scope);
      this.write(key, this.#values.constant(turn() + integer(step.by)));
    }
  }

  #decided(id: NodeId, what: string): number {
    const known = this.#values.number(id);
    if (known === null) throw new Inexpressible(`${what} is not known before the run`);
    return known;
  }

  #all(list: readonly Value[], scope: Scope): NodeId[] {
    return list.map((one) => this.#value(one, scope));
  }

  #local(scope: Scope, name: string, element: number): NodeId {
    return this.contents.get(`${scope.prefix}${element} ${name}`) ?? this.#values.constant(0);
  }

  #key(place: Place, scope: Scope): string {
    switch (place.kind) {
      case 'local':
        return `${scope.prefix}${this.#element(place.index, scope)} ${place.name}`;
      case 'instance':
        return instanceKey(place.name, this.#element(place.index, scope));
      case 'global':
        return globalKey(place.name, this.#element(place.index, scope));
      case 'ambient':
        return ambientKey(place.name);
      case 'pointer':
        throw new Inexpressible(`it uses POINTER ${place.name}`);
      case 'weight':
        throw new Inexpressible('it uses weights of a NetCon');
    }
  }

  #element(index: Value | undefined, scope: Scope): number {
    if (index === undefined) return 0;
    return Math.trunc(this.#decided(this.#value(index, scope), 'the index of an array'));
  }

  #value(value: Value, scope: Scope): NodeId {
    const graph = this.#values;
    switch (value.op) {
      case 'number':
        return graph.constant(value.value);
      case 'get': {
        const key = this.#key(value.place, scope);
        return this.contents.get(key) ?? this.#unset(key, scope);
      }
      case 'negate':
        return graph.unary('neg', this.#value(value.of, scope));
      case 'binary': {
        const op = ARITHMETIC[value.operator];
        if (op === undefined) return this.#fromMask(this.#mask(value, scope));
        return graph.binary(op, this.#value(value.left, scope), this.#value(value.right, scope));
      }
      case 'not':
      case 'at-time':
        return this.#fromMask(this.#mask(value, scope));
      case 'call':
        return this.#call(value.function, this.#all(value.arguments, scope));
      case 'invoke': {
        const result = this.#invoke(value.routine, this.#all(value.arguments, scope), scope.depth + 1);
        return result ?? graph.constant(0);
      }
      case 'draw':
      case 'shared-draw':
        throw new Inexpressible('it draws random numbers');
    }
  }

  #fromMask(mask: NodeId): NodeId {
    return this.#values.select(mask, this.#values.constant(1), this.#values.constant(0));
  }

  #mask(value: Value, scope: Scope): NodeId {
    const graph = this.#values;
    if (value.op === 'not') return graph.unary('not', this.#mask(value.of, scope));
    if (value.op === 'at-time') {
      const time = graph.sub(this.#value(value.time, scope), graph.constant(1e-11));
      const now = this.read(ambientKey('t'));
      const before = graph.sub(now, this.read(ambientKey('dt')));
      return graph.binary('and', graph.binary('le', time, now), graph.binary('gt', time, before));
    }
    if (value.op === 'binary') {
      const comparison = COMPARISON[value.operator];
      if (comparison !== undefined) {
        return graph.binary(comparison, this.#value(value.left, scope), this.#value(value.right, scope));
      }
      if (value.operator === '&&' || value.operator === '||') {
        const op = value.operator === '&&' ? 'and' : 'or';
        return graph.binary(op, this.#mask(value.left, scope), this.#mask(value.right, scope));
      }
    }
    const number = this.#value(value, scope);
    const known = graph.number(number);
    if (known !== null) return graph.constant(known !== 0 ? 1 : 0);
    return graph.binary('ne', number, graph.constant(0));
  }

  #call(name: Intrinsic, given: readonly NodeId[]): NodeId {
    const graph = this.#values;
    const [a, b] = given;
    if (a === undefined) throw new Inexpressible(`${name} without an argument`);
    const unary = UNARY[name];
    if (unary !== undefined) return graph.unary(unary, a);
    if (name === 'pow' && b !== undefined) return graph.binary('pow', a, b);
    if (given.every((one) => graph.level(one) < LEVEL.varying)) return graph.call(name, given);
    const tenth = Math.LOG10E;
    switch (name) {
      case 'log10':
        return graph.mul(graph.unary('log', a), graph.constant(tenth));
      case 'tanh': {
        const more = graph.unary('expm1', graph.add(a, a));
        return graph.div(more, graph.add(more, graph.constant(2)));
      }
      case 'sinh': {
        const more = graph.unary('expm1', a);
        const both = graph.add(more, graph.div(more, graph.add(more, graph.constant(1))));
        return graph.mul(graph.constant(0.5), both);
      }
      case 'cosh': {
        const up = graph.unary('exp', a);
        return graph.mul(graph.constant(0.5), graph.add(up, graph.div(graph.constant(1), up)));
      }
      default:
        throw new Inexpressible(`it uses ${name} of what changes`);
    }
  }
}

const ARITHMETIC: Readonly<Record<string, 'add' | 'sub' | 'mul' | 'div'>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
};
const COMPARISON: Readonly<Record<string, 'lt' | 'gt' | 'le' | 'ge' | 'eq' | 'ne'>> = {
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};
const UNARY: Readonly<Partial<Record<Intrinsic, 'exp' | 'log' | 'sqrt' | 'abs' | 'floor' | 'ceil' | 'trunc'>>> = {
  exp: 'exp',
  log: 'log',
  sqrt: 'sqrt',
  fabs: 'abs',
  floor: 'floor',
  ceil: 'ceil',
  int: 'trunc',
};

function returnsWithin(steps: readonly Step[]): boolean {
  return steps.some((step) => {
    if (step.do === 'return') return true;
    if (step.do === 'if') return returnsWithin(step.then) || returnsWithin(step.otherwise);
    return (step.do === 'for' || step.do === 'while') && returnsWithin(step.body);
  });
}
