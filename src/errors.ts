/**
 * Every error a user can meet.
 *
 * Each class has a `tag` to switch on, the fields a caller needs, a `remedy` in words, and the exit code a command ends
 * with. Catch one like this:
 *
 * ```ts
 * try {
 *   parseExperiment(input);
 * } catch (error) {
 *   if (isTwincellError(error, 'InvalidExperiment')) console.error(error.path, error.expected);
 *   else throw error;
 * }
 * ```
 */

/** Exit codes: 0 done or agrees; 1 differs or inert; 2 wrong use or input; 3 environment or disk; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** What every error carries. */
export interface ErrorFields {
  /** What to do about it, one instruction a line. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** The common parent: a tag, a remedy, an exit code, and a JSON form for `--json`. */
export abstract class TwincellError extends Error {
  abstract readonly tag: string;
  abstract readonly exitCode: ExitCode;
  readonly remedy: string | undefined;

  constructor(message: string, fields: ErrorFields = {}) {
    super(message, 'cause' in fields ? { cause: fields.cause } : undefined);
    this.name = new.target.name;
    this.remedy = fields.remedy;
  }

  /** The fields worth printing, without stack traces. */
  toJSON(): Record<string, unknown> {
    const { name: _name, stack: _stack, cause: _cause, ...own } = Object.assign({}, this) as Record<string, unknown>;
    return { ...own, message: this.message };
  }
}

/** A command used wrongly: an unknown option, a value out of range, a missing argument. */
export class UsageError extends TwincellError {
  readonly tag = 'Usage';
  readonly exitCode = 2;
}

/** One thing wrong with an input: where, what was expected there, what was found. */
export interface Problem {
  /** A JSON pointer: `/simulation/dt`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** An experiment (or a model card) that does not have the shape it must have. */
export class InvalidExperimentError extends TwincellError {
  readonly tag = 'InvalidExperiment';
  readonly exitCode = 2;
  /** The file it came from, when it came from one. */
  readonly file: string | undefined;
  /** The first problem. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** All problems, the first included. */
  readonly problems: readonly Problem[];

  constructor(fields: Problem & { file?: string | undefined; others?: readonly Problem[] } & ErrorFields) {
    const { file, path, expected, found } = fields;
    const problems = [{ path, expected, found }, ...(fields.others ?? [])];
    const where = file === undefined ? '' : `${file}: `;
    super(problems.map((p) => `${where}${p.path || '/'}: expected ${p.expected}, found ${p.found}`).join('\n'), fields);
    this.file = file;
    this.path = path;
    this.expected = expected;
    this.found = found;
    this.problems = problems;
  }
}

/** A model that cannot be found, or whose files are not the ones its card names. */
export class ModelNotFoundError extends TwincellError {
  readonly tag = 'ModelNotFound';
  readonly exitCode = 2;
  readonly model: string;

  constructor(message: string, fields: { model: string } & ErrorFields) {
    super(message, fields);
    this.model = fields.model;
  }
}

/** A morphology or model file that cannot be read as what it should be. */
export class InvalidModelFileError extends TwincellError {
  readonly tag = 'InvalidModelFile';
  readonly exitCode = 2;
  readonly file: string;
  readonly line: number | undefined;

  constructor(message: string, fields: { file: string; line?: number | undefined } & ErrorFields) {
    super(`${fields.file}${fields.line === undefined ? '' : `:${fields.line}`}: ${message}`, fields);
    this.file = fields.file;
    this.line = fields.line;
  }
}

/** A `.mod` file that NEURON's own compiler refuses. */
export class MechanismCompileError extends TwincellError {
  readonly tag = 'MechanismCompile';
  readonly exitCode = 2;
  readonly file: string;
  readonly line: number | undefined;

  constructor(message: string, fields: { file: string; line?: number | undefined } & ErrorFields) {
    super(`${fields.file}${fields.line === undefined ? '' : `:${fields.line}`}: ${message}`, fields);
    this.file = fields.file;
    this.line = fields.line;
  }
}

/** Something this engine will not run, named, instead of running it wrongly. */
export class RefusedError extends TwincellError {
  readonly tag = 'Refused';
  readonly exitCode = 2;
  /** The construct: `mechanism Ih`. */
  readonly construct: string;

  constructor(message: string, fields: { construct: string } & ErrorFields) {
    super(message, fields);
    this.construct = fields.construct;
  }
}

/** A simulation whose voltage stopped being a number. */
export class NotFiniteError extends TwincellError {
  readonly tag = 'NotFinite';
  readonly exitCode = 2;
  /** When (ms), and where: `dend[3](0.5)`. */
  readonly timeMs: number;
  readonly site: string;

  constructor(fields: { timeMs: number; site: string } & ErrorFields) {
    super(`the voltage stopped being a number at ${fields.timeMs} ms, first in ${fields.site}`, {
      remedy: 'Check the parameters there for wrong units or divisions by zero, or take a smaller time step.',
      ...fields,
    });
    this.timeMs = fields.timeMs;
    this.site = fields.site;
  }
}

/** The machine is not ready: what failed, what was found and required, what mends it, where to read more. */
export class EnvironmentError extends TwincellError {
  readonly tag = 'Environment';
  readonly exitCode = 3;
}

/** No room left where a file was being written; what was committed before stays valid. */
export class DiskFullError extends TwincellError {
  readonly tag = 'DiskFull';
  readonly exitCode = 3;
  readonly path: string;

  constructor(path: string, fields: ErrorFields = {}) {
    super(`no space left on the device while writing ${path}`, {
      remedy: 'Free some space, or choose another folder with --out; running the same command again continues.',
      ...fields,
    });
    this.path = path;
  }
}

/** A data set whose files are not what its manifest says, or that belongs to another experiment. */
export class DatasetError extends TwincellError {
  readonly tag = 'Dataset';
  readonly exitCode = 2;
  readonly path: string;

  constructor(message: string, fields: { path: string } & ErrorFields) {
    super(`${fields.path}: ${message}`, fields);
    this.path = fields.path;
  }
}

/** An error raised inside a sidecar, with its Python traceback for `--json` and debugging. */
export class RemoteError extends TwincellError {
  readonly tag = 'Remote';
  readonly exitCode = 2;
  /** The sidecar's own stable code for what went wrong: `morphology-unreadable`. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly traceback: string;

  constructor(
    message: string,
    fields: { code: string; details?: Record<string, unknown>; traceback?: string } & ErrorFields,
  ) {
    super(message, fields);
    this.code = fields.code;
    this.details = fields.details ?? {};
    this.traceback = fields.traceback ?? '';
  }
}

/** A message that breaks the bridge's protocol: a bug, or two versions that do not fit. */
export class ProtocolError extends TwincellError {
  readonly tag = 'Protocol';
  readonly exitCode = 3;
}

/** A sidecar that ended while work was under way. */
export class SidecarDiedError extends TwincellError {
  readonly tag = 'SidecarDied';
  readonly exitCode = 3;
  readonly signal: string | null;
  readonly status: number | null;
  /** The last lines it wrote to standard error. */
  readonly stderr: string;

  constructor(message: string, fields: { signal: string | null; status: number | null; stderr: string } & ErrorFields) {
    super(message, fields);
    this.signal = fields.signal;
    this.status = fields.status;
    this.stderr = fields.stderr;
  }
}

/** Trials that NEURON was to run again and could not; the data set itself is whole. */
export class NeuronCheckError extends TwincellError {
  readonly tag = 'NeuronCheck';
  readonly exitCode = 3;
  /** The data set. */
  readonly path: string;
  /** Trials that are still to be run again. */
  readonly unchecked: readonly number[];

  constructor(message: string, fields: { path: string; unchecked: readonly number[] } & ErrorFields) {
    super(`${fields.path}: ${message}`, fields);
    this.path = fields.path;
    this.unchecked = fields.unchecked;
  }
}

/** A worker process of the solver that ended while it ran a trial; what was committed before stays valid. */
export class WorkerDiedError extends TwincellError {
  readonly tag = 'WorkerDied';
  readonly exitCode = 3;
  /** The trial it was running. */
  readonly trial: number;
  readonly signal: string | null;
  readonly status: number | null;
  /** The last it wrote to standard error. */
  readonly stderr: string;

  constructor(fields: { trial: number; signal: string | null; status: number | null; stderr: string } & ErrorFields) {
    const { trial, signal, status } = fields;
    const how =
      signal === null
        ? status === null
          ? 'could not be started'
          : `ended with code ${status}`
        : `was ended by ${signal}`;
    super(`the worker process that ran trial ${trial} ${how}`, {
      remedy:
        'Run the same command again: trials that are on disk are kept. ' +
        'If it happens again, try fewer --workers (each needs memory), or --mode reference.',
      ...fields,
    });
    this.trial = trial;
    this.signal = signal;
    this.status = status;
    this.stderr = fields.stderr;
  }
}

/** Stopped on request: Ctrl-C, or an aborted signal. */
export class InterruptedError extends TwincellError {
  readonly tag = 'Interrupted';
  readonly exitCode = 130;
}

/** Every class of error above, by its tag. */
export interface ErrorsByTag {
  Usage: UsageError;
  InvalidExperiment: InvalidExperimentError;
  ModelNotFound: ModelNotFoundError;
  InvalidModelFile: InvalidModelFileError;
  MechanismCompile: MechanismCompileError;
  Refused: RefusedError;
  NotFinite: NotFiniteError;
  Environment: EnvironmentError;
  DiskFull: DiskFullError;
  Dataset: DatasetError;
  Remote: RemoteError;
  Protocol: ProtocolError;
  SidecarDied: SidecarDiedError;
  WorkerDied: WorkerDiedError;
  NeuronCheck: NeuronCheckError;
  Interrupted: InterruptedError;
}

/** Narrows an unknown error to one of ours, or to one class of ours. */
export function isTwincellError(error: unknown): error is TwincellError;
export function isTwincellError<Tag extends keyof ErrorsByTag>(error: unknown, tag: Tag): error is ErrorsByTag[Tag];
export function isTwincellError(error: unknown, tag?: string): boolean {
  return error instanceof TwincellError && (tag === undefined || error.tag === tag);
}
