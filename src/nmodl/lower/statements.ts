/** Statements to steps. */
import type { Step } from '../../kernel/program.ts';
import { USETABLE } from '../check/declarations.ts';
import type { Body, Expression, Statement } from '../syntax.ts';
import { lowerCall, lowerSpecialCall } from './calls.ts';
import { lowerExpression, lowerIndex, lowerPlace } from './expressions.ts';
import { constantOf } from './fold.ts';
import type { Module } from './module.ts';
import { lowerNetcons, lowerWatch } from './receive.ts';
import { lowerBlockCall, lowerSolve } from './solving.ts';
import { local, number, set } from './values.ts';
import { lowerVerbatim } from './verbatim.ts';

/** The statements of a body, in the block that is open; inner bodies open their own. */
export function lowerBody(module: Module, body: Body): Step[] {
  return body.statements.flatMap((statement) => lowerStatement(module, statement));
}

function lowerInner(module: Module, body: Body): Step[] {
  return module.scope.inner(() => lowerBody(module, body));
}

/** A body that may not run at all. */
function lowerLoop(module: Module, body: Body): Step[] {
  return module.scope.branches([() => lowerInner(module, body), () => []])[0] ?? [];
}

export function lowerStatement(module: Module, statement: Statement): Step[] {
  const custom = module.custom?.(statement) ?? null;
  if (custom !== null) return custom;
  switch (statement.kind) {
    case 'assign':
      return lowerAssign(module, statement.target, statement.value);
    case 'expression':
      return lowerCallStatement(module, statement.value);
    case 'local':
      for (const one of statement.names) module.scope.declare(one.name, localLength(module, one.length, one.name, one));
      return [];
    case 'if': {
      const condition = lowerExpression(module, statement.condition);
      const other = statement.otherwise;
      const [then = [], otherwise = []] = module.scope.branches([
        () => lowerInner(module, statement.then),
        () => (other === null ? [] : lowerInner(module, other)),
      ]);
      return [{ do: 'if', condition, then, otherwise }];
    }
    case 'while':
      return [
        {
          do: 'while',
          condition: lowerExpression(module, statement.condition),
          body: lowerLoop(module, statement.body),
        },
      ];
    case 'from':
      return lowerFrom(module, statement);
    case 'solve':
      return lowerSolve(module, statement);
    case 'protect':
      return lowerStatement(module, statement.statement);
    case 'block':
      return lowerInner(module, statement.body);
    case 'conductance':
      module.report('construct-refused', statement, { what: 'CONDUCTANCE' });
      return [];
    case 'marker':
      return [];
    case 'verbatim':
      return lowerVerbatim(module, statement);
    case 'watch':
      return lowerWatch(module, statement);
    case 'for-netcons':
      return lowerNetcons(module, statement);
    case 'initial':
      if (module.setting !== 'receive') misplaced(module, statement, 'INITIAL', 'a block of its own or in NET_RECEIVE');
      return [];
    case 'table':
      if (module.setting !== 'routine') misplaced(module, statement, 'TABLE', 'a FUNCTION or PROCEDURE');
      return [];
    default:
      misplaced(module, statement, PLACES[statement.kind].what, PLACES[statement.kind].where);
      return [];
  }
}

const PLACES = {
  equation: { what: 'an equation', where: 'a LINEAR or NONLINEAR block' },
  reaction: { what: 'a reaction', where: 'a KINETIC block' },
  conserve: { what: 'CONSERVE', where: 'a KINETIC block' },
  compartment: { what: 'COMPARTMENT', where: 'a KINETIC block' },
  diffusion: { what: 'LONGITUDINAL_DIFFUSION', where: 'a KINETIC block' },
} as const;

function misplaced(module: Module, statement: Statement, what: string, where: string): void {
  module.report('out-of-place', statement, { what, where });
}

function localLength(
  module: Module,
  text: string | null,
  name: string,
  span: Statement | { start: number; end: number },
): number {
  if (text === null) return 1;
  const length = module.declarations.defines.get(text) ?? Number(text);
  if (Number.isInteger(length) && length > 0 && length <= 1e4) return length;
  module.report('array-length', span, { name });
  return 1;
}

const SPECIAL: ReadonlySet<string> = new Set(['t', 'dt', 'celsius', 'area', 'diam']);

function lowerAssign(module: Module, target: Expression, value: Expression): Step[] {
  const result = lowerExpression(module, value);
  if (target.kind !== 'variable') return [];
  const { name } = target;
  if (target.primes > 0) {
    module.report('derivative-refused', target, { name });
    return [];
  }
  const found = module.scope.find(name);
  if (found === undefined && SPECIAL.has(name)) {
    module.report('assigns-special', target, { name });
    return [];
  }
  if (found === undefined && name === USETABLE && module.threadSafe) module.report('usetable-assigned', target, {});
  if (found?.kind === 'local') {
    if (found.counter) module.report('assigns-loop-counter', target, { name });
    module.scope.assign(found.name);
  }
  const place = lowerPlace(module, target);
  if (place === null) return [];
  const { scope } = module;
  const isResult = place.kind === 'local' && place.name === scope.result && scope.hasResult !== null;
  return isResult ? [set(place, result), set(local(scope.hasResult ?? ''), number(1))] : [set(place, result)];
}

function lowerCallStatement(module: Module, expression: Expression): Step[] {
  if (expression.kind !== 'call') return [];
  if (expression.name === 'state_discontinuity') return lowerDiscontinuity(module, expression);
  if (module.declarations.meanings.get(expression.name)?.kind === 'solved') {
    const block = lowerBlockCall(module, expression.name);
    if (block !== null) return block;
  }
  const special = lowerSpecialCall(module, expression);
  if (special !== null) return special;
  const value = lowerCall(module, expression, false);
  if (value.op === 'invoke') return [{ do: 'invoke', routine: value.routine, arguments: value.arguments }];
  if (value.op === 'draw') {
    // A draw moves the stream on, also where nobody takes it.
    return [set({ kind: 'local', name: module.scope.fresh('drawn') }, value)];
  }
  return [];
}

/** state_discontinuity(x, value) in NET_RECEIVE is an assignment. */
function lowerDiscontinuity(module: Module, expression: Extract<Expression, { kind: 'call' }>): Step[] {
  const [target, value] = expression.arguments;
  if (module.setting !== 'receive' || target === undefined || value === undefined) {
    module.report('construct-refused', expression, { what: 'state_discontinuity outside NET_RECEIVE' });
    return [];
  }
  return lowerAssign(module, target, value);
}

function lowerFrom(module: Module, statement: Extract<Statement, { kind: 'from' }>): Step[] {
  const first = lowerIndex(module, statement.first);
  return module.scope.inner(() => {
    const counter = module.scope.declare(statement.name, 1, true);
    const last = lowerIndex(module, statement.last);
    const by = statement.by === null ? number(1) : lowerIndex(module, statement.by);
    const [start, end] = [constantOf(first), constantOf(last)];
    const runs = start !== null && end !== null && start <= end;
    const body = runs ? lowerInner(module, statement.body) : lowerLoop(module, statement.body);
    return [{ do: 'for', local: counter, first, last, by, body }];
  });
}
