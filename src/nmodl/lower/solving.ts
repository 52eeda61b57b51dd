/** SOLVE: the block it names, through the solve methods. */
import type { Step } from '../../kernel/program.ts';
import { suggestion } from '../check/names.ts';
import { compileSolve } from '../solve/index.ts';
import type { Statement } from '../syntax.ts';
import { addDiffusion } from './diffusion.ts';
import { lowerExpression, placeOf } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import type { Module } from './module.ts';
import { requireRoutine } from './routines.ts';

type Solve = Extract<Statement, { kind: 'solve' }>;

/** Methods for a PROCEDURE: they matter to variable steps only. */
const OF_PROCEDURES = new Set(['after_cvode', 'cvode_t', 'cvode_t_v']);

/** The steps that stand for a SOLVE. */
export function lowerSolve(module: Module, statement: Solve): Step[] {
  const { name, method, steadyState } = statement;
  const meaning = module.declarations.meanings.get(name);
  if (module.setting === 'solve') {
    module.report('out-of-place', statement, { what: 'SOLVE', where: 'BREAKPOINT, INITIAL or a routine' });
    return [];
  }
  if (meaning?.kind === 'routine') {
    if (method !== null && (steadyState || !OF_PROCEDURES.has(method)))
      module.report('method-unknown', statement, { method, block: 'PROCEDURE' });
    if (meaning.block.arguments.length > 0) {
      const expected = String(meaning.block.arguments.length);
      module.report('wrong-argument-count', statement, { name, expected, found: '0' });
    }
    return [{ do: 'invoke', routine: requireRoutine(module, meaning.block, statement), arguments: [] }];
  }
  if (meaning?.kind !== 'solved') {
    const blocks = [...module.declarations.meanings].filter(([, { kind }]) => kind === 'solved' || kind === 'routine');
    const near = suggestion(
      name,
      blocks.map(([one]) => one),
    );
    module.report('solve-unknown-block', statement, { name, suggestion: near });
    return [];
  }
  const { block } = meaning;
  const { start, end } = statement;
  const routine = module.build(module.unusedName(`solve ${name}`), 'solve', [], null, () =>
    compileSolve({ block, method, steadyState, span: { start, end } }, loweringOf(module)),
  );
  return [{ do: 'invoke', routine, arguments: [] }];
}

/** A block that is called by its name, `states()`: what the SOLVE of the file makes of it. */
export function lowerBlockCall(module: Module, name: string): Step[] | null {
  const statement = module.solves.get(name);
  return statement === undefined ? null : lowerSolve(module, statement);
}

const LOWERINGS = new WeakMap<Module, Lowering>();

/** The general compiler as the solve methods see it: one for all SOLVEs of a file, by which they know each other's work. */
function loweringOf(module: Module): Lowering {
  const lowering = LOWERINGS.get(module) ?? createLowering(module);
  LOWERINGS.set(module, lowering);
  return lowering;
}

function createLowering(module: Module): Lowering {
  return {
    states: module.declarations.states,
    blocks: [...module.declarations.meanings.values()].flatMap((one) => (one.kind === 'solved' ? [one.block] : [])),
    defines: module.declarations.defines,
    expression: (expression) => lowerExpression(module, expression),
    mentions: module.mentions,
    statements(body, custom) {
      const outer = module.custom;
      module.custom = custom ?? null;
      try {
        return module.inner.body(module, body);
      } finally {
        module.custom = outer;
      }
    },
    bind: (name, place) => module.scope.bind(name, { kind: 'place', place }),
    derivative: (state) => module.derivative(state, module.declarations.states.get(state)?.length ?? 1),
    place: (name, index) => placeOf(module, name, index, { start: 0, end: 0 }) ?? { kind: 'local', name },
    isVariable: (name) => isVariable(module, name),
    workspace: (hint, length) => module.workspace(hint, length),
    scratch: (hint, length) => module.scratch(hint, length),
    local: (hint) => module.scope.fresh(hint),
    routine: (hint, build) => module.build(module.unusedName(hint), 'solve', [], null, () => build()),
    diffusion: (state, constant, volume) => addDiffusion(module, state, constant, volume),
    halveStep: () => {
      module.halvesStep = true;
    },
    report: module.report,
  };
}

/** Whether a name is anything but a constant. */
function isVariable(module: Module, name: string): boolean {
  const found = module.scope.find(name);
  if (found !== undefined) return found.kind !== 'constant';
  const meaning = module.declarations.meanings.get(name);
  return meaning !== undefined && meaning.kind !== 'number';
}
