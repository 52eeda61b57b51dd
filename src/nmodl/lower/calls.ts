/** Calls: functions every back end has, those of the file, and those that speak to NEURON. */
import type { Intrinsic, Step, Value } from '../../kernel/program.ts';
import { suggestion } from '../check/names.ts';
import type { Expression } from '../syntax.ts';
import { lowerExpression, NOTHING, WHAT } from './expressions.ts';
import { foldCall, foldPower } from './fold.ts';
import type { Module } from './module.ts';
import { requireRoutine, requireTable, returnsNothing } from './routines.ts';
import { SHARED } from './shared-draws.ts';
import { get, local, number } from './values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

type Known = { readonly name: Intrinsic; readonly count: number };

const UNARY: readonly Intrinsic[] = ['exp', 'log', 'log10', 'sqrt', 'fabs', 'floor', 'ceil', 'sin', 'cos', 'tan'];
const UNARY_MORE: readonly Intrinsic[] = ['asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'];
const BINARY: readonly Intrinsic[] = ['pow', 'fmod', 'atan2'];

export const INTRINSICS: ReadonlyMap<string, Known> = new Map([
  ...[...UNARY, ...UNARY_MORE].map((name): [string, Known] => [name, { name, count: 1 }]),
  ...BINARY.map((name): [string, Known] => [name, { name, count: 2 }]),
  ['abs', { name: 'fabs', count: 1 }],
]);

/** Functions of NEURON's library that are known and not run. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...[
    'poisson',
    'gauss',
    'setseed',
    'erf',
    'factorial',
    'threshold',
    'force',
    'deflate',
    'expfit',
    'derivs',
    'spline',
    'hyperbol',
    'revhyperbol',
  ].map((name) => [name, 'it belongs to an old library'] as const),
  ...['sigmoid', 'revsigmoid', 'harmonic', 'squarewave', 'sawtooth', 'revsawtooth', 'ramp', 'pulse', 'perpulse'].map(
    (name) => [name, 'it belongs to an old library'] as const,
  ),
  ...['step', 'perstep', 'stepforce', 'schedule', 'boundary', 'romberg', 'legendre', 'invert', 'first_time'].map(
    (name) => [name, 'it belongs to an old library'] as const,
  ),
  ['nrn_random_play', 'it plays a random stream into a variable'],
  ['nrn_pointing', 'whether a POINTER is set is not known before a run'],
  ['random_setids', 'the identifiers of a RANDOM come from outside'],
]);

/** Draws, with how many numbers they take besides the stream, and what they take without them. */
const DRAWS = {
  random_uniform: { distribution: 'uniform', counts: [0, 2], defaults: [0, 1] },
  random_normal: { distribution: 'normal', counts: [0, 2], defaults: [0, 1] },
  random_negexp: { distribution: 'negexp', counts: [0, 1], defaults: [1] },
  random_ipick: { distribution: 'integer', counts: [0], defaults: [] },
  random_dpick: { distribution: 'uniform', counts: [0], defaults: [0, 1] },
} as const;

/** A call in an expression. */
export function lowerCall(module: Module, expression: Call, needsValue: boolean): Value {
  const { name } = expression;
  const meaning = module.declarations.meanings.get(name);
  if (meaning?.kind === 'routine' || meaning?.kind === 'table') {
    const { block } = meaning;
    if (!hasCount(module, expression, block.arguments.length)) return NOTHING;
    if (needsValue && block.kind === 'function' && block.keyword === 'PROCEDURE') {
      module.report('no-value', expression, { name });
    }
    if (needsValue && meaning.kind === 'routine' && returnsNothing(meaning.block)) {
      module.report('result-never-assigned', expression, { name });
      return NOTHING;
    }
    const parameters = expression.arguments.map((argument) => lowerExpression(module, argument));
    const routine =
      meaning.kind === 'routine'
        ? requireRoutine(module, meaning.block, expression, needsValue)
        : requireTable(module, meaning.block);
    const isProcedure = block.kind === 'function' && block.keyword === 'PROCEDURE';
    const called = needsValue && isProcedure ? valued(module, routine, parameters.length) : routine;
    return { op: 'invoke', routine: called, arguments: parameters };
  }
  if (meaning !== undefined) {
    module.report('not-a-function', expression, { name, what: WHAT[meaning.kind] });
    return NOTHING;
  }
  const intrinsic = INTRINSICS.get(name);
  if (intrinsic !== undefined) return lowerIntrinsic(module, expression, intrinsic);
  if (Object.hasOwn(DRAWS, name)) return lowerDraw(module, expression, name as keyof typeof DRAWS);
  const shared = SHARED.get(name);
  if (shared !== undefined) {
    if (!hasCount(module, expression, shared.count)) return NOTHING;
    const parameters = expression.arguments.map((argument) => lowerExpression(module, argument));
    return shared.draw(module, parameters);
  }
  if (name === 'at_time') {
    const [time] = expression.arguments;
    if (!hasCount(module, expression, 1) || time === undefined) return NOTHING;
    return { op: 'at-time', time: lowerExpression(module, time) };
  }
  const why = REFUSED.get(name);
  if (why !== undefined) module.report('refused-function', expression, { name, why });
  else module.report('unknown-function', expression, { name, suggestion: suggestion(name, callable(module)) });
  return NOTHING;
}

/** A PROCEDURE where a value is asked for: in C it returns 0. */
function valued(module: Module, routine: string, count: number): string {
  const name = `value of ${routine}`;
  const names = Array.from({ length: count }, (_, i) => `a${i}`);
  if (!module.routines.has(name))
    module.build(name, 'routine', names, 'zero', (_, unique) => [
      { do: 'invoke', routine, arguments: unique.map((one) => get(local(one))) },
    ]);
  return name;
}

function callable(module: Module): string[] {
  const own = [...module.declarations.meanings].filter(([, { kind }]) => kind === 'routine' || kind === 'table');
  return [...own.map(([name]) => name), ...INTRINSICS.keys(), ...Object.keys(DRAWS), 'at_time'];
}

function hasCount(module: Module, expression: Call, expected: number): boolean {
  const found = expression.arguments.length;
  if (found === expected) return true;
  const { name } = expression;
  module.report('wrong-argument-count', expression, { name, expected: String(expected), found: String(found) });
  return false;
}

function lowerIntrinsic(module: Module, expression: Call, { name, count }: { name: Intrinsic; count: number }): Value {
  if (!hasCount(module, expression, count)) return NOTHING;
  const parameters = expression.arguments.map((argument) => lowerExpression(module, argument));
  const [a, b] = parameters;
  if (name === 'pow' && a !== undefined && b !== undefined) return foldPower(module, a, b);
  return foldCall(name, parameters);
}

/** The RANDOM variable that the first argument names, or null with a diagnostic. */
function randomOf(module: Module, expression: Call): string | null {
  const [first] = expression.arguments;
  const name = first?.kind === 'variable' ? first.name : '';
  if (module.declarations.meanings.get(name)?.kind === 'random') return name;
  const why = 'its first argument must be a RANDOM variable';
  module.report('refused-function', expression, { name: expression.name, why });
  return null;
}

function lowerDraw(module: Module, expression: Call, name: keyof typeof DRAWS): Value {
  const { distribution, counts, defaults } = DRAWS[name];
  const random = randomOf(module, expression);
  if (random === null) return NOTHING;
  const given = expression.arguments.slice(1).map((argument) => lowerExpression(module, argument));
  if (!counts.some((count) => count === given.length)) {
    const expected = counts.map((count) => count + 1).join(' or ');
    module.report('wrong-argument-count', expression, { name, expected, found: String(given.length + 1) });
    return NOTHING;
  }
  return { op: 'draw', random, distribution, arguments: given.length > 0 ? given : defaults.map(number) };
}

/** Calls that are statements and no user function; null where the name is none of them. */
export function lowerSpecialCall(module: Module, expression: Call): Step[] | null {
  const { name } = expression;
  if (module.declarations.meanings.has(name)) return null;
  if (name === 'printf' || name === 'prterr') {
    module.report('printf-ignored', expression, { name });
    return [];
  }
  if (name === 'set_seed') {
    const [seed] = expression.arguments;
    if (!hasCount(module, expression, 1) || seed === undefined) return [];
    return [{ do: 'shared-seed', seed: lowerExpression(module, seed) }];
  }
  if (name === 'random_setseq') {
    const random = randomOf(module, expression);
    const [, at] = expression.arguments;
    if (random === null || at === undefined) return [];
    return [{ do: 'random-sequence', random, at: lowerExpression(module, at) }];
  }
  const event = EVENTS.get(name);
  if (event === undefined) return null;
  const allowed = module.setting === 'receive' || (name === 'net_send' && module.setting !== 'routine');
  if (!allowed || module.setting === 'breakpoint' || module.setting === 'solve' || module.setting === 'hook') {
    module.report('out-of-place', expression, { what: name, where: 'NET_RECEIVE' });
    return [];
  }
  if (!hasCount(module, expression, event.count)) return [];
  const [a = NOTHING, b = NOTHING] = expression.arguments.map((argument) => lowerExpression(module, argument));
  return [event.step(a, b)];
}

const EVENTS: ReadonlyMap<string, { readonly count: number; readonly step: (a: Value, b: Value) => Step }> = new Map([
  ['net_send', { count: 2, step: (delay: Value, flag: Value): Step => ({ do: 'send', delay, flag }) }],
  ['net_event', { count: 1, step: (time: Value): Step => ({ do: 'event', time }) }],
  ['net_move', { count: 1, step: (time: Value): Step => ({ do: 'move', time }) }],
]);
