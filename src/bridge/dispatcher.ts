/**
 * Which call a message belongs to, and whether it may come now. A message that breaks the order of the protocol throws: it
 * is a bug of the other side, and guessing on would lose data.
 */
import { ProtocolError } from '../errors.ts';
import type { Message } from './codec.ts';
import type { EnvelopeOf } from './envelope.ts';
import type { CallProgress, Part } from './types.ts';

/** Where the messages of one call go. */
export interface CallSink {
  progress(progress: CallProgress): void;
  part(part: Part): void;
  /** The last message of a call: nothing follows. */
  finish(error: Error | EnvelopeOf<'error'> | null): void;
}

interface Pending {
  readonly sink: CallSink;
  /** Parts that have arrived, and parts the sidecar was allowed to send. */
  received: number;
  granted: number;
  cancelled: boolean;
}

/** Numbers the calls of one sidecar and routes what comes back. */
export class Dispatcher {
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  /** Calls that have not ended. */
  get size(): number {
    return this.#pending.size;
  }

  /** Registers a call that grants `credit` parts, and gives its id. */
  open(sink: CallSink, credit: number): number {
    const id = ++this.#last;
    this.#pending.set(id, { sink, received: 0, granted: credit, cancelled: false });
    return id;
  }

  /** Notes that the sidecar may send more parts of a call; false where the call has ended and nobody needs to be told. */
  grant(id: number, parts: number): boolean {
    const call = this.#pending.get(id);
    if (call === undefined || call.cancelled) return false;
    call.granted += parts;
    return true;
  }

  /** Nobody waits for this call any longer; what still arrives of it is dropped. False where it has ended. */
  cancel(id: number): boolean {
    const call = this.#pending.get(id);
    if (call === undefined || call.cancelled) return false;
    call.cancelled = true;
    return true;
  }

  /** Routes a message of the sidecar. */
  dispatch(message: Message): void {
    const { envelope } = message;
    switch (envelope.type) {
      case 'progress': {
        const { done, total, message: text } = envelope;
        const call = this.#find(envelope);
        if (!call.cancelled) call.sink.progress({ done, total, message: text });
        return;
      }
      case 'result':
        this.#result(envelope, message.tables);
        return;
      case 'end':
        this.#end(envelope);
        return;
      case 'error': {
        const call = this.#find(envelope);
        this.#pending.delete(envelope.id);
        call.sink.finish(envelope);
        return;
      }
      case 'fatal':
        throw new ProtocolError(`the sidecar gave up: ${envelope.message}`);
      default:
        throw new ProtocolError(`a sidecar may not send ${envelope.type} now`);
    }
  }

  /** Ends every call with this error. */
  failAll(error: Error): void {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) call.sink.finish(error);
  }

  #result(envelope: EnvelopeOf<'result'>, tables: Part['tables']): void {
    const call = this.#find(envelope);
    if (envelope.sequence !== call.received) {
      throw new ProtocolError(
        `call ${envelope.id}: part ${envelope.sequence} arrived where part ${call.received} was expected`,
      );
    }
    call.received++;
    if (call.received > call.granted) {
      throw new ProtocolError(`call ${envelope.id}: ${call.received} parts arrived, ${call.granted} were granted`);
    }
    if (!call.cancelled) call.sink.part({ value: envelope.value, tables });
  }

  #end(envelope: EnvelopeOf<'end'>): void {
    const call = this.#find(envelope);
    if (envelope.parts !== call.received) {
      throw new ProtocolError(`call ${envelope.id}: ended after ${envelope.parts} parts, ${call.received} arrived`);
    }
    if (envelope.cancelled && !call.cancelled) {
      throw new ProtocolError(`call ${envelope.id}: ended as cancelled, but nobody cancelled it`);
    }
    this.#pending.delete(envelope.id);
    call.sink.finish(null);
  }

  #find(envelope: EnvelopeOf<'progress' | 'result' | 'end' | 'error'>): Pending {
    const call = this.#pending.get(envelope.id);
    if (call === undefined)
      throw new ProtocolError(`a ${envelope.type} message for call ${envelope.id}, which is not open`);
    return call;
  }
}
