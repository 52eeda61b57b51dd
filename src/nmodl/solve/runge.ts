/** runge: the classical Runge-Kutta method of fourth order for DERIVATIVE blocks, in NEURON's order of operations. */
import type { Place, Step, Value } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import { advance, derivativePlace, derivativeSteps, equationsOf, inHalves, statesOf } from './derivative.ts';
import { add, DT, divide, element, get, invoke, multiply, number, set, subtract } from './steps.ts';

const T: Place = { kind: 'ambient', name: 't' };

export function runge(request: SolveRequest, lowering: Lowering): Step[] {
  const equations = equationsOf(request, lowering);
  if (equations === null) return [];
  const states = statesOf(equations);
  const start = lowering.workspace(`${request.block.name} start`, states.length);
  const sum = lowering.workspace(`${request.block.name} sum`, states.length);
  const derivatives = lowering.routine(request.block.name, () => derivativeSteps(request, lowering));
  const change = lowering.local('change');
  const stage = (toSteps: (one: Unknown) => Step[]): Step[] => [
    invoke(derivatives),
    ...states.flatMap((state, k) => {
      const derivative = get(derivativePlace(lowering, state));
      const [first, total] = [start, sum].map((array) => element(array, number(k))) as [Place, Place];
      return toSteps({ state: lowering.place(state, null), derivative, start: first, sum: total });
    }),
  ];
  const temporary: Place = { kind: 'local', name: change };
  const third = divide(get(temporary), number(3));
  const method: Step[] = [
    ...stage(({ state, derivative, start, sum }) => [
      set(start, get(state)),
      set(temporary, multiply(divide(get(DT), number(2)), derivative)),
      set(state, add(get(state), get(temporary))),
      set(sum, add(get(start), third)),
    ]),
    set(T, add(get(T), divide(get(DT), number(2)))),
    ...stage(({ state, derivative, start, sum }) => [
      set(temporary, multiply(get(DT), derivative)),
      set(state, add(get(start), divide(get(temporary), number(2)))),
      set(sum, add(get(sum), third)),
    ]),
    ...stage(({ state, derivative, start, sum }) => [
      set(temporary, multiply(get(DT), derivative)),
      set(state, add(get(start), get(temporary))),
      set(sum, add(get(sum), third)),
    ]),
    set(T, add(get(T), divide(get(DT), number(2)))),
    ...stage(({ state, derivative, sum }) => [
      set(state, add(get(sum), multiply(divide(get(DT), number(6)), derivative))),
    ]),
    set(T, subtract(get(T), get(DT))),
  ];
  // NEURON computes the derivatives once more, so that what the block assigns belongs to the new states.
  return [...inHalves(lowering, method, advance(lowering, states)), invoke(derivatives)];
}

/** One state: its place and derivative, its value at the start, and the sum that becomes its new value. */
interface Unknown {
  readonly state: Place;
  readonly derivative: Value;
  readonly start: Place;
  readonly sum: Place;
}
