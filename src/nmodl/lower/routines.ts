/** FUNCTION, PROCEDURE and FUNCTION_TABLE, compiled when something calls them. */
import type { Declarations, RoutineBlock } from '../check/declarations.ts';
import type { Span } from '../source.ts';
import type { Body, Statement } from '../syntax.ts';
import { parseStatements } from '../verbatim/parse.ts';
import type { CStatement } from '../verbatim/syntax.ts';
import { type Macros, NotUnderstood } from '../verbatim/tokens.ts';
import type { Module } from './module.ts';
import { get, local, when } from './values.ts';

/** Routines that are being compiled now, by module, to see recursion. */
const UNDER_WAY = new WeakMap<Module, string[]>();

/** Makes sure that the routine of a block is there; returns its name. `valued`: whether what it returns is used. */
export function requireRoutine(module: Module, block: RoutineBlock, caller: Span, valued = true): string {
  const table = block.body.statements.find((one) => one.kind === 'table');
  // Where the result is not used, it does not matter whether there is one.
  const checked = block.keyword === 'FUNCTION' && (valued || table !== undefined) && mayLackResult(module, block);
  const isLoose = block.keyword === 'FUNCTION' && !checked && mayLackResult(module, block);
  const name = isLoose ? `${block.name} without result` : block.name;
  const stack = UNDER_WAY.get(module) ?? [];
  UNDER_WAY.set(module, stack);
  if (stack.includes(block.name)) module.report('recursive-routine', caller, { name: block.name });
  else if (!module.routines.has(name)) {
    stack.push(block.name);
    if (table === undefined) buildPlain(module, block, name, checked);
    else module.inner.table(module, block, table);
    stack.pop();
  }
  return name;
}

/** The routine itself, without a TABLE; `checked`: it ends the run where it comes to its end without a result. */
export function buildPlain(
  module: Module,
  block: RoutineBlock,
  name: string,
  checked = mayLackResult(module, block),
): void {
  const parameters = block.arguments.map((argument) => argument.name);
  const isFunction = block.keyword === 'FUNCTION';
  if (isFunction && checked) module.report('result-maybe-unassigned', block, { name: block.name });
  module.build(name, 'routine', parameters, isFunction ? block.name : null, (scope, _, result) => {
    // A result that is read before it is assigned is the business of the check at the end.
    if (result !== null) scope.assigned.add(result);
    if (isFunction && checked) scope.hasResult = scope.fresh('assigned');
    const steps = scope.inner(() => module.inner.body(module, block.body));
    const { hasResult } = scope;
    if (hasResult === null) return steps;
    const message = `the FUNCTION ${block.name} of ${module.declarations.neuron.name} came to its end without a result`;
    return [...steps, when(get(local(hasResult)), [], [{ do: 'fail', message }])];
  });
}

/** Whether a FUNCTION has no statement that gives it a result. */
export function returnsNothing(block: RoutineBlock): boolean {
  return block.keyword === 'FUNCTION' && !assignsResult(new Map(), block.body, block.name).ever;
}

function mayLackResult(module: Module, block: RoutineBlock): boolean {
  const { ever, always } = assignsResult(module.macros, block.body, block.name);
  return block.keyword === 'FUNCTION' && ever && !always;
}

interface Assigns {
  readonly ever: boolean;
  readonly always: boolean;
}

/** Whether a body assigns to a name, on some way or on every way. */
function assignsResult(macros: Macros, body: Body, name: string): Assigns {
  let ever = false;
  let always = false;
  for (const statement of body.statements) {
    const one = statementAssigns(macros, statement, name);
    ever ||= one.ever;
    always ||= one.always;
  }
  return { ever, always };
}

function statementAssigns(macros: Macros, statement: Statement, name: string): Assigns {
  switch (statement.kind) {
    case 'assign': {
      const is = statement.target.kind === 'variable' && statement.target.name === name;
      return { ever: is, always: is };
    }
    case 'if': {
      const then = assignsResult(macros, statement.then, name);
      const otherwise =
        statement.otherwise === null
          ? { ever: false, always: false }
          : assignsResult(macros, statement.otherwise, name);
      return { ever: then.ever || otherwise.ever, always: then.always && otherwise.always };
    }
    case 'while':
    case 'from':
      return { ever: assignsResult(macros, statement.body, name).ever, always: false };
    case 'block':
      return assignsResult(macros, statement.body, name);
    case 'protect':
      return statementAssigns(macros, statement.statement, name);
    case 'verbatim':
      return { ever: true, always: statement.text.includes('return') && returnsAlways(macros, statement.text) };
    default:
      return { ever: false, always: false };
  }
}

/** Whether C returns on every way; what is not understood is refused where it is compiled. */
function returnsAlways(macros: Macros, text: string): boolean {
  try {
    return parseStatements(text, new Map(macros)).some(isReturn);
  } catch (error) {
    if (error instanceof NotUnderstood) return true;
    throw error;
  }
}

function isReturn(statement: CStatement): boolean {
  if (statement.kind === 'return') return true;
  if (statement.kind === 'block') return statement.statements.some(isReturn);
  if (statement.kind !== 'if' || statement.otherwise === null) return false;
  return isReturn(statement.then) && isReturn(statement.otherwise);
}

/** A FUNCTION_TABLE: a routine that fails until the user sets it. */
export function requireTable(module: Module, block: TableBlock): string {
  const { name } = block;
  if (!module.routines.has(name))
    module.build(
      name,
      'routine',
      block.arguments.map((argument) => argument.name),
      name,
      () => [{ do: 'fail', message: `the FUNCTION_TABLE ${name} of ${module.declarations.neuron.name} is not set` }],
    );
  return name;
}
type TableBlock = Extract<NonNullable<ReturnType<Declarations['meanings']['get']>>, { kind: 'table' }>['block'];
