/** derivimplicit: an implicit Euler step of all equations of the block at once, solved by Newton's method. */
import type { Step } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import { advance, derivativePlace, derivativeSteps, equationsOf, inHalves, statesOf } from './derivative.ts';
import { inNeuronOrder } from './order.ts';
import { DT, divide, element, get, invoke, local, number, set, subtract } from './steps.ts';

/** What NEURON's STEADYSTATE of this method sets dt to (ms): so little that it changes next to nothing. */
const STEADY_STATE_DT = 1e-9;

export function derivimplicit(request: SolveRequest, lowering: Lowering): Step[] {
  const equations = equationsOf(request, lowering);
  if (equations === null) return [];
  const states = statesOf(equations);
  const before = lowering.workspace(`${request.block.name} before`, states.length);
  const residual = lowering.workspace(`${request.block.name} residual`, states.length);
  const fill = lowering.routine(request.block.name, () => [
    ...derivativeSteps(request, lowering),
    ...states.map((state, k) => {
      const slope = divide(subtract(get(lowering.place(state, null)), get(element(before, number(k)))), get(DT));
      return set(element(residual, number(k)), subtract(get(derivativePlace(lowering, state)), slope));
    }),
  ]);
  const method: Step[] = [
    ...states.map((state, k) => set(element(before, number(k)), get(lowering.place(state, null)))),
    // Equations stand in the order of the text, unknowns in NEURON's order of names.
    {
      do: 'newton',
      states: inNeuronOrder(states, lowering).map((state) => lowering.place(state, null)),
      fill,
      residual,
    },
    // The block runs once more at the solution: variables it assigns keep those values.
    invoke(fill),
  ];
  const correction = advance(lowering, states);
  if (!request.steadyState) return inHalves(lowering, method, correction);
  lowering.report('steadystate-derivimplicit', request.span, {});
  const whole = local(lowering.local('dt'));
  const steady = [set(whole, get(DT)), set(DT, number(STEADY_STATE_DT)), ...method, set(DT, get(whole))];
  return inHalves(lowering, steady, correction);
}
