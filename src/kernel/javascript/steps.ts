/** Steps as JavaScript statements, and routines as functions of the instance `i` and their parameters. */
import { UsageError } from '../../errors.ts';
import type { KernelProgram, NumericStep, Routine, Step } from '../program.ts';
import { type Names, Scope } from './names.ts';
import { createSteady } from './steady.ts';
import { type Context, conditionCode, INTRINSIC, invocation, numberCode, placeCode, valueCode } from './values.ts';

/** The functions of a program, and what its numeric steps need at run time. */
export interface RoutinesCode {
  readonly lines: readonly string[];
  /** One for each numeric step: `u0`, `u1`, … in the source. */
  readonly numerics: readonly NumericStep[];
}

/** A loop that turns this often does not end. */
const TURNS = 1e8;

interface RoutineContext extends Context {
  readonly program: KernelProgram;
  readonly result: string | null;
  readonly numerics: NumericStep[];
  /** Counters of loops, by nesting. */
  loops: number;
}

export function routinesCode(program: KernelProgram, names: Names): RoutinesCode {
  const numerics: NumericStep[] = [];
  const steady = createSteady(program, INTRINSIC);
  const tables = program.functionTables.map(({ name }) => name);
  const lines = [...program.routines.values()].flatMap((routine) => {
    const name = names.routine(routine.name);
    const table = tables.indexOf(routine.name);
    if (table < 0) return routineCode(name, routine, { program, names, numerics, steady });
    return [
      ...routineCode(`${name}u`, routine, { program, names, numerics, steady }),
      ...tableCode(name, routine.parameters.length, table),
    ];
  });
  const unknowns = numerics.flatMap((step, k) => unknownsCode(step, k, { names, steady }));
  return { lines: [...steady.lines, ...lines, ...unknowns], numerics };
}

function routineCode(
  name: string,
  routine: Routine,
  common: Omit<RoutineContext, 'scope' | 'result' | 'loops'>,
): string[] {
  const scope = new Scope(routine.name, routine);
  const parameters = routine.parameters.map((parameter) => scope.local(parameter).code);
  const counters = countersOf(routine.body).filter((local) => !scope.has(local));
  const own = [
    ...routine.locals.map((local) => scope.local(local.name)),
    ...[...new Set(counters)].map((local) => scope.declare(local, 1)),
  ];
  const numbers = own.filter(({ length }) => length === 1).map(({ code }) => `${code} = 0`);
  const arrays = own.filter(({ length }) => length !== 1);
  const result = routine.result === null ? null : scope.local(routine.result).code;
  return [
    `function ${name}(${['i', ...parameters].join(', ')}) {`,
    ...(numbers.length > 0 ? [`  let ${numbers.join(', ')};`] : []),
    ...arrays.map(({ code, length }) => `  const ${code} = new Float64Array(${length});`),
    ...block(routine.body, { ...common, scope, result, loops: 0 }),
    ...(result === null ? [] : [`  return ${result};`]),
    '}',
  ];
}

/** Variables of FROM loops, which a routine need not list among its locals. */
function countersOf(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.do === 'if') return [...countersOf(step.then), ...countersOf(step.otherwise)];
    if (step.do === 'for') return [step.local, ...countersOf(step.body)];
    return step.do === 'while' || step.do === 'for-netcons' ? countersOf(step.body) : [];
  });
}

/** A FUNCTION_TABLE: the program's routine of that name says that it is not set, until the user sets it. */
function tableCode(name: string, count: number, table: number): string[] {
  const parameters = ['i', ...Array.from({ length: count }, (_, k) => `a${k}`)].join(', ');
  return [
    `function ${name}(${parameters}) {`,
    `  return D.has(${table}) ? D.look(${table}, a0) : ${name}u(${parameters});`,
    '}',
  ];
}

function block(steps: readonly Step[], context: RoutineContext): string[] {
  return steps.flatMap((step) => stepCode(step, context)).map((line) => `  ${line}`);
}

function stepCode(step: Step, context: RoutineContext): string[] {
  switch (step.do) {
    case 'set':
      return [`${placeCode(step.place, context)} = ${valueCode(step.value, context)};`];
    case 'if':
      return [
        `if (${conditionCode(step.condition, context)}) {`,
        ...block(step.then, context),
        ...(step.otherwise.length > 0 ? ['} else {', ...block(step.otherwise, context)] : []),
        '}',
      ];
    case 'while': {
      const counter = `w${context.loops++}`;
      return [
        `for (let ${counter} = 0; ${conditionCode(step.condition, context)}; ) {`,
        `  if (++${counter} > ${TURNS}) ${failure(`a WHILE loop turned ${TURNS} times`, context)}`,
        ...block(step.body, context),
        '}',
      ];
    }
    case 'for':
      return loopCode(step, context);
    case 'invoke':
      return [`${invocation(step.routine, step.arguments, context)};`];
    case 'return':
      return [context.result === null ? 'return;' : `return ${context.result};`];
    case 'newton':
    case 'sparse':
    case 'linear':
      return numericCode(step, context);
    case 'send':
      return [`S.send(i, ${valueCode(step.delay, context)}, ${valueCode(step.flag, context)});`];
    case 'event':
      return [`S.event(i, ${valueCode(step.time, context)});`];
    case 'move':
      return [`S.move(i, ${valueCode(step.time, context)});`];
    case 'random-sequence':
      return [`z${context.names.random(step.random)}[i].sequence(${valueCode(step.at, context)});`];
    case 'shared-seed':
      return [`G.seed(${valueCode(step.seed, context)});`];
    case 'watch':
      return [
        ...(step.adds === true ? [] : ['S.clearWatches(i);']),
        ...step.watches.map(({ watch, flag }) => `S.watch(i, ${numberCode(watch)}, ${valueCode(flag, context)});`),
      ];
    case 'for-netcons':
      return ['for (const W of S.netcons(i)) {', ...block(step.body, context), '}'];
    case 'fail':
      return [failure(step.message, context)];
  }
}

function failure(message: string, { names }: Context): string {
  return `F(i, ${names.message(message)});`;
}

/** FROM … TO … BY …: limits and step are cut off to integers, and read again at each turn, as in C. */
function loopCode(step: Extract<Step, { do: 'for' }>, context: RoutineContext): string[] {
  const { code } = context.scope.local(step.local);
  const counter = `w${context.loops++}`;
  const last = `T(${valueCode(step.last, context)})`;
  return [
    `${code} = T(${valueCode(step.first, context)});`,
    `for (let ${counter} = 0; ${code} <= ${last}; ${code} += T(${valueCode(step.by, context)})) {`,
    `  if (++${counter} > ${TURNS}) ${failure(`a FROM loop turned ${TURNS} times`, context)}`,
    ...block(step.body, context),
    '}',
  ];
}

/** Solvers work on an instance through the pair of functions that `unknownsCode` makes. */
function numericCode(step: NumericStep, context: RoutineContext): string[] {
  const k = context.numerics.push(step) - 1;
  const residual = context.names.global(step.residual).code;
  const matrix = step.matrix === undefined ? '' : context.names.global(step.matrix).code;
  const count = step.states.length;
  const call = {
    newton: () => `newton(${count}, u${k}, h${k}, ${residual})`,
    linear: () => `linear(${count}, u${k}, h${k}, ${matrix}, ${residual})`,
    sparse: () => `sparse(u${k}, h${k}, ${matrix}, ${residual}, o${k}, ${step.linear === true})`,
  }[step.do]();
  if (step.do !== 'newton' && matrix === '') throw new UsageError(`a ${step.do} solver without a matrix`);
  if (step.outcome === undefined) return ['I = i;', `B(i, ${call});`];
  return ['I = i;', `${context.scope.local(step.outcome).code} = ${call};`];
}

function unknownsCode(step: NumericStep, k: number, context: Omit<Context, 'scope'>): string[] {
  const scope = new Scope('solver', { name: '', parameters: [], locals: [], result: null, body: [] });
  const places = step.states.map((place) => placeCode(place, { ...context, scope }));
  return [
    `const u${k} = {`,
    '  get(k) {',
    '    const i = I;',
    '    switch (k) {',
    ...places.map((place, n) => `      case ${n}: return ${place};`),
    '    }',
    '  },',
    '  set(k, x) {',
    '    const i = I;',
    '    switch (k) {',
    ...places.map((place, n) => `      case ${n}: ${place} = x; break;`),
    '    }',
    '  },',
    '};',
    `function h${k}() {`,
    `  ${context.names.routine(step.fill)}(I);`,
    '}',
  ];
}
