/** Short ways to write values and steps of the kernel program. */
import type { Operator, Place, Step, Value } from '../../kernel/program.ts';

export function number(value: number): Value {
  return { op: 'number', value };
}

export function get(place: Place): Value {
  return { op: 'get', place };
}

export function set(place: Place, value: Value): Step {
  return { do: 'set', place, value };
}

export function binary(operator: Operator, left: Value, right: Value): Value {
  return { op: 'binary', operator, left, right };
}

export const add = (left: Value, right: Value): Value => binary('+', left, right);
export const subtract = (left: Value, right: Value): Value => binary('-', left, right);
export const multiply = (left: Value, right: Value): Value => binary('*', left, right);
export const divide = (left: Value, right: Value): Value => binary('/', left, right);
export const negate = (of: Value): Value => ({ op: 'negate', of });

export function local(name: string): Place {
  return { kind: 'local', name };
}

/** Element of a global array. */
export function element(name: string, index: Value): Place {
  return { kind: 'global', name, index };
}

export function invoke(routine: string): Step {
  return { do: 'invoke', routine, arguments: [] };
}

export function when(condition: Value, steps: readonly Step[]): Step {
  // biome-ignore lint/suspicious/noThenProperty: a step of the kernel program is no promise, and is never awaited
  return { do: 'if', condition, then: steps, otherwise: [] };
}

export const DT: Place = { kind: 'ambient', name: 'dt' };
export const SECOND_ORDER: Value = get({ kind: 'ambient', name: 'secondorder' });
