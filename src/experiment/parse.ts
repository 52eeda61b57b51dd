/** From an unknown value to an Experiment: defaults filled in, every problem named by path. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { InvalidExperimentError, type Problem } from '../errors.ts';
import { Experiment } from './schema.ts';

/** Every property optional, at every depth, as a user writes an experiment. */
export type Input<T> = T extends readonly (infer Item)[]
  ? readonly Item[]
  : T extends object
    ? { readonly [Key in keyof T]?: Input<T[Key]> }
    : T;

export type ExperimentInput = Input<Experiment>;

const validator = Compile(Experiment);

/**
 * Fills in the defaults and checks shape and sense.
 * @throws InvalidExperimentError naming every path at fault, what was expected there and what was found
 */
export function parseExperiment(input: unknown, file?: string): Experiment {
  const filled = Value.Default(Experiment, copyOf(input, file));
  const problems = validator.Check(filled) ? senseProblems(filled) : shapeProblems(Experiment, filled);
  throwIfAny(problems, file);
  return filled as Experiment;
}

/** A copy to fill in. What is no data (a function, a symbol) cannot be copied and is reported by its path. */
function copyOf(input: unknown, file: string | undefined): unknown {
  throwIfAny(notData(input, '', new Set()), file);
  return structuredClone(input);
}

function notData(value: unknown, path: string, above: ReadonlySet<object>): Problem[] {
  if (typeof value === 'function' || typeof value === 'symbol') {
    return [{ path, expected: 'data', found: `a ${typeof value}` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (above.has(value)) return [{ path, expected: 'data', found: 'an object that holds itself' }];
  const within = new Set(above).add(value);
  return Object.entries(value).flatMap(([key, inner]) => notData(inner, `${path}/${key}`, within));
}

/** An experiment with its defaults, from code: the same as {@link parseExperiment} but statically typed on the way in. */
export function defineExperiment(input: ExperimentInput = {}): Experiment {
  return parseExperiment(input);
}

/** Throws one error that lists all problems, if there are any. */
export function throwIfAny(problems: readonly Problem[], file?: string): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new InvalidExperimentError({ file, ...first, others });
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly message: string;
  readonly params: object;
}

/** What is wrong with a value against a TypeBox type, in words a user can act on. */
export function shapeProblems(schema: TSchema, value: unknown): Problem[] {
  const errors = chosenBranches(Value.Errors(schema, value) as readonly SchemaError[]);
  const problems = new Map<string, Problem>();
  for (const error of errors) {
    for (const problem of toProblems(error, value, errors)) {
      if (!problems.has(problem.path)) problems.set(problem.path, problem);
    }
  }
  if (problems.size === 0 && !Value.Check(schema, value)) {
    // TypeBox stops after a few errors; however many there are, the value is refused.
    return [{ path: '', expected: 'only the keys and values of the schema', found: describe(value) }];
  }
  return [...problems.values()];
}

/**
 * In a union told apart by `kind`, only the branch the value means to be has something to say; where it means none of
 * them, only the kinds do.
 */
function chosenBranches(errors: readonly SchemaError[]): readonly SchemaError[] {
  const branchOf = (error: SchemaError) => /^(.*\/anyOf)\/(\d+)/.exec(error.schemaPath);
  const wrongKind = (error: SchemaError) => error.keyword === 'const' && error.instancePath.endsWith('/kind');
  const isWrong = (union: string, branch: string) =>
    errors.some((e) => wrongKind(e) && branchOf(e)?.[0] === `${union}/${branch}`);
  return errors.filter((error) => {
    const [, union, branch] = branchOf(error) ?? [];
    if (union === undefined || branch === undefined) return true;
    if (!isWrong(union, branch)) return true;
    const otherFits = errors.some((e) => {
      const [, otherUnion, other] = branchOf(e) ?? [];
      return otherUnion === union && other !== undefined && other !== branch && !isWrong(union, other);
    });
    return !otherFits && wrongKind(error);
  });
}

function toProblems(error: SchemaError, value: unknown, all: readonly SchemaError[]): Problem[] {
  const { keyword, instancePath: path, params } = error;
  // The parent's report repeats what the more exact one says.
  if (keyword === 'boolean') return [];
  if (keyword === 'additionalProperties') {
    return list(params, 'additionalProperties').map((key) => ({
      path: `${path}/${key}`,
      expected: 'no such key',
      found: describe(at(value, `${path}/${key}`)),
    }));
  }
  if (keyword === 'required') {
    return list(params, 'requiredProperties').map((key) => ({
      path: `${path}/${key}`,
      expected: 'a value',
      found: 'nothing',
    }));
  }
  if (keyword === 'const' || keyword === 'anyOf') {
    const allowed = all.filter((other) => other.keyword === 'const' && other.instancePath === path);
    if (keyword === 'const' && all.some((other) => other.keyword === 'anyOf' && other.instancePath === path)) return [];
    const words = allowed.map((other) => JSON.stringify((other.params as { allowedValue?: unknown }).allowedValue));
    const expected = words.length > 0 ? [...new Set(words)].join(' or ') : 'one of the allowed forms';
    // Where one branch of a union fits but for something inside it, that something is reported by its own path.
    const inside = all.some((other) => other.instancePath.startsWith(`${path}/`) && other.keyword !== 'boolean');
    return words.length === 0 && inside ? [] : [{ path, expected, found: describe(at(value, path)) }];
  }
  return [{ path, expected: error.message.replace(/^must (?:be|have|match) /, ''), found: describe(at(value, path)) }];
}

function list(params: object, key: string): string[] {
  const value = (params as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.map(String) : [];
}

function at(value: unknown, pointer: string): unknown {
  let here = value;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Steps in `ms`, or null where dt does not divide it (beyond rounding). */
export function wholeSteps(ms: number, dt: number): number | null {
  const steps = Math.round(ms / dt);
  return steps >= 1 && Math.abs(steps * dt - ms) <= 1e-9 * ms ? steps : null;
}

function senseProblems(experiment: Experiment): Problem[] {
  const problems: Problem[] = [];
  const { seconds, dt, trials } = experiment.simulation;
  if (!Number.isInteger(Math.round(seconds * 1e9) / 1e6) || seconds < 0.001) {
    problems.push({ path: '/simulation/seconds', expected: 'a whole number of ms', found: `${seconds * 1000} ms` });
  }
  if (wholeSteps(1, dt) === null) {
    problems.push({ path: '/simulation/dt', expected: 'a step that divides 1 ms, such as 0.025', found: `${dt} ms` });
  }
  const { twin, stimulus } = experiment;
  if (twin !== undefined) {
    const held = twin.split.validation + twin.split.test;
    if (trials <= held) {
      const found = `${trials}, of which ${held} are held out`;
      problems.push({ path: '/simulation/trials', expected: 'more trials than validation and test take', found });
    }
    const { schedule, skipMs, windowMs } = twin.training;
    if (schedule[0]?.epoch !== 0) {
      problems.push({ path: '/twin/training/schedule/0/epoch', expected: '0', found: String(schedule[0]?.epoch) });
    }
    if (seconds * 1000 < skipMs + windowMs) {
      const expected = `trials of at least ${skipMs + windowMs} ms (skipMs + windowMs)`;
      problems.push({ path: '/simulation/seconds', expected, found: `${seconds * 1000} ms` });
    }
  }
  if (stimulus.kind === 'paper') {
    for (const key of ['excitatoryBasal', 'excitatoryApical', 'inhibitoryMinusExcitatory'] as const) {
      const range = stimulus[key];
      if (range !== undefined && !(range.low <= range.high)) {
        problems.push({ path: `/stimulus/${key}`, expected: 'low ≤ high', found: `${range.low} > ${range.high}` });
      }
      if (range !== undefined && key !== 'inhibitoryMinusExcitatory' && range.low < 0) {
        problems.push({ path: `/stimulus/${key}/low`, expected: 'a rate ≥ 0', found: String(range.low) });
      }
    }
  }
  return problems;
}
