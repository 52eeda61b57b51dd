/** What is computed once and remembered must follow what it is computed from, instance by instance. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileJavaScript, type Value } from '../../src/kernel/index.ts';
import { libmNamed } from '../../src/libm/index.ts';
import {
  ambient,
  bin,
  call,
  field,
  get,
  linkageOf,
  programOf,
  routine,
  set,
  variable,
} from '../fixtures/kernel-program.ts';

const libm = libmNamed('glibc');
const dt = ambient('dt');
const tau = get(field('tau'));
const programs: readonly [string, Value, (tau: number, dt: number) => number][] = [
  ['exp', call('exp', bin(dt, '/', tau)), (t, step) => libm.exp(step / t)],
  ['log', call('log', bin(dt, '+', tau)), (t, step) => libm.log(step + t)],
  ['pow', call('pow', tau, dt), (t, step) => libm.pow(t, step)],
];

test.each(programs)('a remembered %s is that of the parameters as they are', (_, value, expected) => {
  const program = programOf([routine('state', [set(field('result'), value)])], {
    instance: [{ ...variable('tau', 2), role: 'parameter' }, variable('result')],
    phases: { state: 'state', hooks: [] },
  });
  const changes = fc.array(
    fc.record({
      instance: fc.integer({ min: 0, max: 2 }),
      tau: fc.constantFrom(0.5, 2, 3, 7),
      dt: fc.constantFrom(0.025, 0.1),
    }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(changes, (all) => {
      const linkage = linkageOf(3, { libm });
      const kernel = compileJavaScript(program).link(linkage);
      for (const change of all) {
        kernel.instance('tau')[change.instance] = change.tau;
        linkage.clock[1] = change.dt;
        kernel.state();
        const taus = Array.from(kernel.instance('tau'));
        expect(Array.from(kernel.instance('result'))).toEqual(taus.map((one) => expected(one, change.dt)));
      }
    }),
  );
});

test('only what cannot change by itself is remembered', () => {
  const remembered = (value: Value, assigned = false): boolean => {
    const steps = [set(field('result'), call('exp', value)), ...(assigned ? [set(field('tau'), dt)] : [])];
    const program = programOf([routine('state', steps)], {
      instance: [{ ...variable('tau', 2), role: 'parameter' }, variable('result')],
      phases: { state: 'state', hooks: [] },
    });
    return /\bY0\(i/.test(compileJavaScript(program).source);
  };
  expect(remembered(bin(dt, '/', tau))).toBe(true);
  expect(remembered(bin(ambient('v'), '/', tau))).toBe(false);
  expect(remembered(ambient('t'))).toBe(false);
  expect(remembered(tau, true)).toBe(false);
});
