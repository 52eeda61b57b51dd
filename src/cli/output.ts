/** What a command prints: lines for people, or with `--json` one object on standard output and the rest on standard error. */
import { isTwincellError, type TwincellError } from '../errors.ts';
import { VERSION } from '../version.ts';

export interface Output {
  readonly json: boolean;
  /** A line for people. */
  line(text?: string): void;
  /** A line that matters also when standard output is redirected: to standard error. */
  note(text: string): void;
  /** The result of the command: with `--json` the last line of standard output. */
  result(value: Readonly<Record<string, unknown>>): void;
}

export function createOutput(command: string, json: boolean): Output {
  return {
    json,
    line(text = '') {
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
    note(text) {
      process.stderr.write(`${text}\n`);
    },
    result(value) {
      if (json) process.stdout.write(`${JSON.stringify({ twincell: VERSION, command, ...value })}\n`);
    },
  };
}

/** Prints an error as a user should meet it: what, then what to do; tracebacks only on request. */
export function printError(error: unknown, output: Output): void {
  if (isTwincellError(error)) {
    output.note(`\n${heading(error)}: ${error.message}`);
    if (error.remedy !== undefined) output.note(indent(error.remedy));
    if (process.env.TWINCELL_DEBUG) output.note(details(error));
    output.result({ error: { tag: error.tag, ...error.toJSON() } });
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  output.note(`\ntwincell: internal error: ${message}`);
  const stack = error instanceof Error ? error.stack : undefined;
  if (process.env.TWINCELL_DEBUG && stack !== undefined) output.note(stack);
  else output.note(indent('This is a fault of twincell. Run again with TWINCELL_DEBUG=1 to see where, and report it.'));
  output.result({ error: { tag: 'Internal', message } });
}

function heading(error: TwincellError): string {
  return error.tag === 'Interrupted' ? 'stopped' : 'error';
}

function details(error: TwincellError): string {
  const traceback = isTwincellError(error, 'Remote') ? error.traceback : '';
  const stderr = isTwincellError(error, 'SidecarDied') || isTwincellError(error, 'WorkerDied') ? error.stderr : '';
  return [error.stack ?? '', traceback, stderr].filter((text) => text !== '').join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** A number as a person reads it: 4 significant digits, exponents where they help. */
export function readable(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
