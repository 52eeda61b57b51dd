/** LONGITUDINAL_DIFFUSION: what the solver needs to let a state spread along the cable. */
import type { Step } from '../../kernel/program.ts';
import { lowerExpression } from './expressions.ts';
import type { Indexed } from './lowering.ts';
import type { Module } from './module.ts';
import { local, set } from './values.ts';

/** Adds a state that spreads, once, however often its block is compiled. */
export function addDiffusion(module: Module, state: string, constant: Indexed, volume: Indexed): void {
  if (module.diffusions.some((one) => one.state === state)) return;
  const coefficient = module.scratch(`diffusion ${state}`, 1);
  const size = module.scratch(`volume ${state}`, 1);
  const routine = module.build(
    module.unusedName(`diffusion ${state}`),
    'solve',
    ['element'],
    null,
    (_, [element = '']) => [sizeStep(module, volume, element, size), sizeStep(module, constant, element, coefficient)],
  );
  const ion = module.declarations.ionVariables.get(state);
  module.diffusions.push({
    state,
    ion: ion?.field === 'inside' || ion?.field === 'outside' ? { ion: ion.ion, field: ion.field } : null,
    length: module.declarations.states.get(state)?.length ?? 1,
    routine,
    coefficient,
    volume: size,
  });
}

function sizeStep(module: Module, { index, volume }: Indexed, element: string, field: string): Step {
  return module.scope.inner(() => {
    if (index !== null) module.scope.bind(index, { kind: 'place', place: local(element) });
    return set({ kind: 'instance', name: field }, lowerExpression(module, volume));
  });
}
