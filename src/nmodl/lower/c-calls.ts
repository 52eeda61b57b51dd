/** Calls in VERBATIM's C. */
import type { Step, Value } from '../../kernel/program.ts';
import type { CExpression, CFunction } from '../verbatim/syntax.ts';
import { NotUnderstood } from '../verbatim/tokens.ts';
import { lowerCStatements } from './c-statements.ts';
import { cast, cValue } from './c-values.ts';
import { INTRINSICS } from './calls.ts';
import { foldCall, foldPower } from './fold.ts';
import type { CContext, Module, Typed } from './module.ts';
import { requireRoutine, returnsNothing } from './routines.ts';
import { SHARED } from './shared-draws.ts';
import { get, local, number, set, when } from './values.ts';

type Call = Extract<CExpression, { kind: 'call' }>;

/** Functions that print, or speak to hoc about nothing that a run sees. */
const IDLE = new Set(['printf', 'fprintf', 'fflush', 'puts', 'putchar']);

export function callC(context: CContext, expression: Call): Typed {
  const { module } = context;
  const { name } = expression;
  if (IDLE.has(name)) return { type: 'int', value: number(0) };
  if (name === 'hoc_execerror' || name === 'assert' || name === 'abort_run') return stopC(context, expression);
  if (name === 'ifarg') return hocArgument(module, expression);
  const meaning = module.declarations.meanings.get(name);
  if (meaning?.kind === 'routine') {
    const { block } = meaning;
    const parameters = numbers(context, expression, block.arguments.length);
    const isFunction = block.keyword === 'FUNCTION';
    if (isFunction && returnsNothing(block)) throw new NotUnderstood(name);
    const routine = requireRoutine(module, block, { start: block.start, end: block.end });
    if (isFunction) return { type: 'double', value: { op: 'invoke', routine, arguments: parameters } };
    context.before.push({ do: 'invoke', routine, arguments: parameters });
    return { type: 'int', value: number(0) };
  }
  const intrinsic = INTRINSICS.get(name);
  if (intrinsic !== undefined && name !== 'abs') {
    const parameters = numbers(context, expression, intrinsic.count);
    const [a, b] = parameters;
    const value =
      name === 'pow' && a !== undefined && b !== undefined
        ? foldPower(module, a, b)
        : foldCall(intrinsic.name, parameters);
    return { type: 'double', value };
  }
  const shared = SHARED.get(name);
  if (shared !== undefined) {
    // Draws come one after the other, in the order of the text.
    const drawn = local(module.scope.fresh('drawn'));
    context.before.push(set(drawn, shared.draw(module, numbers(context, expression, shared.count))));
    return { type: name === 'poisrand' ? 'int' : 'double', value: get(drawn) };
  }
  if (name === 'set_seed') {
    const [seed = number(0)] = numbers(context, expression, 1);
    context.before.push({ do: 'shared-seed', seed });
    return { type: 'int', value: number(0) };
  }
  const own = module.c.functions.get(name);
  if (own !== undefined) return callOwn(context, expression, own);
  throw new NotUnderstood(`${name}(…)`);
}

function numbers(context: CContext, expression: Call, count: number): Value[] {
  if (expression.arguments.length !== count) throw new NotUnderstood(`${expression.name}(…)`);
  return expression.arguments.map((argument) => cast(cValue(context, argument), 'double').value);
}

/** The run ends, with the text. */
function stopC(context: CContext, { name, arguments: given }: Call): Typed {
  const texts = given.flatMap((one) => (one.kind === 'text' ? [one.text.slice(1, -1).replace(/\\n/g, '').trim()] : []));
  const fail: Step = { do: 'fail', message: texts.join(' ') || `${name} in VERBATIM` };
  if (name !== 'assert') context.before.push(fail);
  else {
    const [condition] = given;
    if (condition === undefined) throw new NotUnderstood('assert');
    context.before.push(when(cValue(context, condition).value, [], [fail]));
  }
  return { type: 'int', value: number(0) };
}

/** Arguments of hoc: a constructor that a run calls gets none but the place. */
function hocArgument(module: Module, { arguments: given }: Call): Typed {
  const [which] = given;
  if (module.setting !== 'life' || which?.kind !== 'number' || which.value < 2) throw new NotUnderstood('ifarg(…)');
  return { type: 'int', value: number(0) };
}

/** A function that a VERBATIM at file level defines. */
function callOwn(context: CContext, expression: Call, own: CFunction): Typed {
  const { module } = context;
  const parameters = expression.arguments.map((argument, i) => {
    const type = own.parameters[i]?.type ?? 'double';
    return cast(cValue(context, argument), type).value;
  });
  if (parameters.length !== own.parameters.length) throw new NotUnderstood(`${own.name}(…)`);
  const routine = `C ${own.name}`;
  if (module.underWayC.has(routine)) throw new NotUnderstood(`${own.name}, which calls itself`);
  if (!module.routines.has(routine)) {
    module.underWayC.add(routine);
    try {
      buildOwn(module, own, routine);
    } finally {
      module.underWayC.delete(routine);
    }
  }
  if (own.type === 'void' || own.type === 'pointer') {
    if (own.type === 'pointer') throw new NotUnderstood(own.name);
    context.before.push({ do: 'invoke', routine, arguments: parameters });
    return { type: 'int', value: number(0) };
  }
  return { type: own.type, value: { op: 'invoke', routine, arguments: parameters } };
}

function buildOwn(module: Module, own: CFunction, routine: string): void {
  const names = own.parameters.map(({ name }) => name);
  module.build(routine, 'routine', names, own.type === 'void' ? null : 'result.', (scope, unique) => {
    own.parameters.forEach(({ name, type }, i) => {
      scope.bind(name, { kind: 'c', name: unique[i] ?? name, length: 1, type, fixed: false });
    });
    scope.resultType = own.type === 'int' ? 'int' : 'double';
    return lowerCStatements(module, [own.body]);
  });
}
