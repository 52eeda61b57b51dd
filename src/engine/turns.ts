/** Letting others have their turn in a long computation, and hearing that it is to stop. */
import { InterruptedError } from '../errors.ts';

/** A turn of the event loop: setImmediate in Node, a message to oneself in a browser. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** @throws InterruptedError where the signal says so */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError('the simulation was stopped', { cause: signal.reason });
}
