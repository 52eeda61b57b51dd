/** Short ways to write values and steps of a program. */
import type { Intrinsic, Operator, Place, Step, Value } from '../../kernel/program.ts';

export const number = (value: number): Value => ({ op: 'number', value });
export const get = (place: Place): Value => ({ op: 'get', place });
export const set = (place: Place, value: Value): Step => ({ do: 'set', place, value });
export const local = (name: string): { kind: 'local'; name: string } => ({ kind: 'local', name });
export const global = (name: string, index?: Value): Place =>
  index === undefined ? { kind: 'global', name } : { kind: 'global', name, index };
export const binary = (operator: Operator, left: Value, right: Value): Value => ({
  op: 'binary',
  operator,
  left,
  right,
});
export const call = (name: Intrinsic, ...parameters: Value[]): Value => ({
  op: 'call',
  function: name,
  arguments: parameters,
});
export const when = (condition: Value, then: readonly Step[], otherwise: readonly Step[] = []): Step => ({
  do: 'if',
  condition,
  then,
  otherwise,
});
