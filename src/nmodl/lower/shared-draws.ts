/** Draws from the generator that all mechanisms share, as NEURON's library makes them from uniform ones. */
import type { Value } from '../../kernel/program.ts';
import type { Module } from './module.ts';
import { binary, call, get, local, number, set } from './values.ts';

interface SharedDraw {
  readonly count: number;
  readonly draw: (module: Module, parameters: readonly Value[]) => Value;
}

const UNIFORM: Value = { op: 'shared-draw' };

export const SHARED: ReadonlyMap<string, SharedDraw> = new Map([
  ['scop_random', { count: 0, draw: () => UNIFORM }],
  ['exprand', { count: 1, draw: through('exprand.', exponential) }],
  ['normrand', { count: 2, draw: through('normrand.', normal) }],
  ['poisrand', { count: 1, draw: through('poisrand.', poisson) }],
]);

/** Calls a routine, which is made when it is first needed. */
function through(routine: string, make: (module: Module, name: string) => void): SharedDraw['draw'] {
  return (module, parameters) => {
    if (!module.routines.has(routine)) make(module, routine);
    return { op: 'invoke', routine, arguments: parameters };
  };
}

/** -mean·log(u). */
function exponential(module: Module, name: string): void {
  module.build(name, 'routine', ['mean'], 'value', (_, [mean = 'mean'], value) => [
    set(local(value ?? ''), binary('*', { op: 'negate', of: get(local(mean)) }, call('log', UNIFORM))),
  ]);
}

/** The polar method; the second number of each pair is thrown away. */
function normal(module: Module, name: string): void {
  module.build(name, 'routine', ['mean', 'deviation'], 'value', (scope, [mean = '', deviation = ''], value) => {
    const [s, v1, v2] = [scope.fresh('s'), scope.fresh('v'), scope.fresh('v')];
    const both = (x: string) => binary('*', get(local(x)), get(local(x)));
    const draw = binary('-', binary('*', number(2), UNIFORM), number(1));
    const root = call('sqrt', binary('/', binary('*', number(-2), call('log', get(local(s)))), get(local(s))));
    return [
      set(local(s), number(1)),
      {
        do: 'while',
        condition: binary('>=', get(local(s)), number(1)),
        body: [set(local(v1), draw), set(local(v2), draw), set(local(s), binary('+', both(v1), both(v2)))],
      },
      set(local(v2), binary('*', get(local(v1)), root)),
      set(local(value ?? ''), binary('+', binary('*', get(local(v2)), get(local(deviation))), get(local(mean)))),
    ];
  });
}

/** Uniform numbers are multiplied until the product is below e^-mean. */
function poisson(module: Module, name: string): void {
  module.build(name, 'routine', ['mean'], 'value', (scope, [mean = ''], value) => {
    const [n, s, q] = [scope.fresh('n'), scope.fresh('s'), scope.fresh('q')];
    return [
      set(local(s), call('exp', { op: 'negate', of: get(local(mean)) })),
      set(local(q), number(1)),
      {
        do: 'while',
        condition: binary('>=', get(local(q)), get(local(s))),
        body: [
          set(local(q), binary('*', get(local(q)), UNIFORM)),
          set(local(n), binary('+', get(local(n)), number(1))),
        ],
      },
      set(local(value ?? ''), binary('-', get(local(n)), number(1))),
    ];
  });
}
