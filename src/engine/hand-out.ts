/** Inputs for several workers: each is handed out once, in order, to whoever asks next. */
import { nextTurn } from './turns.ts';

/** Null where there are no more. */
export type Next<Input> = () => Promise<Input | null>;

export function handOut<Input>(inputs: Iterable<Input> | AsyncIterable<Input>): Next<Input> {
  const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
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

/** The same, with one made ready before it is asked for: making an input may take time in which no worker shall wait. */
export function oneAhead<Input>(next: Next<Input>): Next<Input> {
  let ready: Promise<Input | null> | undefined;
  return () => {
    const now = ready ?? next();
    // Whoever asked gets on with it first.
    const following = now.then(async (input) => {
      if (input === null) return null;
      await nextTurn();
      return next();
    });
    following.catch(() => undefined);
    ready = following;
    return now;
  };
}

/** Puts one back that was taken. */
export function before<Input>(first: Input, rest: Next<Input>): Next<Input> {
  let taken = false;
  return async () => {
    if (taken) return rest();
    taken = true;
    return first;
  };
}
