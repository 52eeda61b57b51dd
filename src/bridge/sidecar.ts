/** Starts a Python sidecar and gives the calls on it: process, socket and handshake put together. */
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Static, TSchema } from 'typebox';
import { EnvironmentError, InterruptedError, SidecarDiedError } from '../errors.ts';
import { callMethod } from './calls.ts';
import { accept, type Connection } from './connection.ts';
import { prepareMeeting } from './endpoint.ts';
import { schemaHash } from './schema-hash.ts';
import { Child, type ChildEnd } from './supervisor.ts';
import { bindRouter, type Transport } from './transport.ts';
import type { CallOptions, Method, Part, SidecarInfo } from './types.ts';

/** A running sidecar. */
export interface Sidecar {
  readonly info: SidecarInfo;
  /**
   * Calls a method: sent when iteration starts, cancelled when the loop is left. A sidecar works on one call at a time; do
   * not call it inside the loop over another call of the same sidecar.
   */
  call<P extends TSchema, R extends TSchema>(
    method: Method<P, R>,
    params: Static<P>,
    options?: CallOptions,
  ): AsyncIterable<Part<Static<R>>>;
  /** Ends the process; resolves when it is gone. Open calls fail with an InterruptedError. */
  close(): Promise<void>;
}

export interface SidecarOptions {
  /** Absolute path of the Python interpreter. */
  readonly python: string;
  readonly kind: 'neuron' | 'torch' | 'features';
  /** Arguments of the kind: `--mechanisms FILE`. */
  readonly args?: readonly string[];
  /** Where it starts; an empty folder of its own unless given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Aborting it while the sidecar starts ends it; afterwards it means nothing. */
  readonly signal?: AbortSignal;
}

/** What tests may set besides. */
export interface LaunchOptions extends Omit<SidecarOptions, 'kind'> {
  readonly kind: string;
  /** Module that registers the kind's handlers, on PYTHONPATH; `twincell_sidecar.KIND` unless given. */
  readonly module?: string;
  /** Longest time from the start to the hello (ms). Importing torch from a cold disk takes a minute. */
  readonly helloTimeoutMs?: number;
  /** How long `close` waits before each signal (ms). */
  readonly graceMs?: number;
}

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
const HELLO_TIMEOUT_MS = 180_000;
const GRACE_MS = 3_000;

/** Starts a sidecar and waits until it has said hello. */
export function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  return launchSidecar(options);
}

/** As `startSidecar`, for any kind. */
export async function launchSidecar(options: LaunchOptions): Promise<Sidecar> {
  if (options.signal?.aborted) throw new InterruptedError('interrupted before the sidecar was started');
  const meeting = prepareMeeting();
  let transport: Transport | null = null;
  let child: Child | null = null;
  const dispose = async () => {
    transport?.close();
    await child?.stop(0);
    meeting.remove();
  };
  try {
    transport = await bindRouter(meeting.address);
    child = new Child(commandOf(options, transport.endpoint, meeting));
    const { connection, running } = await handshake(child, transport, meeting.token, options);
    return new RunningSidecar(connection, running, dispose, options.graceMs ?? GRACE_MS);
  } catch (error) {
    await dispose();
    throw error;
  }
}

class RunningSidecar implements Sidecar {
  readonly info: SidecarInfo;
  readonly #connection: Connection;
  readonly #child: Child;
  readonly #dispose: () => Promise<void>;
  readonly #graceMs: number;
  #closing: Promise<void> | null = null;

  constructor(connection: Connection, child: Child, dispose: () => Promise<void>, graceMs: number) {
    const { kind, pid, versions } = connection.hello;
    this.info = { kind, pid, versions };
    this.#connection = connection;
    this.#child = child;
    this.#dispose = dispose;
    this.#graceMs = graceMs;
    void child.ended.then((end) => {
      connection.fail(died(kind, end, child));
      return dispose();
    });
  }

  call<P extends TSchema, R extends TSchema>(method: Method<P, R>, params: Static<P>, options?: CallOptions) {
    return callMethod(this.#connection, method, params, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#connection.failure === null) {
      this.#connection.send({ type: 'shutdown' });
      this.#connection.fail(new InterruptedError('the sidecar was closed'));
    }
    await this.#child.stop(this.#graceMs);
    await this.#dispose();
  }
}

/** Waits for the hello, the child's end, the time limit or the caller's signal, whichever comes first. */
async function handshake(child: Child, transport: Transport, token: string, options: LaunchOptions) {
  const limit = options.helloTimeoutMs ?? HELLO_TIMEOUT_MS;
  const expected = { kind: options.kind, token, schemaHash: schemaHash(join(packageFolder, 'schemas')) };
  const stop = Promise.withResolvers<never>();
  const timer = setTimeout(() => stop.reject(silent(options, child, limit)), limit);
  const onAbort = () => stop.reject(new InterruptedError(`interrupted while the ${options.kind} sidecar started`));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  void child.ended.then((end) => stop.reject(unready(options, end, child)));
  stop.promise.catch(() => undefined);
  try {
    // A sidecar that breaks the protocol is not asked to end: it is ended, and its calls have failed by then.
    const connection = await Promise.race([accept(transport, expected, () => child.kill('SIGKILL')), stop.promise]);
    return { connection, running: child };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function commandOf(options: LaunchOptions, endpoint: string, meeting: { workFolder: string; token: string }) {
  const paths = [join(packageFolder, 'python'), options.env?.PYTHONPATH].filter((path) => path !== undefined);
  return {
    file: options.python,
    args: [
      ...['-m', 'twincell_sidecar', '--kind', options.kind, '--endpoint', endpoint],
      ...(options.module === undefined ? [] : ['--module', options.module]),
      ...(options.args ?? []),
    ],
    cwd: options.cwd ?? meeting.workFolder,
    env: {
      ...process.env,
      // Nothing is written beside the package's Python files: they may belong to somebody else.
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONNOUSERSITE: '1',
      PYTHONUNBUFFERED: '1',
      ...options.env,
      PYTHONPATH: paths.join(delimiter),
      TWINCELL_SIDECAR_TOKEN: meeting.token,
    },
  };
}

function died(kind: string, end: ChildEnd, child: Child): SidecarDiedError {
  return new SidecarDiedError(
    `the ${kind} sidecar ended unexpectedly (${howEnded(end)})${tail(child.output.last(1))}`,
    {
      signal: end.signal,
      status: end.status,
      stderr: child.output.last(),
      remedy: 'Run the same command again; with TWINCELL_DEBUG=1 the sidecar shows what it writes.',
    },
  );
}

function unready(options: LaunchOptions, end: ChildEnd, child: Child): EnvironmentError {
  return new EnvironmentError(
    `the ${options.kind} sidecar did not start (${howEnded(end)}): ${options.python}${tail(child.output.last(5))}`,
    { remedy: `Run "twincell setup", or "twincell doctor" to see what is missing.`, cause: end.error ?? undefined },
  );
}

function silent(options: LaunchOptions, child: Child, limit: number): EnvironmentError {
  return new EnvironmentError(
    `the ${options.kind} sidecar has not said hello within ${limit / 1000} s: ${options.python}${tail(child.output.last(5))}`,
    { remedy: 'Run "twincell doctor"; with TWINCELL_DEBUG=1 the sidecar shows what it writes.' },
  );
}

function howEnded(end: ChildEnd): string {
  if (end.error !== null) return end.error.message;
  return end.signal === null ? `exit status ${end.status}` : `signal ${end.signal}`;
}

function tail(output: string): string {
  return output === '' ? '' : `\n${output}`;
}
