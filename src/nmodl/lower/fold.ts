/** What a C compiler computes when it compiles: arithmetic on literals, and powers by small whole numbers. */
import type { Intrinsic, Operator, Value } from '../../kernel/program.ts';
import type { Module } from './module.ts';
import { correctlyRounded } from './rounded.ts';
import { binary, call, number } from './values.ts';

/** The number that a value is, or null. */
export function constantOf(value: Value): number | null {
  return value.op === 'number' ? value.value : null;
}

export function foldNegate(of: Value): Value {
  const constant = constantOf(of);
  return constant === null ? { op: 'negate', of } : number(-constant);
}

const ARITHMETIC: Partial<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

export function foldBinary(operator: Operator, left: Value, right: Value): Value {
  const [a, b, compute] = [constantOf(left), constantOf(right), ARITHMETIC[operator]];
  if (a !== null && b !== null && compute !== undefined) {
    const result = compute(a, b);
    if (Number.isFinite(result)) return number(result);
  }
  return binary(operator, left, right);
}

/** gcc computes pow(x, 2) as x·x, pow(x, -1) as 1/x, and a power of literals correctly rounded. */
export function foldPower(module: Module, base: Value, exponent: Value): Value {
  const [a, b] = [constantOf(base), constantOf(exponent)];
  if (b === 0 || a === 1) return number(1);
  if (a !== null && b !== null) {
    const result = correctlyRounded('pow', [a, b]);
    if (result !== null) return number(result);
  }
  if (b === 1) return base;
  if (b === 2) return module.square(base);
  if (b === -1) return binary('/', number(1), base);
  return call('pow', base, exponent);
}

/** A call on literals, except exp, which is a function of NEURON's own that no compiler sees through. */
export function foldCall(name: Intrinsic, parameters: readonly Value[]): Value {
  const constants = parameters.map(constantOf);
  if (name !== 'exp' && constants.every((one) => one !== null)) {
    const result = correctlyRounded(name, constants);
    if (result !== null) return number(result);
  }
  return call(name, ...parameters);
}
