/** Which trials of a data set train a twin, which choose its best epoch, which judge it. */
import { UsageError } from '../errors.ts';
import type { Twin } from '../experiment/schema.ts';

/** Which trials do what, by index: the first train, the next validate, the last test. */
export interface TrialSplit {
  readonly training: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** Splits `trials` trials. @throws UsageError where none is left to train on */
export function splitTrials(trials: number, split: Twin['split']): TrialSplit {
  const training = trials - split.validation - split.test;
  if (training < 1) {
    const message = `${trials} trials leave none to train on after ${split.validation} to validate and ${split.test} to test`;
    throw new UsageError(message, { remedy: 'Simulate more trials (--trials), or lower twin.split.' });
  }
  const range = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);
  return {
    training: range(0, training),
    validation: range(training, split.validation),
    test: range(training + split.validation, split.test),
  };
}
