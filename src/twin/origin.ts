/** What a checkpoint says of its making: on which data, and which of their trials it has seen. */
import { InvalidModelFileError, UsageError } from '../errors.ts';
import type { Twin } from '../experiment/schema.ts';
import { readTensors } from './safetensors.ts';
import { splitTrials } from './split.ts';

export interface TwinOrigin {
  /** sha256 of the experiment it was trained for, and of the data it was trained on. */
  readonly identity: string;
  readonly data: string;
  /** Trials that were split into those to train on, to validate with, and to test. */
  readonly trials: number;
  readonly split: Twin['split'];
}

/**
 * The origin of a twin, from the bytes of its checkpoint.
 * @throws InvalidModelFileError where the bytes are no checkpoint, or one that does not say what it was trained on
 */
export function readOrigin(bytes: Uint8Array, file: string): TwinOrigin {
  const text = readTensors(bytes, file).metadata.twincell ?? 'null';
  let found: Partial<TwinOrigin> | null;
  try {
    found = JSON.parse(text) as Partial<TwinOrigin> | null;
  } catch (cause) {
    throw new InvalidModelFileError('the description of the twin is not JSON', { file, cause });
  }
  const { identity, data, trials, split } = found ?? {};
  if (
    typeof identity !== 'string' ||
    typeof data !== 'string' ||
    !Number.isInteger(trials) ||
    !Number.isInteger(split?.validation) ||
    !Number.isInteger(split?.test)
  ) {
    throw new InvalidModelFileError('it does not say which trials the twin was trained on', {
      file,
      remedy: 'Train the twin again with this version.',
    });
  }
  return { identity, data, trials, split } as TwinOrigin;
}

/**
 * The trials of a data set that may judge a twin: those held out for the test, or all where the twin was trained on other data.
 * @param test how many of them, counted from the last; all unless given
 * @throws UsageError where more are asked for than the twin has not seen
 */
export function unseenTrials(origin: TwinOrigin, data: string, trials: number, test?: number): readonly number[] {
  const own = origin.data === data;
  // A data set may have grown since: what came later the twin has not seen either.
  const seen = own ? origin.trials - origin.split.test : 0;
  const held = own ? splitTrials(origin.trials, origin.split).test : Array.from({ length: trials }, (_, k) => k);
  if (test === undefined) return held.filter((trial) => trial < trials);
  if (test > trials - seen) {
    throw new UsageError(`${test} trials were asked for, but this twin has seen all but ${trials - seen}`, {
      remedy: `Score at most ${trials - seen} trials, or simulate others: a twin is not judged by what it was trained on.`,
    });
  }
  return Array.from({ length: test }, (_, k) => trials - test + k);
}
