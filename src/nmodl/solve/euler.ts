/** Explicit methods for DERIVATIVE blocks: euler, and no method at all. */
import type { Step } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import { advance, derivativeSteps, equationsOf, inHalves, statesOf } from './derivative.ts';
import { invoke } from './steps.ts';

export function euler(request: SolveRequest, lowering: Lowering): Step[] {
  return explicit(request, lowering, (states) => advance(lowering, states));
}

/** A DERIVATIVE block without METHOD: NEURON computes the derivatives and, but at secondorder, leaves the states alone. */
export function unsolved(request: SolveRequest, lowering: Lowering): Step[] {
  lowering.report('derivative-without-method', request.span, { name: request.block.name });
  return explicit(request, lowering, () => []);
}

function explicit(request: SolveRequest, lowering: Lowering, move: (states: readonly string[]) => Step[]): Step[] {
  const equations = equationsOf(request, lowering);
  if (equations === null) return [];
  const states = statesOf(equations);
  const derivatives = lowering.routine(request.block.name, () => derivativeSteps(request, lowering));
  return inHalves(lowering, [invoke(derivatives), ...move(states)], advance(lowering, states));
}
