/** The solvers of the JavaScript back end against closed forms, its tables, and what ends a run. */
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { compileJavaScript, type KernelProgram } from '../../src/kernel/index.ts';
import {
  ambient,
  bin,
  field,
  get,
  linkageOf,
  num,
  ProgramFailed,
  place,
  programOf,
  routine,
  set,
  variable,
  when,
} from '../fixtures/kernel-program.ts';

describe('solvers', () => {
  const residual = place('global', 'residual');
  const states = [field('x')];
  const run = (body: KernelProgram['routines'], more: Partial<KernelProgram>) => {
    const program = programOf([...body.values()], { phases: { state: 'state', hooks: [] }, ...more });
    const kernel = compileJavaScript(program).link(linkageOf(2));
    kernel.instance('x').set([1, 7]);
    kernel.state();
    return kernel;
  };

  test('newton finds the square root of two for every instance', () => {
    const x = get(field('x'));
    const routines = new Map([
      ['state', routine('state', [{ do: 'newton', states, fill: 'fill', residual: 'residual' }])],
      ['fill', routine('fill', [set(residual, bin(bin(x, '*', x), '-', num(2)))])],
    ]);
    const kernel = run(routines, { instance: [variable('x')], global: [variable('residual')] });
    for (const root of kernel.instance('x')) expect(root).toBeCloseTo(Math.SQRT2, 8);
  });

  test('an outcome that is not solved ends the run, or goes to the local that asks for it', () => {
    const never = routine('fill', [set(residual, num(1))]);
    const step = { do: 'newton', states, fill: 'fill', residual: 'residual' } as const;
    const more = { instance: [variable('x'), variable('code')], global: [variable('residual')] };
    expect(() =>
      run(
        new Map([
          ['state', routine('state', [step])],
          ['fill', never],
        ]),
        more,
      ),
    ).toThrow(ProgramFailed);
    const asking = routine('state', [{ ...step, outcome: 'o' }, set(field('code'), get(place('local', 'o')))], {
      locals: [{ name: 'o', length: 1 }],
    });
    const kernel = run(
      new Map([
        ['state', asking],
        ['fill', never],
      ]),
      more,
    );
    expect(kernel.instance('code')[1]).toBe(2);
  });

  test('linear and sparse solve a pair of equations', () => {
    // 2x + y = 5, x - 3y = -1 has x = 2, y = 1.
    const rows = [2, 1, 1, -3];
    const fill = routine('fill', [
      ...rows.map((x, k) => set(place('global', 'matrix', num(k)), num(x))),
      set(place('global', 'residual', num(0)), num(5)),
      set(place('global', 'residual', num(1)), num(-1)),
    ]);
    const common = { states: [field('x'), field('y')], fill: 'fill', matrix: 'matrix', residual: 'residual' };
    const more = {
      instance: [variable('x'), variable('y')],
      global: [variable('matrix', 0, 4), variable('residual', 0, 2)],
    };
    const solve = routine('state', [{ do: 'linear', ...common }]);
    const kernel = run(
      new Map([
        ['state', solve],
        ['fill', fill],
      ]),
      more,
    );
    expect(kernel.instance('x')[1]).toBeCloseTo(2, 14);
    expect(kernel.instance('y')[1]).toBeCloseTo(1, 14);
    const pattern = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const;
    const add = routine('state', [{ do: 'sparse', ...common, linear: true, pattern }]);
    const added = run(
      new Map([
        ['state', add],
        ['fill', fill],
      ]),
      more,
    );
    expect(added.instance('x')[1]).toBeCloseTo(7 + 2, 13);
    expect(added.instance('y')[1]).toBeCloseTo(1, 13);
  });
});

describe('what ends a run', () => {
  const fails = (program: KernelProgram, message: RegExp): void => {
    const kernel = compileJavaScript(program).link(linkageOf(2));
    expect(() => kernel.state()).toThrow(ProgramFailed);
    expect(() => kernel.state()).toThrow(message);
  };
  const state = (...steps: Parameters<typeof routine>[1]) => [routine('state', steps)];
  const phases = { state: 'state', hooks: [] };

  test.each([-1, 3, 1e300, Number.NaN])('element %s of an array of three', (index) => {
    const instance = [variable('a', 0, 3), variable('k', index)];
    const program = programOf(state(set(field('a', get(field('k'))), num(1))), { instance, phases });
    fails(program, /array of 3 elements/);
  });

  test('a constant index outside its array is not compiled', () => {
    const program = programOf(state(set(field('a', num(3)), num(1))), { instance: [variable('a', 0, 3)], phases });
    expect(() => compileJavaScript(program)).toThrow(/element 3 of an array of 3/);
  });

  test('a loop without end', () => {
    fails(programOf(state({ do: 'while', condition: num(1), body: [] }), { phases }), /WHILE/);
  });

  test('a POINTER that points at nothing, once it is used', () => {
    const used = set(field('x'), get({ kind: 'pointer', name: 'p' }));
    const more = { pointers: ['p'], instance: [variable('x')], phases };
    fails(programOf(state(used), more), /POINTER p/);
    const guarded = state(when(num(0), [used]));
    expect(() => compileJavaScript(programOf(guarded, more)).link(linkageOf(1)).state()).not.toThrow();
  });

  test('a fail step, by its message', () => {
    fails(programOf(state({ do: 'fail', message: 'no "luck" `here`' }), { phases }), /^0: no "luck" `here`$/);
  });

  test('an ion that the cell lacks is named at linking', () => {
    const program = programOf([], { ions: [{ ion: 'zn', valence: 2, reads: [], writes: [] }] });
    expect(() => compileJavaScript(program).link(linkageOf(1))).toThrow(/ion zn/);
  });
});

test('a FUNCTION_TABLE fails until it is set, then interpolates and clamps', () => {
  const lookup = routine('tab', [{ do: 'fail', message: 'not set' }], {
    parameters: ['x'],
    locals: [{ name: 'r', length: 1 }],
    result: 'r',
  });
  const body = set(field('y'), { op: 'invoke', routine: 'tab', arguments: [ambient('v')] });
  const program = programOf([routine('state', [body]), lookup], {
    instance: [variable('y')],
    functionTables: [{ name: 'tab', arguments: 1 }],
    phases: { state: 'state', hooks: [] },
  });
  const v = Float64Array.of(-100, -40, -25, 5, 50);
  const kernel = compileJavaScript(program).link(linkageOf(5, { v }));
  expect(() => kernel.state()).toThrow('0: not set');
  kernel.setTable('tab', Float64Array.of(-50, -30, 10), Float64Array.of(1, 2, -2));
  kernel.state();
  expect([...kernel.instance('y')]).toEqual([1, 1.5, 1.5, -1.5, -2]);
  expect(() => kernel.setTable('tab', Float64Array.of(1, 1), Float64Array.of(1, 2))).toThrow(/not above/);
  try {
    kernel.setTable('other', Float64Array.of(1), Float64Array.of(1));
    expect.unreachable();
  } catch (error) {
    expect(isTwincellError(error, 'Usage')).toBe(true);
  }
});
