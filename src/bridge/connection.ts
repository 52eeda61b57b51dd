/**
 * A line to one sidecar: the handshake, then messages both ways until it fails or is closed. Knows sockets only as a
 * Transport, and nothing of processes.
 */
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

const REINSTALL = 'Both sides must come from one installation of twincell; install it again, and check PYTHONPATH.';

/** A connected sidecar. */
export class Connection {
  readonly hello: EnvelopeOf<'hello'>;
  readonly dispatcher = new Dispatcher();
  readonly #transport: Transport;
  readonly #peer: Uint8Array;
  #failure: Error | null = null;

  constructor(transport: Transport, peer: Uint8Array, hello: EnvelopeOf<'hello'>) {
    this.#transport = transport;
    this.#peer = peer;
    this.hello = hello;
  }

  /** Why nothing can be sent any more, if so. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Sends a message; a failure to send fails the connection. */
  send(envelope: Envelope, tables: readonly Uint8Array[] = []): void {
    if (this.#failure !== null) throw this.#failure;
    const head = encodeMessage(envelope);
    this.#transport.send(this.#peer, [...head, ...tables]).catch((error: unknown) => this.fail(asError(error)));
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
    }
  }
}

/**
 * Waits for the sidecar's hello, answers it, and keeps routing what follows until the transport closes. Rejects with a
 * ProtocolError where the two sides do not fit; whoever lacks the token is ignored.
 */
export function accept(
  transport: Transport,
  expected: Expected,
  onFailure: (error: Error) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const listen = async () => {
      let connection: Connection | null = null;
      for await (const { peer, frames } of transport.receive()) {
        if (connection !== null) {
          connection.receive(peer, frames);
          if (connection.failure !== null) onFailure(connection.failure);
          continue;
        }
        const hello = readHello(frames, expected.token);
        if (hello === null) continue;
        // Answered before it is judged: a sidecar that does not fit is told why, too.
        const welcome = { type: 'welcome', protocol: PROTOCOL_VERSION, schemaHash: expected.schemaHash } as const;
        await transport.send(peer, encodeMessage(welcome));
        checkHello(hello, expected);
        connection = new Connection(transport, peer, hello);
        resolve(connection);
      }
      reject(new ProtocolError('the socket was closed before a sidecar had said hello'));
    };
    listen().catch((error: unknown) => {
      reject(asError(error));
      onFailure(asError(error));
    });
  });
}

/** A hello with our token, or null: on a port of tcp anybody on this machine may knock. */
function readHello(frames: readonly Uint8Array[], token: string): EnvelopeOf<'hello'> | null {
  try {
    const { envelope } = decodeMessage(frames);
    return envelope.type === 'hello' && envelope.token === token ? envelope : null;
  } catch {
    return null;
  }
}

function checkHello(hello: EnvelopeOf<'hello'>, expected: Expected): void {
  const pairs = [
    ['protocol version', hello.protocol, PROTOCOL_VERSION],
    ['schema hash', hello.schemaHash, expected.schemaHash],
    ['kind', hello.kind, expected.kind],
  ] as const;
  for (const [what, theirs, ours] of pairs) {
    if (theirs !== ours) {
      throw new ProtocolError(`the sidecar has ${what} ${theirs}, this side has ${ours}`, { remedy: REINSTALL });
    }
  }
}

function samePeer(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new ProtocolError(String(error));
}
