/** What the text of a program reads and writes, routine by routine, for those who must know what a phase leaves behind. */
import type { KernelProgram, Place, Step, Value } from '../../program.ts';

export interface Uses {
  /** Names of instance fields and globals. */
  readonly read: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
}

interface Gathered {
  readonly read: Set<string>;
  readonly written: Set<string>;
  readonly routines: Set<string>;
}

/** What routines, and all that they call, mention. */
export function usesOf(program: KernelProgram, routines: readonly (string | undefined)[]): Uses {
  const gathered: Gathered = { read: new Set(), written: new Set(), routines: new Set() };
  for (const name of routines) visitRoutine(program, name, gathered);
  return gathered;
}

/** Fields that change while a run goes on: states, ion variables, and what any phase but INITIAL assigns. */
export function changingFields(program: KernelProgram): ReadonlySet<string> {
  const { initialize, construct, destroy, receiveInitial, hooks, current, state, tables, receive } = program.phases;
  const never = new Set([initialize, construct, destroy]);
  const running = [current, state, tables, receive, receiveInitial, ...hooks.map(({ routine }) => routine)];
  const changing = new Set(
    usesOf(
      program,
      [...running, ...program.watches.map(({ value }) => value)].filter((name) => !never.has(name)),
    ).written,
  );
  for (const { name, role } of program.instance) if (role === 'state' || role === 'ion') changing.add(name);
  return changing;
}

function visitRoutine(program: KernelProgram, name: string | undefined, gathered: Gathered): void {
  if (name === undefined || gathered.routines.has(name)) return;
  gathered.routines.add(name);
  const routine = program.routines.get(name);
  if (routine !== undefined) visitSteps(program, routine.body, gathered);
}

function visitSteps(program: KernelProgram, steps: readonly Step[], gathered: Gathered): void {
  const values = (list: readonly (Value | undefined)[]): void => {
    for (const value of list) if (value !== undefined) visitValue(program, value, gathered);
  };
  for (const step of steps) {
    switch (step.do) {
      case 'set':
        note(program, step.place, gathered.written, gathered);
        values([step.value]);
        break;
      case 'if':
        values([step.condition]);
        visitSteps(program, step.then, gathered);
        visitSteps(program, step.otherwise, gathered);
        break;
      case 'while':
        values([step.condition]);
        visitSteps(program, step.body, gathered);
        break;
      case 'for':
        values([step.first, step.last, step.by]);
        visitSteps(program, step.body, gathered);
        break;
      case 'for-netcons':
        visitSteps(program, step.body, gathered);
        break;
      case 'invoke':
        values(step.arguments);
        visitRoutine(program, step.routine, gathered);
        break;
      case 'newton':
      case 'sparse':
      case 'linear':
        for (const place of step.states) {
          note(program, place, gathered.read, gathered);
          note(program, place, gathered.written, gathered);
        }
        gathered.written.add(step.residual);
        if (step.matrix !== undefined) gathered.written.add(step.matrix);
        visitRoutine(program, step.fill, gathered);
        break;
      case 'send':
        values([step.delay, step.flag]);
        break;
      case 'event':
      case 'move':
        values([step.time]);
        break;
      case 'random-sequence':
        values([step.at]);
        break;
      case 'shared-seed':
        values([step.seed]);
        break;
      case 'watch':
        values(step.watches.map(({ flag }) => flag));
        break;
      case 'return':
      case 'fail':
        break;
    }
  }
}

function visitValue(program: KernelProgram, value: Value, gathered: Gathered): void {
  switch (value.op) {
    case 'number':
    case 'shared-draw':
      break;
    case 'get':
      note(program, value.place, gathered.read, gathered);
      break;
    case 'negate':
    case 'not':
      visitValue(program, value.of, gathered);
      break;
    case 'binary':
      visitValue(program, value.left, gathered);
      visitValue(program, value.right, gathered);
      break;
    case 'at-time':
      visitValue(program, value.time, gathered);
      break;
    case 'invoke':
      visitRoutine(program, value.routine, gathered);
      for (const one of value.arguments) visitValue(program, one, gathered);
      break;
    case 'call':
    case 'draw':
      for (const one of value.arguments) visitValue(program, one, gathered);
      break;
  }
}

function note(program: KernelProgram, place: Place, into: Set<string>, gathered: Gathered): void {
  if (place.kind === 'instance' || place.kind === 'global') into.add(place.name);
  if ('index' in place && typeof place.index === 'object') visitValue(program, place.index, gathered);
}
