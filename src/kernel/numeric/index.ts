/**
 * Solvers that compiled kernels call at run time: Newton's method (derivimplicit, NONLINEAR), sparse elimination (KINETIC) and
 * elimination with pivots (LINEAR). Each computes as NEURON's does, in its order of operations and with its limits, so that
 * results agree to the last bit. They know nothing of mechanisms: unknowns come as a pair of functions, equations as `fill`.
 */
export { linear } from './linear.ts';
export { newton } from './newton.ts';
export { type EliminationOrder, eliminationOrder, sparse } from './sparse.ts';
export { OUTCOME, outcomeMessage, type Unknowns } from './unknowns.ts';
