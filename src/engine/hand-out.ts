/** Trials for several workers: each is handed out once, in order, to whoever asks next. */
import type { Trial } from './engine.ts';
import { nextTurn } from './turns.ts';

/** Null where there are no more. */
export type NextTrial = () => Promise<Trial | null>;

export function handOut(trials: Iterable<Trial> | AsyncIterable<Trial>): NextTrial {
  const iterator = Symbol.asyncIterator in trials ? trials[Symbol.asyncIterator]() : trials[Symbol.iterator]();
  let turn: Promise<unknown> = Promise.resolve();
  return () => {
    const next = turn.then(async () => {
      const { done, value } = await iterator.next();
      return done ? null : value;
    });
    turn = next.catch(() => undefined);
    return next;
  };
}

/** The same, with one trial made ready before it is asked for: making an input takes time in which no worker shall wait. */
export function oneAhead(next: NextTrial): NextTrial {
  let ready: Promise<Trial | null> | undefined;
  return () => {
    const now = ready ?? next();
    // Whoever asked gets on with it first.
    const following = now.then(async (trial) => {
      if (trial === null) return null;
      await nextTurn();
      return next();
    });
    following.catch(() => undefined);
    ready = following;
    return now;
  };
}
