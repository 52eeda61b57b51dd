/**
 * A line to one sidecar: the handshake, then messages both ways until it fails or is closed. Knows sockets only as a
 * Transport, and nothing of processes.
 */
import { timingSafeEqual } from 'node:crypto';
import { decode } from '@msgpack/msgpack';
import { ProtocolError } from '../errors.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Envelope, type EnvelopeOf, PROTOCOL_VERSION } from './envelope.ts';
import type { Transport } from './transport.ts';

/** What a sidecar must say to be let in. */
export interface Expected {
  readonly kind: string;
  readonly token: string;
  readonly schemaHash: string;
}

/** Told once nothing more can come of a connection; the sidecar behind it is then to be ended. */
export type OnBroken = (error: Error) => void;

const REINSTALL = 'Both sides must come from one installation of twincell; install it again, and check PYTHONPATH.';

/** A connected sidecar. */
export class Connection {
  readonly hello: EnvelopeOf<'hello'>;
  readonly dispatcher = new Dispatcher();
  readonly #transport: Transport;
  readonly #peer: Uint8Array;
  readonly #onBroken: OnBroken;
  #failure: Error | null = null;

  constructor(transport: Transport, peer: Uint8Array, hello: EnvelopeOf<'hello'>, onBroken: OnBroken) {
    this.#transport = transport;
    this.#peer = peer;
    this.hello = hello;
    this.#onBroken = onBroken;
  }

  /** Why nothing can be sent any more, if so. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Sends a message. That it cannot be sent is reported to `onBroken`, which knows why: the process has usually died. */
  send(envelope: Envelope, tables: readonly Uint8Array[] = []): void {
    if (this.#failure !== null) throw this.#failure;
    const head = encodeMessage(envelope);
    this.#transport.send(this.#peer, [...head, ...tables]).catch((error: unknown) => {
      if (this.#failure === null) this.#onBroken(asError(error));
    });
  }

  /** Ends every open call with this error and refuses further ones. The first reason stays. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.dispatcher.failAll(this.#failure);
  }

  /** Routes one arrival; other peers are not listened to. A message that breaks the protocol fails the connection. */
  receive(peer: Uint8Array, frames: readonly Uint8Array[]): void {
    if (this.#failure !== null || !samePeer(peer, this.#peer)) return;
    try {
      this.dispatcher.dispatch(decodeMessage(frames));
    } catch (error) {
      this.fail(asError(error));
      this.#onBroken(asError(error));
    }
  }
}

/**
 * Waits for the sidecar's hello, answers it, and keeps routing what follows until the transport closes. Rejects with a
 * ProtocolError where the two sides do not fit; whoever lacks the token is ignored.
 */
export function accept(transport: Transport, expected: Expected, onBroken: OnBroken): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const listen = async () => {
      let connection: Connection | null = null;
      for await (const { peer, frames } of transport.receive()) {
        if (connection !== null) {
          connection.receive(peer, frames);
          continue;
        }
        if (!isFromOurChild(frames, expected.token)) continue;
        // Answered before it is judged: a sidecar that does not fit is told why, too.
        const welcome = { type: 'welcome', protocol: PROTOCOL_VERSION, schemaHash: expected.schemaHash } as const;
        await transport.send(peer, encodeMessage(welcome));
        connection = new Connection(transport, peer, readHello(frames, expected), onBroken);
        resolve(connection);
      }
      reject(new ProtocolError('the socket was closed before a sidecar had said hello'));
    };
    listen().catch((error: unknown) => {
      reject(asError(error));
      onBroken(asError(error));
    });
  });
}

/** Whether a first message has our token; on a port of tcp anybody on this machine may knock. */
function isFromOurChild(frames: readonly Uint8Array[], token: string): boolean {
  const proof = glance(frames)?.token;
  return typeof proof === 'string' && proof.length === token.length && timingSafeEqual(bytes(proof), bytes(token));
}

/** The hello, if the two sides fit. The version is compared first: a newer hello may well look different. */
function readHello(frames: readonly Uint8Array[], expected: Expected): EnvelopeOf<'hello'> {
  mustMatch('protocol version', glance(frames)?.protocol, PROTOCOL_VERSION);
  const { envelope } = decodeMessage(frames);
  if (envelope.type !== 'hello') throw new ProtocolError(`expected a hello, received ${envelope.type}`);
  mustMatch('schema hash', envelope.schemaHash, expected.schemaHash);
  mustMatch('kind', envelope.kind, expected.kind);
  return envelope;
}

function mustMatch(what: string, theirs: unknown, ours: string | number): void {
  if (theirs === ours) return;
  throw new ProtocolError(`the sidecar has ${what} ${String(theirs)}, this side has ${ours}`, { remedy: REINSTALL });
}

/** The fields of a message whose shape is not known yet. */
function glance(frames: readonly Uint8Array[]): { token?: unknown; protocol?: unknown } | null {
  try {
    const raw: unknown = decode(frames[0] ?? new Uint8Array());
    return typeof raw === 'object' ? raw : null;
  } catch {
    return null;
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function samePeer(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new ProtocolError(String(error));
}
