/** What the run-time solvers share: how they reach the unknowns, and what they answer. */

/** The unknowns of the instance at hand, by number from 0. */
export interface Unknowns {
  get(k: number): number;
  set(k: number, x: number): void;
}

/** What a solver answers; anything but `solved` ends the run, as in NEURON. */
export const OUTCOME = { solved: 0, tooManyIterations: 1, singular: 2 } as const;

/** The sentence for an outcome, without a full stop. */
export function outcomeMessage(outcome: number): string {
  return outcome === OUTCOME.singular
    ? 'the matrix of the equations is singular or ill-conditioned'
    : 'the equations did not converge within the greatest number of iterations';
}
