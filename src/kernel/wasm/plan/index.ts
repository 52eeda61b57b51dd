/**
 * Plans: what the compartments of a kind do in a step, as graphs of values, from the programs of their mechanisms. Routines
 * are run on values instead of numbers, what no step changes is moved to a prologue, and the rest is rewritten with as few
 * exponentials and divisions as exact arithmetic allows. A scalar interpreter runs prologues, and judges compiled graphs.
 */
export { applyBinary, applyUnary } from './arithmetic.ts';
export { type Access, interpret, interpretPrologue, interpretStores } from './interpret.ts';
export { planKept } from './kept.ts';
export type { KnownNumbers, PlannedIon, PlannedMechanism, PlanOptions } from './kind.ts';
export { type NearRange, USUAL_RANGE } from './near.ts';
export { planCompartment } from './plan.ts';
