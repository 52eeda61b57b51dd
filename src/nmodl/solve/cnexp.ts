/** cnexp: each equation that is linear in its own state is advanced by its exponential, the others held. */
import type { Step, Value } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import { type Equation, equationOf, equationsOf } from './derivative.ts';
import { derivimplicit } from './derivimplicit.ts';
import { canDifferentiate, type Differentiated, differentiate } from './differentiate.ts';
import { add, DT, divide, get, invoke, multiply, negate, number, set, subtract } from './steps.ts';

export function cnexp(request: SolveRequest, lowering: Lowering): Step[] {
  const { block } = request;
  const equations = equationsOf(request, lowering);
  if (equations === null) return [];
  if (!equations.every(({ right, state }) => canDifferentiate(right, state))) return derivimplicit(request, lowering);
  const name = lowering.routine(block.name, () =>
    lowering.statements(block.body, (statement) => {
      const equation = equationOf(statement);
      return equation && [advance(equation, lowering)];
    }),
  );
  return [invoke(name)];
}

/** `m = m + (1 - exp(dt·J))·(-b/a - m)`, written exactly so. */
function advance({ state, right, statement }: Equation, lowering: Lowering): Step {
  const found = differentiate(right, state, lowering);
  if (found.isNotLinear) lowering.report('cnexp-not-linear', statement, { name: state });
  const place = lowering.place(state, null);
  const present = get(place);
  if (found.derivative === null) {
    return set(place, subtract(present, multiply(get(DT), negate(found.rest ?? number(0)))));
  }
  const exponential: Value = { op: 'call', function: 'exp', arguments: [multiply(get(DT), found.derivative)] };
  const change = multiply(subtract(number(1), exponential), toLimit(found, present));
  return set(place, add(present, change));
}

function toLimit({ isNotLinear, factor, rest }: Differentiated, present: Value): Value {
  if (isNotLinear) return negate(present);
  return subtract(divide(negate(rest ?? number(0)), factor ?? number(0)), present);
}
