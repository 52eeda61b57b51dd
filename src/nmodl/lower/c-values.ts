/** Expressions of VERBATIM's C to values, with C's types: whole numbers are cut off where C cuts them off. */
import type { Operator, Place, Step, Value } from '../../kernel/program.ts';
import type { CExpression, CType } from '../verbatim/syntax.ts';
import { NotUnderstood } from '../verbatim/tokens.ts';
import { constantOf, foldBinary, foldNegate } from './fold.ts';
import type { CContext, Module, Typed } from './module.ts';
import { call, get, local, number, set, when } from './values.ts';

export const NULL: Typed = { type: 'pointer', value: number(0) };

export function cValue(context: CContext, expression: CExpression): Typed {
  switch (expression.kind) {
    case 'number':
      return { type: expression.type, value: number(expression.value) };
    case 'text':
      throw new NotUnderstood('a text');
    case 'name':
      return cName(context, expression.name);
    case 'index': {
      const { place, type } = cPlace(context, expression);
      return { type, value: get(place) };
    }
    case 'call':
      return context.module.inner.callOfC(context, expression);
    case 'cast':
      return cast(cValue(context, expression.of), expression.type);
    case 'unary':
      return cUnary(context, expression.operator, expression.of);
    case 'binary':
      return cBinary(context, expression);
    case 'choice':
      return cChoice(context, expression);
    case 'assign':
      return cAssign(context, expression);
    case 'postfix':
      return cPostfix(context, expression);
  }
}

/** The number as C converts it. */
export function cast(from: Typed, type: CType): Typed {
  if (type === from.type) return from;
  if (type === 'pointer') {
    // NULL written as 0.
    if (constantOf(from.value) === 0) return NULL;
    throw new NotUnderstood('a pointer');
  }
  if (from.type === 'pointer') throw new NotUnderstood('a pointer');
  return type === 'double' ? { type, value: from.value } : { type, value: truncated(from.value) };
}

function truncated(value: Value): Value {
  const constant = constantOf(value);
  return constant === null ? call('int', value) : number(Math.trunc(constant));
}

/** Whether the value counts as true, as a condition. */
export function cCondition(context: CContext, expression: CExpression): Value {
  return cValue(context, expression).value;
}

/** Names that stand for a state of NEURON which a fixed-step run of one thread never leaves. */
const FIXED: Readonly<Record<string, Typed>> = {
  cvode_active_: { type: 'int', value: number(0) },
  NULL: NULL,
  nullptr: NULL,
  nil: NULL,
  _nt: NULL,
  nrn_threads: NULL,
  M_PI: { type: 'double', value: number(Math.PI) },
};

function cName(context: CContext, name: string): Typed {
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (fixed !== undefined) return fixed;
  const { module } = context;
  const pointer = /^_p_(\w+)$/.exec(name)?.[1];
  if (pointer !== undefined && module.declarations.meanings.get(pointer)?.kind === 'pointer') {
    module.nullPointers.add(pointer);
    return NULL;
  }
  const ion = /^_ion_(\w+)$/.exec(name)?.[1];
  if (ion !== undefined && isRead(module, ion)) {
    return { type: 'double', value: get({ kind: 'instance', name: module.ionShadow(ion) }) };
  }
  const own = cVariable(module, name);
  if (own !== null) return own;
  const constant = cConstant(module, name);
  if (constant !== null) return { type: 'double', value: number(constant) };
  const { place, type } = cPlace(context, { kind: 'name', name });
  if (type === 'pointer') return NULL;
  const { scope } = module;
  const lacks = place.kind === 'local' && (!scope.assigned.has(place.name) || scope.isUncertain(place.name));
  return { type, value: lacks ? module.guarded(name, place.name) : get(place) };
}

/** Whether NEURON copies the variable from the ion before the phase. */
function isRead(module: Module, name: string): boolean {
  return module.declarations.neuron.ions.some(({ reads }) => reads.some(({ variable }) => variable === name));
}

/** A variable of the file's own C keeps its first value: an assignment to it in code that runs is not understood. */
function cVariable(module: Module, name: string): Typed | null {
  const variable = module.c.variables.get(name);
  if (variable === undefined || module.scope.find(name)?.kind === 'c' || variable.length > 1) return null;
  if (variable.type === 'pointer') return NULL;
  const [first] = variable.values;
  if (first === undefined) return { type: variable.type, value: number(0) };
  if (first.kind !== 'number') throw new NotUnderstood(name);
  return cast({ type: first.type, value: number(first.value) }, variable.type);
}

function cConstant(module: Module, name: string): number | null {
  if (module.scope.find(name)?.kind === 'c') return null;
  const meaning = module.declarations.meanings.get(name);
  return meaning?.kind === 'number' ? meaning.value : null;
}

type Assignable = Extract<CExpression, { kind: 'name' | 'index' | 'unary' }>;

/** Where a C variable, a LOCAL (`_lx`), an argument of NET_RECEIVE (`_args[0]`) or a variable of the mechanism stands. */
export function cPlace(context: CContext, expression: CExpression): { place: Place; type: CType } {
  const { module } = context;
  if (expression.kind === 'index') {
    const { array } = expression;
    if (array.kind !== 'name') throw new NotUnderstood('an array of arrays');
    const index = cast(cValue(context, expression.index), 'int').value;
    if (array.name === '_args') {
      const at = constantOf(index);
      if (at === null || !module.setting.startsWith('receive')) throw new NotUnderstood('_args');
      return { place: { kind: 'weight', index: at }, type: 'double' };
    }
    return namedPlace(module, array.name, index);
  }
  if (expression.kind !== 'name') throw new NotUnderstood('what is assigned to');
  return namedPlace(module, expression.name, null);
}

function namedPlace(module: Module, name: string, index: Value | null): { place: Place; type: CType } {
  const own = module.scope.find(name);
  if (own?.kind === 'c') return { place: withIndex(local(own.name), index, own.length), type: own.type };
  const inner = /^_l(\w+)$/.exec(name)?.[1];
  const found = inner === undefined ? undefined : module.scope.find(inner);
  if (found?.kind === 'local') {
    const type = found.counter ? 'int' : 'double';
    return { place: withIndex(local(found.name), index, found.length), type };
  }
  if (inner === 'flag' && found?.kind === 'constant') throw new NotUnderstood('flag');
  const meaning = module.declarations.meanings.get(name);
  if (meaning?.kind === 'field') {
    const isArray = meaning.field.length > 1;
    if (isArray !== (index !== null)) throw new NotUnderstood(name);
    const base = { kind: meaning.where, name } as const;
    return { place: index === null ? base : { ...base, index }, type: 'double' };
  }
  // Parameters and LOCALs have other names in C: `v` is the compartment's also where a parameter is called v.
  if (meaning?.kind === 'ambient' && index === null)
    return { place: { kind: 'ambient', name: meaning.name }, type: 'double' };
  throw new NotUnderstood(name);
}

function withIndex(place: Place, index: Value | null, length: number): Place {
  if (length > 1 !== (index !== null)) throw new NotUnderstood('an array');
  return index === null ? place : ({ ...place, index } as Place);
}

/** `*((void**)(&space))`: a pointer kept in a number, which is 0 until hoc sets it. */
function isKeptPointer(module: Module, expression: CExpression): boolean {
  let inner = expression;
  while (inner.kind === 'cast' && inner.type === 'pointer') inner = inner.of;
  if (inner.kind !== 'unary' || inner.operator !== '&' || inner.of.kind !== 'name') return false;
  const { name } = inner.of;
  const meaning = module.declarations.meanings.get(name);
  if (/^_p_/.test(name)) module.nullPointers.add(name.slice(3));
  return (meaning?.kind === 'field' && meaning.field.initial === 0) || /^_p_/.test(name);
}

function cUnary(context: CContext, operator: '-' | '+' | '!' | '*' | '&', of: CExpression): Typed {
  if (operator === '*') {
    if (isKeptPointer(context.module, of)) return NULL;
    throw new NotUnderstood('what a pointer points at');
  }
  if (operator === '&') throw new NotUnderstood('an address');
  const inner = cValue(context, of);
  if (operator === '!') {
    const constant = constantOf(inner.value);
    const value: Value = constant === null ? { op: 'not', of: inner.value } : number(constant === 0 ? 1 : 0);
    return { type: 'int', value };
  }
  if (inner.type === 'pointer') throw new NotUnderstood('a pointer');
  return operator === '-' ? { type: inner.type, value: foldNegate(inner.value) } : inner;
}

const COMPARING = new Set(['<', '>', '<=', '>=', '==', '!=']);

function cBinary(context: CContext, expression: Extract<CExpression, { kind: 'binary' }>): Typed {
  const { operator } = expression;
  if (operator === '&&' || operator === '||') return cLogical(context, operator, expression.left, expression.right);
  const [left, right] = [cValue(context, expression.left), cValue(context, expression.right)];
  if (COMPARING.has(operator)) {
    const [a, b] = [constantOf(left.value), constantOf(right.value)];
    if (a !== null && b !== null) return { type: 'int', value: number(compare(operator, a, b) ? 1 : 0) };
    return { type: 'int', value: foldBinary(operator as Operator, left.value, right.value) };
  }
  if (left.type === 'pointer' || right.type === 'pointer') throw new NotUnderstood('arithmetic on pointers');
  const type = left.type === 'int' && right.type === 'int' ? 'int' : 'double';
  if (operator === '%') {
    if (type !== 'int') throw new NotUnderstood('%');
    return { type, value: call('fmod', left.value, right.value) };
  }
  const value = foldBinary(operator as Operator, left.value, right.value);
  return { type, value: type === 'int' && operator === '/' ? truncated(value) : value };
}

function compare(operator: string, a: number, b: number): boolean {
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  if (operator === '<=') return a <= b;
  if (operator === '>=') return a >= b;
  return operator === '==' ? a === b : a !== b;
}

function cLogical(context: CContext, operator: '&&' | '||', leftSide: CExpression, rightSide: CExpression): Typed {
  const left = cValue(context, leftSide).value;
  const constant = constantOf(left);
  // What decides alone leaves the other side out.
  if (constant !== null && (constant !== 0) === (operator === '||'))
    return { type: 'int', value: number(constant === 0 ? 0 : 1) };
  const right = pure(context.module, rightSide);
  if (constant !== null) return { type: 'int', value: { op: 'not', of: { op: 'not', of: right } } };
  const other = constantOf(right);
  if (other !== null && (other !== 0) === (operator === '&&'))
    return { type: 'int', value: { op: 'not', of: { op: 'not', of: left } } };
  return { type: 'int', value: { op: 'binary', operator, left, right } };
}

/** A value of an expression that may not be computed, so nothing may come before it. */
function pure(module: Module, expression: CExpression): Value {
  const before: Step[] = [];
  const { value } = cValue({ module, before }, expression);
  if (before.length > 0) throw new NotUnderstood('an assignment inside a condition');
  return value;
}

function cChoice(context: CContext, { condition, then, otherwise }: Extract<CExpression, { kind: 'choice' }>): Typed {
  const decided = cValue(context, condition).value;
  const constant = constantOf(decided);
  if (constant !== null) return cValue(context, constant === 0 ? otherwise : then);
  const [yes, no]: [Step[], Step[]] = [[], []];
  const { module } = context;
  const [a, b] = [cValue({ module, before: yes }, then), cValue({ module, before: no }, otherwise)];
  const chosen = local(module.scope.fresh('choice'));
  context.before.push(when(decided, [...yes, set(chosen, a.value)], [...no, set(chosen, b.value)]));
  return { type: a.type === 'int' && b.type === 'int' ? 'int' : 'double', value: get(chosen) };
}

function cAssign(context: CContext, expression: Extract<CExpression, { kind: 'assign' }>): Typed {
  const { operator, target, value } = expression;
  if (operator === '=' && isPointer(context.module, target)) {
    cast(cValue(context, value), 'pointer');
    return NULL;
  }
  const given: CExpression =
    operator === '='
      ? value
      : { kind: 'binary', operator: operator.slice(0, -1), left: target as Assignable, right: value };
  refuseFixed(context.module, target);
  const before = context.before.length;
  const { place, type } = cPlace(context, target);
  // An index that changes something is computed once in C, and after the value.
  if (context.before.length > before && (operator !== '=' || value.kind !== 'number'))
    throw new NotUnderstood('an assignment inside an index');
  if (type === 'pointer') throw new NotUnderstood('a pointer');
  if (place.kind === 'ambient' && place.name !== 'v') throw new NotUnderstood(`an assignment to ${place.name}`);
  const result = cast(cValue(context, given), type);
  context.before.push(set(place, result.value));
  const { scope } = context.module;
  if (place.kind === 'local') scope.assign(place.name);
  if (scope.hasResult !== null && place.kind === 'local' && place.name === scope.result)
    context.before.push(set(local(scope.hasResult), number(1)));
  return { type, value: get(place) };
}

/** A static variable keeps what is assigned to it from call to call. */
function refuseFixed(module: Module, target: CExpression): void {
  const name = target.kind === 'index' ? target.array : target;
  const found = name.kind === 'name' ? module.scope.find(name.name) : undefined;
  if (found?.kind === 'c' && found.fixed) throw new NotUnderstood('a static variable that changes');
}

/** Whether the target is a C variable that holds a pointer. */
function isPointer(module: Module, target: CExpression): boolean {
  if (target.kind !== 'name') return false;
  const found = module.scope.find(target.name);
  return found?.kind === 'c' && found.type === 'pointer';
}

function cPostfix(context: CContext, { operator, target }: Extract<CExpression, { kind: 'postfix' }>): Typed {
  refuseFixed(context.module, target);
  const { place, type } = cPlace(context, target);
  if (type === 'pointer') throw new NotUnderstood('a pointer');
  const { scope, guarded } = { scope: context.module.scope, guarded: cValue(context, target).value };
  const old = local(scope.fresh('before'));
  context.before.push(set(old, guarded), set(place, foldBinary(operator === '++' ? '+' : '-', get(old), number(1))));
  return { type, value: get(old) };
}
