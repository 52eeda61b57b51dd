/**
 * Bytes: a ZeroMQ ROUTER that binds an endpoint and moves lists of frames. It must stay on the main thread: ending a worker
 * thread with a pending receive aborts the process.
 */
import { Router } from 'zeromq';
import { ProtocolError } from '../errors.ts';
import { MAX_HEAD_BYTES, MAX_TABLE_BYTES } from './envelope.ts';

/** Frames from one peer. */
export interface Arrival {
  /** The peer's address at this socket. */
  readonly peer: Uint8Array;
  readonly frames: readonly Uint8Array[];
}

/** What the layers above need of a socket; tests put a pair of arrays in its place. */
export interface Transport {
  /** Where a peer connects to. */
  readonly endpoint: string;
  /** Resolves when the frames are queued for the peer; throws a ProtocolError if there is no such peer. */
  send(peer: Uint8Array, frames: readonly Uint8Array[]): Promise<void>;
  /** What arrives, until `close`. May be iterated once. */
  receive(): AsyncIterable<Arrival>;
  close(): void;
}

/** Binds a ROUTER. `address` may leave the port of tcp open: `tcp://127.0.0.1:*`. */
export async function bindRouter(address: string): Promise<Transport> {
  const socket = new Router({
    linger: 0,
    mandatory: true,
    maxMessageSize: Math.max(MAX_HEAD_BYTES, MAX_TABLE_BYTES),
    // A slow consumer is held back by credit, call by call; these only bound what a broken peer could pile up.
    receiveHighWaterMark: 64,
    sendHighWaterMark: 1000,
  });
  await socket.bind(address);
  let tail: Promise<void> = Promise.resolve();
  let open = true;

  return {
    endpoint: socket.lastEndpoint ?? address,
    send(peer, frames) {
      // One send at a time: a second one while the first waits fails with EBUSY.
      const sent = tail.then(async () => {
        if (!open) throw new ProtocolError('the socket is closed');
        try {
          await socket.send([peer, ...frames]);
        } catch (cause) {
          throw new ProtocolError('the sidecar is not connected', { cause });
        }
      });
      tail = sent.catch(() => undefined);
      return sent;
    },
    async *receive() {
      while (open) {
        let message: Buffer[];
        try {
          message = await socket.receive();
        } catch (cause) {
          if (!open) return;
          throw new ProtocolError('the socket failed', { cause });
        }
        const [peer, ...frames] = message;
        if (peer !== undefined) yield { peer, frames };
      }
    },
    close() {
      if (!open) return;
      open = false;
      socket.close();
    },
  };
}
