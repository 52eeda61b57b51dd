/** Statements of VERBATIM's C to steps. */
import type { Step } from '../../kernel/program.ts';
import type { CDeclarator, CStatement } from '../verbatim/syntax.ts';
import { NotUnderstood } from '../verbatim/tokens.ts';
import { cast, cCondition, cValue } from './c-values.ts';
import { constantOf } from './fold.ts';
import type { CContext, Module } from './module.ts';
import { binary, get, local, number, set, when } from './values.ts';

/** The steps of a VERBATIM. @throws NotUnderstood where there is C that has no equal among them */
export function lowerCStatements(module: Module, statements: readonly CStatement[]): Step[] {
  const steps: Step[] = [];
  for (const [index, statement] of statements.entries()) {
    steps.push(...lowerC(module, statement));
    if (module.broken === null || !mayBreak(statement)) continue;
    // What follows runs only where the loop has not been left.
    const rest = lowerCStatements(module, statements.slice(index + 1));
    return [...steps, when(get(local(module.broken)), [], rest)];
  }
  return steps;
}

/** Whether a `break` in the statement leaves the loop around it. */
function mayBreak(statement: CStatement): boolean {
  if (statement.kind === 'if')
    return [statement.then, statement.otherwise].some((one) => one !== null && mayBreak(one));
  return statement.kind === 'break' || (statement.kind === 'block' && statement.statements.some(mayBreak));
}

/** Runs something inside a loop whose local says whether it was left, or, with null, where `break` is another's. */
function within<T>(module: Module, broken: string | null, run: () => T): T {
  const outer = module.broken;
  module.broken = broken;
  try {
    return run();
  } finally {
    module.broken = outer;
  }
}

function lowerC(module: Module, statement: CStatement): Step[] {
  switch (statement.kind) {
    case 'empty':
      return [];
    case 'declare':
      return statement.declarators.flatMap((one) => declareC(module, one));
    case 'expression':
      return withBefore(module, (context) => {
        cValue(context, statement.value);
        return [];
      });
    case 'if':
      return lowerIf(module, statement);
    case 'while':
      return lowerWhile(module, statement);
    case 'for':
      return lowerFor(module, statement);
    case 'switch':
      return lowerSwitch(module, statement);
    case 'block':
      if (statement.open) throw new NotUnderstood('a brace that is not closed');
      return module.scope.inner(() => lowerCStatements(module, statement.statements));
    case 'return':
      return lowerReturn(module, statement);
    case 'break':
      if (module.broken === null) throw new NotUnderstood('break');
      return [set(local(module.broken), number(1))];
    case 'close':
      if (module.openBraces === 0) throw new NotUnderstood('}');
      module.openBraces -= 1;
      return [];
    default:
      throw new NotUnderstood(statement.kind);
  }
}

/** Steps that an expression needs before it, and then what is made of it. */
function withBefore(module: Module, make: (context: CContext) => Step[]): Step[] {
  const before: Step[] = [];
  const after = make({ module, before });
  return [...before, ...after];
}

function declareC(module: Module, { name, type, length, values, fixed }: CDeclarator): Step[] {
  const unique = module.scope.fresh(name, length);
  // Values are computed before the name is known.
  const steps = withBefore(module, (context) =>
    values.map((value, i) => {
      const place = length > 1 ? { ...local(unique), index: number(i) } : local(unique);
      return set(place, cast(cValue(context, value), type).value);
    }),
  );
  module.scope.bind(name, { kind: 'c', name: unique, length, type, fixed });
  // What is static begins with 0.
  if (values.length === 0 && length === 1 && !fixed) module.scope.assigned.delete(unique);
  return type === 'pointer' ? [] : steps;
}

function lowerIf(module: Module, statement: Extract<CStatement, { kind: 'if' }>): Step[] {
  return withBefore(module, (context) => {
    const condition = cCondition(context, statement.condition);
    const constant = constantOf(condition);
    const branch = (one: CStatement | null) =>
      one === null ? [] : orEnd(module, () => module.scope.inner(() => lowerC(module, one)));
    if (constant === null) {
      const ways = [() => branch(statement.then), () => branch(statement.otherwise)];
      const [then = [], otherwise = []] = module.scope.branches(ways);
      return [{ do: 'if', condition, then, otherwise }];
    }
    const taken = constant === 0 ? statement.otherwise : statement.then;
    const other = constant === 0 ? statement.then : statement.otherwise;
    if (other?.kind === 'block' && other.open) throw new NotUnderstood('a brace that is not closed');
    if (taken?.kind !== 'block' || !taken.open)
      return taken === null ? [] : module.scope.inner(() => lowerC(module, taken));
    // The NMODL that follows stands in the branch that is always taken.
    module.openBraces += 1;
    return lowerCStatements(module, taken.statements);
  });
}

/** C under a condition that is not understood ends the run only where the run comes to it: most never do. */
function orEnd(module: Module, lower: () => Step[]): Step[] {
  const { openBraces } = module;
  try {
    return lower();
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    module.openBraces = openBraces;
    module.leftOut.push(error.message);
    return [{ do: 'fail', message: `a run came to C of VERBATIM that is not run: ${error.message}` }];
  }
}

function lowerWhile(module: Module, statement: Extract<CStatement, { kind: 'while' }>): Step[] {
  const broken = mayBreak(statement.body) ? module.scope.fresh('broken') : null;
  const inside = (): Step[] => within(module, broken, () => module.scope.inner(() => lowerC(module, statement.body)));
  const isCertain = !statement.first && broken === null;
  const body = (): Step[] => (isCertain ? inside() : (module.scope.branches([inside, () => []])[0] ?? []));
  const before: Step[] = [];
  const condition = cCondition({ module, before }, statement.condition);
  if (statement.first && before.length === 0 && broken === null) return [{ do: 'while', condition, body: body() }];
  // The condition needs steps of its own, comes after the body or may be left out: a local says whether to go on.
  const going = local(module.scope.fresh('going'));
  const test = [...before, set(going, { op: 'not', of: { op: 'not', of: condition } })];
  const start = statement.first ? test : [set(going, number(1))];
  if (broken === null) return [...start, { do: 'while', condition: get(going), body: [...body(), ...test] }];
  const left = local(broken);
  const again = when(get(left), [set(going, number(0))], test);
  return [set(left, number(0)), ...start, { do: 'while', condition: get(going), body: [...body(), again] }];
}

function lowerFor(module: Module, statement: Extract<CStatement, { kind: 'for' }>): Step[] {
  return module.scope.inner(() => {
    const start = statement.start === null ? [] : lowerC(module, statement.start);
    const { next, condition } = statement;
    const step: CStatement[] = next === null ? [] : [{ kind: 'expression', value: next }];
    const body: CStatement = { kind: 'block', statements: [statement.body, ...step], open: false };
    const always = { kind: 'number', value: 1, type: 'int' } as const;
    return [...start, ...lowerWhile(module, { kind: 'while', condition: condition ?? always, body, first: true })];
  });
}

/** Each case must end with break or return, or be the last. */
function lowerSwitch(module: Module, statement: Extract<CStatement, { kind: 'switch' }>): Step[] {
  return withBefore(module, (context) => {
    const chosen = local(module.scope.fresh('case'));
    context.before.push(set(chosen, cast(cValue(context, statement.of), 'int').value));
    const ways = statement.cases.map(({ values, body }, i) => () => {
      const last = body.at(-1);
      const ends = last?.kind === 'break' || last?.kind === 'return' || i === statement.cases.length - 1;
      if (!ends) throw new NotUnderstood('a case that falls through');
      const statements = last?.kind === 'break' ? body.slice(0, -1) : body;
      const steps = within(module, null, () => module.scope.inner(() => lowerCStatements(module, statements)));
      return { values, steps };
    });
    const isWhole = statement.cases.some(({ values }) => values.includes(null));
    const cases = module.scope.branches(isWhole ? ways : [...ways, () => ({ values: [null], steps: [] })]);
    const fallback = cases.find(({ values }) => values.includes(null))?.steps ?? [];
    return cases
      .filter(({ values }) => !values.includes(null))
      .reduceRight<Step[]>((otherwise, { values, steps }) => {
        const tests = values.map((value) => binary('==', get(chosen), number(value ?? 0)));
        const condition = tests.reduce((all, test) => binary('||', all, test));
        return [when(condition, steps, otherwise)];
      }, fallback);
  });
}

function lowerReturn(module: Module, { value }: Extract<CStatement, { kind: 'return' }>): Step[] {
  const { setting, scope } = module;
  const mayEnd = setting === 'routine' || setting === 'receive' || (setting === 'initial' && value === null);
  if (!mayEnd) throw new NotUnderstood('return');
  const end: Step = { do: 'return' };
  if (scope.result === null || value === null) {
    const harmless = value === null || value.kind === 'number';
    if (!harmless || (scope.result !== null && value === null)) throw new NotUnderstood('return');
    return [end];
  }
  const { result } = scope;
  return withBefore(module, (context) => [
    set(local(result), cast(cValue(context, value), scope.resultType).value),
    end,
  ]);
}
