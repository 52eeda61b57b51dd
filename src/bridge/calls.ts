/** Calls: a request, and its parts as an async iterable that the consumer pulls. */
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { InterruptedError, ProtocolError, RemoteError } from '../errors.ts';
import { encodeTables } from './codec.ts';
import type { Connection } from './connection.ts';
import type { CallSink } from './dispatcher.ts';
import { type EnvelopeOf, PART_WINDOW } from './envelope.ts';
import type { CallOptions, Method, Part } from './types.ts';

/**
 * Calls a method. The request is sent when iteration starts; leaving the loop early cancels it. Parts are checked against
 * the method's result. A sidecar works on one call at a time: calls queue there, so a call made inside the loop over
 * another one of the same sidecar waits for that one, and forever if it has more than PART_WINDOW parts to go.
 */
export async function* callMethod<P extends TSchema, R extends TSchema>(
  connection: Connection,
  method: Method<P, R>,
  params: Static<P>,
  options: CallOptions = {},
): AsyncGenerator<Part<Static<R>>, void, void> {
  const { signal } = options;
  if (signal?.aborted) throw interrupted(method.name, signal);
  if (connection.failure !== null) throw connection.failure;
  conform(method.params, params, `parameters of ${method.name}`);
  const tables = encodeTables(options.tables ?? {});
  const inbox = new Inbox(options);
  const id = connection.dispatcher.open(inbox, PART_WINDOW);
  const cancel = () => {
    if (connection.dispatcher.cancel(id) && connection.failure === null) connection.send({ type: 'cancel', id });
  };
  const onAbort = () => {
    inbox.abort(interrupted(method.name, signal));
    cancel();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    connection.send(
      { type: 'call', id, method: method.name, params, credit: PART_WINDOW, tables: tables.notes },
      tables.frames,
    );
    for (let part = await inbox.take(); part !== null; part = await inbox.take()) {
      conform(method.result, part.value, `result of ${method.name}`);
      yield part as Part<Static<R>>;
      if (connection.dispatcher.grant(id, 1)) connection.send({ type: 'credit', id, parts: 1 });
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    cancel();
  }
}

/** Parts that have arrived and were not taken yet, at most PART_WINDOW; then how the call ended. */
class Inbox implements CallSink {
  readonly #parts: Part[] = [];
  readonly #onProgress: CallOptions['onProgress'];
  #outcome: { error: Error | null } | null = null;
  #wake: (() => void) | null = null;

  constructor(options: CallOptions) {
    this.#onProgress = options.onProgress;
  }

  progress(progress: Parameters<CallSink['progress']>[0]): void {
    try {
      this.#onProgress?.(progress);
    } catch (error) {
      // The caller's own error ends the caller's own call, not the sidecar.
      this.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }

  part(part: Part): void {
    this.#parts.push(part);
    this.#wake?.();
  }

  finish(end: Error | EnvelopeOf<'error'> | null): void {
    this.#outcome ??= { error: end === null || end instanceof Error ? end : remoteError(end) };
    this.#wake?.();
  }

  /** Ends the call here and now; parts not taken yet are dropped. */
  abort(error: Error): void {
    this.#parts.length = 0;
    this.finish(error);
  }

  /** The next part, or null at the end; throws what the call failed with, after the parts that came before. */
  async take(): Promise<Part | null> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) return part;
      if (this.#outcome !== null) {
        if (this.#outcome.error !== null) throw this.#outcome.error;
        return null;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}

function remoteError(failure: EnvelopeOf<'error'>): RemoteError {
  const { code, message, details, traceback, remedy } = failure;
  return new RemoteError(message, { code, details, traceback, ...(remedy === null ? {} : { remedy }) });
}

function interrupted(method: string, signal: AbortSignal | undefined): InterruptedError {
  return new InterruptedError(`${method} was interrupted`, { cause: signal?.reason });
}

const compiled = new WeakMap<TSchema, Validator>();

function conform(schema: TSchema, value: unknown, what: string): void {
  const check = compiled.get(schema) ?? Compile(schema);
  compiled.set(schema, check);
  if (check.Check(value)) return;
  const [first] = check.Errors(value);
  throw new ProtocolError(`${what}: ${first?.instancePath || '/'} ${first?.message ?? 'does not have its shape'}`);
}
