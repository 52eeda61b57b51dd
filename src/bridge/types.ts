/**
 * The face of the bridge: a running sidecar, and calls on it. The bridge knows nothing of neurons; it moves typed jobs and
 * Arrow tables between TypeScript and Python.
 */
import type { Table } from 'apache-arrow';
import type { TSchema } from 'typebox';

/** What a sidecar says of itself as it starts. */
export interface SidecarInfo {
  readonly kind: string;
  readonly pid: number;
  /** `python`, `neuron`, `torch`, … → version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Progress of a call, as the handler reports it. */
export interface CallProgress {
  /** 0 to `total`, in the handler's own unit (ms of simulated time, batches, …). */
  readonly done: number;
  readonly total: number;
  readonly message: string;
}

/** One answer of a call; a call may have several. */
export interface Part<Value = unknown> {
  readonly value: Value;
  readonly tables: Readonly<Record<string, Table>>;
}

/** A method: its name and the shapes of what goes and what comes back, checked on both sides. */
export interface Method<Params extends TSchema = TSchema, Result extends TSchema = TSchema> {
  readonly name: string;
  readonly params: Params;
  readonly result: Result;
}

export interface CallOptions {
  /** Tables that travel with the request, by name. */
  readonly tables?: Readonly<Record<string, Table>>;
  /** Aborting it cancels the call in the sidecar; the iteration then throws an InterruptedError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CallProgress) => void;
}
