/** When what runs: INITIAL, the current, the states, events, hooks. */
import type { HookPoint, Phases, Step } from '../../kernel/program.ts';
import type { Block, Body, Statement } from '../syntax.ts';
import type { Module } from './module.ts';
import { buildReceive } from './receive.ts';
import { requireRoutine } from './routines.ts';
import { lowerSolve } from './solving.ts';
import { lowerBody } from './statements.ts';
import { binary, get, local, number, set, when } from './values.ts';

type Plain = Extract<Block, { kind: 'plain' }>;
type Solve = Extract<Statement, { kind: 'solve' }>;

/** Builds the routines of all phases of a file. */
export function buildPhases(module: Module, blocks: readonly Block[]): Phases {
  const plain = (keyword: Plain['keyword']) =>
    blocks.filter((block): block is Plain => block.kind === 'plain' && block.keyword === keyword);
  const receive = blocks.find((block) => block.kind === 'net-receive');
  const breakpoints = plain('BREAKPOINT');
  return {
    initialize: buildInitial(module, plain('INITIAL')),
    ...(breakpoints.length === 0 ? {} : buildBreakpoint(module, breakpoints)),
    ...(receive === undefined ? {} : buildReceive(module, receive)),
    ...buildLife(module, 'construct', plain('CONSTRUCTOR')),
    ...buildLife(module, 'destroy', plain('DESTRUCTOR')),
    hooks: blocks.flatMap((block) => (block.kind === 'hook' ? buildHook(module, block) : [])),
  };
}

/** The TABLE checks that the other phases turned out to need. */
export function buildTables(module: Module, blocks: readonly Block[]): Pick<Phases, 'tables'> {
  if (!module.threadSafe) return {};
  // NEURON makes all of them, also those that nothing looks up: what their routines set then shows.
  for (const block of blocks) {
    const hasTable = block.kind === 'function' && block.body.statements.some((one) => one.kind === 'table');
    if (hasTable) requireRoutine(module, block, block);
  }
  if (module.tableChecks.size === 0) return {};
  const steps = [...module.tableChecks].map((routine): Step => ({ do: 'invoke', routine, arguments: [] }));
  return { tables: module.build('tables.', 'routine', [], null, () => steps) };
}

/** States start at x0, then INITIAL runs. */
function buildInitial(module: Module, blocks: readonly Plain[]): string {
  return module.build('initial.', 'initial', [], null, (scope) => {
    const starts = [...module.declarations.starts].flatMap(([state, start]) => startOf(module, state, start));
    return [...starts, ...blocks.flatMap(({ body }) => scope.inner(() => lowerBody(module, body)))];
  });
}

function startOf(module: Module, state: string, start: string): Step[] {
  const meaning = module.declarations.meanings.get(start);
  const value =
    meaning?.kind === 'field'
      ? get({ kind: meaning.where, name: start })
      : number(meaning?.kind === 'number' ? meaning.value : 0);
  const length = module.declarations.states.get(state)?.length ?? 1;
  if (length === 1) return [set({ kind: 'instance', name: state }, value)];
  const i = module.scope.fresh('i');
  const element = { kind: 'instance', name: state, index: get(local(i)) } as const;
  const last = number(length - 1);
  return [{ do: 'for', local: i, first: number(0), last, by: number(1), body: [set(element, value)] }];
}

/** SOLVEs go to the state phase, wherever they stand; without a current, all the rest follows them there. */
function buildBreakpoint(module: Module, blocks: readonly Plain[]): Pick<Phases, 'current' | 'state'> {
  const solves: { readonly solve: Solve; readonly nested: boolean }[] = [];
  const rest = blocks.map(({ body }) => withoutSolves(body, solves, false));
  const hasCurrents = module.declarations.neuron.currents.length > 0;
  for (const { solve, nested } of solves) if (nested) module.report('solve-conditional', solve, {});
  const run = () => solves.flatMap(({ solve }) => lowerSolve(module, solve));
  // What is asked of the step shows once all is lowered.
  const inPhase = (steps: Step[]) => (module.halvesStep ? halved(module, steps) : steps);
  const others = () => rest.flatMap((body) => module.scope.inner(() => lowerBody(module, body)));
  if (!hasCurrents)
    return { state: module.build('state.', 'breakpoint', [], null, () => inPhase([...run(), ...others()])) };
  const current = module.build('current.', 'breakpoint', [], null, others);
  if (solves.length === 0) return { current };
  return { current, state: module.build('state.', 'breakpoint', [], null, () => inPhase(run())) };
}

/** The state phase with half the step at secondorder. */
function halved(module: Module, steps: readonly Step[]): Step[] {
  const dt = { kind: 'ambient', name: 'dt' } as const;
  const whole = local(module.scope.fresh('dt'));
  return [
    set(whole, get(dt)),
    when(get({ kind: 'ambient', name: 'secondorder' }), [set(dt, binary('*', get(dt), number(0.5)))]),
    ...steps,
    set(dt, get(whole)),
  ];
}

function withoutSolves(body: Body, solves: { solve: Solve; nested: boolean }[], nested: boolean): Body {
  const inner = (one: Body) => withoutSolves(one, solves, true);
  const statements = body.statements.flatMap((statement): Statement[] => {
    if (statement.kind === 'solve') {
      solves.push({ solve: statement, nested });
      return [];
    }
    if (statement.kind === 'if') {
      const then = inner(statement.then);
      const otherwise = statement.otherwise === null ? null : inner(statement.otherwise);
      return [{ ...statement, then, otherwise }];
    }
    if (statement.kind === 'block') return [{ ...statement, body: withoutSolves(statement.body, solves, nested) }];
    return statement.kind === 'while' || statement.kind === 'from'
      ? [{ ...statement, body: inner(statement.body) }]
      : [statement];
  });
  return { ...body, statements };
}

function buildLife<Name extends 'construct' | 'destroy'>(
  module: Module,
  name: Name,
  blocks: readonly Plain[],
): { [N in Name]?: string } {
  const used = blocks.filter(({ body }) => body.statements.length > 0);
  if (used.length === 0) return {};
  const routine = module.build(`${name}.`, 'life', [], null, (scope) =>
    used.flatMap(({ body }) => scope.inner(() => lowerBody(module, body))),
  );
  return { [name]: routine } as { [N in Name]?: string };
}

const HOOKS: Readonly<Record<string, HookPoint>> = {
  'BEFORE INITIAL': 'before-initial',
  'AFTER INITIAL': 'after-initial',
  'BEFORE BREAKPOINT': 'before-breakpoint',
  'AFTER SOLVE': 'after-solve',
  'BEFORE STEP': 'before-step',
};

function buildHook(module: Module, block: Extract<Block, { kind: 'hook' }>): { when: HookPoint; routine: string }[] {
  const when = HOOKS[`${block.when} ${block.at}`];
  if (when === undefined) {
    module.report('hook-refused', block, { when: block.when, at: block.at });
    return [];
  }
  const routine = module.build(module.unusedName(when), 'hook', [], null, (scope) =>
    scope.inner(() => lowerBody(module, block.body)),
  );
  return [{ when, routine }];
}
