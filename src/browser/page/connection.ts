/** The worker, from the page's side. */
import type { Failed, Frame, FromWorker, Loaded, Started, ToWorker } from '../protocol.ts';

export interface Listeners {
  loaded(message: Loaded): void;
  started(message: Started): void;
  frame(message: Frame): void;
  failed(message: Failed): void;
}

export interface Connection {
  send(message: ToWorker): void;
  /** Asks for a frame, unless one is on its way. */
  askFrame(): void;
}

/** Starts the worker from the text that the page holds, and gives it the cell. */
export function connect(listeners: Listeners): Connection {
  const text = document.getElementById('worker')?.textContent ?? '';
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url);
  let asked = false;
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    switch (data.is) {
      case 'loaded':
        URL.revokeObjectURL(url);
        listeners.loaded(data);
        return;
      case 'started':
        listeners.started(data);
        return;
      case 'frame':
        asked = false;
        listeners.frame(data);
        return;
      case 'failed':
        listeners.failed(data);
    }
  };
  worker.onerror = ({ message }) => listeners.failed({ is: 'failed', message: message || 'the worker did not start' });
  const send = (message: ToWorker) => worker.postMessage(message);
  send({ do: 'load', cell: document.getElementById('cell')?.textContent ?? '' });
  return {
    send,
    askFrame() {
      if (asked) return;
      asked = true;
      send({ do: 'frame' });
    },
  };
}
