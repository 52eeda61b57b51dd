/** Values and places as JavaScript expressions, with C's meaning: comparisons give 1 or 0, what is not 0 is true. */
import { UsageError } from '../../errors.ts';
import type { Ambient, Intrinsic, Place, Value } from '../program.ts';
import type { Names, Scope } from './names.ts';
import type { Steady } from './steady.ts';

/** What an expression stands in: the names of the program and the locals of the routine. */
export interface Context {
  readonly names: Names;
  readonly scope: Scope;
  readonly steady: Steady;
}

/** A number that reads back as itself. */
export function numberCode(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (x === Number.POSITIVE_INFINITY) return '(1 / 0)';
  if (x === Number.NEGATIVE_INFINITY) return '(-1 / 0)';
  return x < 0 || Object.is(x, -0) ? `(-${-x})` : String(x);
}

/** E, X and the like are functions of the generated source's preamble (source.ts). */
export const INTRINSIC: Readonly<Record<Intrinsic, string>> = {
  exp: 'E',
  log: 'log',
  log10: 'log10',
  pow: 'pow',
  sqrt: 'Math.sqrt',
  fabs: 'Math.abs',
  floor: 'Math.floor',
  ceil: 'Math.ceil',
  fmod: 'M',
  int: 'T',
  sin: 'Math.sin',
  cos: 'Math.cos',
  tan: 'Math.tan',
  asin: 'Math.asin',
  acos: 'Math.acos',
  atan: 'Math.atan',
  atan2: 'Math.atan2',
  sinh: 'Math.sinh',
  cosh: 'Math.cosh',
  tanh: 'Math.tanh',
};

const AMBIENT: Readonly<Record<Ambient, string>> = {
  v: 'V[i]',
  t: 'clock[0]',
  dt: 'clock[1]',
  celsius: 'clock[2]',
  secondorder: 'clock[3]',
  area: 'area[nodes[i]]',
  diam: 'diameter[nodes[i]]',
};

const ARITHMETIC = new Set(['+', '-', '*', '/']);
const COMPARISON: Readonly<Record<string, string>> = {
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '==': '===',
  '!=': '!==',
};

/** The expression as a number. */
export function valueCode(value: Value, context: Context): string {
  switch (value.op) {
    case 'number':
      return numberCode(value.value);
    case 'get':
      return placeCode(value.place, context);
    case 'negate':
      return `(-${valueCode(value.of, context)})`;
    case 'binary':
      if (ARITHMETIC.has(value.operator)) {
        return `(${valueCode(value.left, context)} ${value.operator} ${valueCode(value.right, context)})`;
      }
      return `(${conditionCode(value, context)} ? 1 : 0)`;
    case 'not':
    case 'at-time':
      return `(${conditionCode(value, context)} ? 1 : 0)`;
    case 'call': {
      const remembering = context.steady.call(value);
      const given = argumentsCode(value.arguments, context);
      return remembering === null ? `${INTRINSIC[value.function]}(${given})` : `${remembering}(i, ${given})`;
    }
    case 'invoke':
      return invocation(value.routine, value.arguments, context);
    case 'shared-draw':
      return 'G.next()';
    case 'draw': {
      const stream = `z${context.names.random(value.random)}[i]`;
      return `${stream}.${value.distribution}(${argumentsCode(value.arguments, context)})`;
    }
  }
}

/** The expression as a JavaScript truth value. */
export function conditionCode(value: Value, context: Context): string {
  if (value.op === 'not') return `!${conditionCode(value.of, context)}`;
  if (value.op === 'at-time') return `A(${valueCode(value.time, context)})`;
  if (value.op === 'binary') {
    const comparison = COMPARISON[value.operator];
    if (comparison !== undefined) {
      return `(${valueCode(value.left, context)} ${comparison} ${valueCode(value.right, context)})`;
    }
    if (value.operator === '&&' || value.operator === '||') {
      return `(${conditionCode(value.left, context)} ${value.operator} ${conditionCode(value.right, context)})`;
    }
  }
  return `(${valueCode(value, context)} !== 0)`;
}

export function invocation(routine: string, values: readonly Value[], context: Context): string {
  const code = context.names.routine(routine);
  return `${code}(${['i', ...values.map((one) => valueCode(one, context))].join(', ')})`;
}

function argumentsCode(values: readonly Value[], context: Context): string {
  return values.map((one) => valueCode(one, context)).join(', ');
}

/** A place to read from or to assign to. */
export function placeCode(place: Place, context: Context): string {
  const { names, scope } = context;
  switch (place.kind) {
    case 'local': {
      const { code, length } = scope.local(place.name);
      if (length === 1 && place.index === undefined) return code;
      return `${code}[${indexCode(place.index, length, context)}]`;
    }
    case 'instance': {
      const { code, field } = names.instance(place.name);
      if (field.length === 1 && place.index === undefined) return `${code}[i]`;
      return `${code}[i * ${field.length} + ${indexCode(place.index, field.length, context)}]`;
    }
    case 'global': {
      const { code, field } = names.global(place.name);
      return `${code}[${indexCode(place.index, field.length, context)}]`;
    }
    case 'pointer': {
      const k = names.pointer(place.name);
      return `(p${k}[i] ?? U(i, ${k}))[q${k}[i]]`;
    }
    case 'weight':
      return `W[${checkedIndex(place.index, Number.POSITIVE_INFINITY)}]`;
    case 'ambient':
      return AMBIENT[place.name];
  }
}

/** An element's number, cut off towards zero as C does; one outside the array ends the run. */
function indexCode(index: Value | undefined, length: number, context: Context): string {
  if (index === undefined) return '0';
  if (index.op === 'number') return checkedIndex(Math.trunc(index.value), length);
  return `X(i, ${valueCode(index, context)}, ${length})`;
}

function checkedIndex(k: number, length: number): string {
  if (!(Number.isSafeInteger(k) && k >= 0 && k < length)) {
    throw new UsageError(`element ${k} of an array of ${length} elements`);
  }
  return String(k + 0);
}
