/**
 * Calls of exp, log and pow on what hardly ever changes: parameters, dt and the temperature, such as a synapse's decay in a
 * step. Each instance keeps the last argument and result, so that the function is computed only when the argument is another
 * one. The bits are the same: the functions have no memory.
 */
import type { KernelProgram, Place, Routine, Step, Value } from '../program.ts';

const REMEMBERED = { exp: 1, log: 1, pow: 2 } as const;
type Remembered = keyof typeof REMEMBERED;

export interface Steady {
  /** Name of a function that remembers (instance first, then the arguments), or null where remembering would not help. */
  call(value: Value & { readonly op: 'call' }): string | null;
  /** Their code; complete once everything else is. */
  readonly lines: readonly string[];
}

/** @param functions generated names of the functions themselves */
export function createSteady(program: KernelProgram, functions: Readonly<Record<Remembered, string>>): Steady {
  const changing = changingFields(program);
  const lines: string[] = [];
  let count = 0;
  const isSteady = (value: Value): boolean => {
    switch (value.op) {
      case 'number':
        return true;
      case 'get':
        return steadyPlace(value.place);
      case 'negate':
        return isSteady(value.of);
      case 'binary':
        return isSteady(value.left) && isSteady(value.right);
      case 'call':
        return value.arguments.every(isSteady);
      default:
        return false;
    }
  };
  const steadyPlace = (place: Place): boolean => {
    if (place.kind === 'ambient') return place.name !== 'v' && place.name !== 't';
    if (place.kind !== 'instance' && place.kind !== 'global') return false;
    return place.index === undefined && !changing.has(place.name);
  };
  return {
    lines,
    call(value) {
      const name = value.function;
      if (name !== 'exp' && name !== 'log' && name !== 'pow') return null;
      if (value.arguments.length !== REMEMBERED[name] || !value.arguments.every(isSteady)) return null;
      const k = count++;
      lines.push(...remembering(k, functions[name], REMEMBERED[name]));
      return `Y${k}`;
    },
  };
}

function remembering(k: number, name: string, parameters: 1 | 2): string[] {
  const arrays = (parameters === 1 ? ['a'] : ['a', 'b']).map((letter) => `y${k}${letter}`);
  const last = parameters === 1 ? `x === y${k}a[i]` : `x === y${k}a[i] && z === y${k}b[i]`;
  const keep = parameters === 1 ? `y${k}a[i] = x;` : `y${k}a[i] = x; y${k}b[i] = z;`;
  const list = parameters === 1 ? 'x' : 'x, z';
  return [
    ...arrays.map((array) => `const ${array} = new Float64Array(n).fill(NaN);`),
    `const y${k}r = new Float64Array(n);`,
    `function Y${k}(i, ${list}) {`,
    `  if (${last}) return y${k}r[i];`,
    `  ${keep}`,
    `  return (y${k}r[i] = ${name}(${list}));`,
    '}',
  ];
}

/** Fields that change while a run goes on: all but constants, and parameters and the like that only INITIAL assigns. */
function changingFields({ instance, global, routines, phases }: KernelProgram): Set<string> {
  const changing = new Set<string>();
  for (const { name, role } of [...instance, ...global]) if (role === 'state' || role === 'ion') changing.add(name);
  const note = (place: Place): void => {
    if (place.kind === 'instance' || place.kind === 'global') changing.add(place.name);
  };
  for (const routine of routines.values()) if (routine.name !== phases.initialize) assignedBy(routine, note);
  return changing;
}

function assignedBy(routine: Routine, note: (place: Place) => void): void {
  const visit = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.do === 'set') note(step.place);
      else if (step.do === 'if') {
        visit(step.then);
        visit(step.otherwise);
      } else if (step.do === 'while' || step.do === 'for' || step.do === 'for-netcons') visit(step.body);
      else if ('states' in step) step.states.forEach(note);
    }
  };
  visit(routine.body);
}
