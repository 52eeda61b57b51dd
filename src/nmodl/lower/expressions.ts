/** Expressions to values. */
import type { Place, Value } from '../../kernel/program.ts';
import { suggestion } from '../check/names.ts';
import type { Span } from '../source.ts';
import type { Expression } from '../syntax.ts';
import { constantOf, foldBinary, foldNegate, foldPower } from './fold.ts';
import type { Module } from './module.ts';
import { call, get, local, number } from './values.ts';

/** A value where something is wrong. */
export const NOTHING: Value = number(0);

export function lowerExpression(module: Module, expression: Expression): Value {
  switch (expression.kind) {
    case 'number':
      return number(Number(expression.text));
    case 'group':
      return lowerExpression(module, expression.inner);
    case 'string':
      module.report('text-refused', expression, {});
      return NOTHING;
    case 'unary': {
      const of = lowerExpression(module, expression.operand);
      return expression.operator === '-' ? foldNegate(of) : { op: 'not', of };
    }
    case 'binary': {
      const left = lowerExpression(module, expression.left);
      const right = lowerExpression(module, expression.right);
      const { operator } = expression;
      return operator === '^' ? foldPower(module, left, right) : foldBinary(operator, left, right);
    }
    case 'call':
      return module.inner.call(module, expression, true);
    case 'variable':
      return lowerVariable(module, expression);
  }
}

type Named = Extract<Expression, { kind: 'variable' }>;

function lowerVariable(module: Module, expression: Named): Value {
  const { name } = expression;
  if (expression.primes > 0) return lowerDerivative(module, expression);
  const found = module.scope.find(name);
  if (found?.kind === 'constant') return number(found.value);
  if (found === undefined) {
    const meaning = module.declarations.meanings.get(name);
    const constant = meaning?.kind === 'number' ? meaning.value : module.declarations.defines.get(name);
    if (constant !== undefined) return number(constant);
  }
  if (found?.kind === 'local' && !module.scope.assigned.has(found.name) && found.length === 1) {
    module.report('local-before-assignment', expression, { name });
    module.scope.assigned.add(found.name);
  } else if (found?.kind === 'local' && found.length === 1 && module.scope.isUncertain(found.name)) {
    module.report('local-maybe-unassigned', expression, { name });
    return module.guarded(name, found.name);
  }
  const place = lowerPlace(module, expression);
  return place === null ? NOTHING : get(place);
}

/** `m'`: what the solve method last computed. */
function lowerDerivative(module: Module, { name, primes, index, ...span }: Named): Value {
  const state = module.declarations.states.get(name);
  if (primes > 1 || state === undefined) {
    module.report('derivative-refused', span, { name });
    return NOTHING;
  }
  const field = module.derivative(name, state.length);
  const place: Place = { kind: 'instance', name: field };
  return get(index === null ? place : { ...place, index: lowerIndex(module, index) });
}

/** Where a variable stands; null, with a diagnostic, where it is none. */
export function lowerPlace(module: Module, { name, index, ...span }: Named): Place | null {
  const value = index === null ? null : lowerIndex(module, index);
  return placeOf(module, name, value, span);
}

export function placeOf(module: Module, name: string, index: Value | null, span: Span): Place | null {
  const found = module.scope.find(name);
  if (found?.kind === 'weight') return { kind: 'weight', index: found.index };
  if (found?.kind === 'place') return found.place;
  if (found?.kind === 'c') return indexed(module, local(found.name), name, found.length, index, span);
  if (found?.kind === 'local')
    return indexed(module, { kind: 'local', name: found.name }, name, found.length, index, span);
  const meaning = module.declarations.meanings.get(name);
  switch (meaning?.kind) {
    case 'field':
      return indexed(module, { kind: meaning.where, name }, name, meaning.field.length, index, span);
    case 'ambient':
      return { kind: 'ambient', name: meaning.name };
    case 'pointer':
      if (module.reachable) module.usedPointers.add(name);
      return { kind: 'pointer', name };
    case 'external':
      module.report('external-refused', span, { name });
      return null;
    case undefined:
      module.report('undeclared-name', span, { name, suggestion: suggestion(name, knownNames(module)) });
      return null;
    default:
      module.report('not-a-variable', span, { name, what: WHAT[meaning?.kind ?? 'number'] });
      return null;
  }
}

export const WHAT = {
  field: 'variable',
  number: 'constant',
  ambient: 'variable',
  pointer: 'variable',
  random: 'random stream',
  external: 'variable',
  routine: 'function',
  table: 'function',
  solved: 'block',
} as const;

export function knownNames(module: Module): string[] {
  return [...module.scope.names(), ...module.declarations.meanings.keys()];
}

type Indexable = { readonly kind: 'local' | 'instance' | 'global'; readonly name: string };

function indexed(
  module: Module,
  place: Indexable,
  name: string,
  length: number,
  index: Value | null,
  span: Span,
): Place | null {
  const isArray = length > 1 || isDeclaredArray(module, name);
  if (index === null) {
    if (isArray && length > 1) {
      module.report('needs-index', span, { name });
      return null;
    }
    return place;
  }
  if (!isArray) {
    module.report('not-an-array', span, { name });
    return null;
  }
  const constant = constantOf(index);
  if (constant !== null && (constant < 0 || constant >= length)) {
    module.report('index-out-of-range', span, { name, length: String(length), index: String(constant) });
    return null;
  }
  return { ...place, index };
}

/** An array of one element is an array all the same; its length is 1, as a number's is. */
function isDeclaredArray(module: Module, name: string): boolean {
  return module.declarations.meanings.get(name)?.kind === 'field' || module.scope.find(name) !== undefined;
}

/** An integer expression (an index, a bound of FROM): names are truncated, division is of integers. */
export function lowerIndex(module: Module, expression: Expression): Value {
  switch (expression.kind) {
    case 'number':
      return number(Math.trunc(Number(expression.text)));
    case 'group':
      return lowerIndex(module, expression.inner);
    case 'unary':
      return expression.operator === '-'
        ? foldNegate(lowerIndex(module, expression.operand))
        : lowerTruncated(module, expression);
    case 'binary': {
      const { operator } = expression;
      if (!['+', '-', '*', '/'].includes(operator) || operator === '^') return lowerTruncated(module, expression);
      const result = foldBinary(operator, lowerIndex(module, expression.left), lowerIndex(module, expression.right));
      return operator === '/' ? truncated(result) : result;
    }
    default:
      return lowerTruncated(module, expression);
  }
}

function lowerTruncated(module: Module, expression: Expression): Value {
  if (expression.kind === 'variable') {
    const found = module.scope.find(expression.name);
    if (found?.kind === 'local' && found.counter) return lowerExpression(module, expression);
  }
  return truncated(lowerExpression(module, expression));
}

function truncated(value: Value): Value {
  const constant = constantOf(value);
  return constant === null ? call('int', value) : number(Math.trunc(constant));
}
