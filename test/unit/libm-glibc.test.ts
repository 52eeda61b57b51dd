import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { randomStream } from '../../src/experiment/random.ts';
import { exp, log, pow } from '../../src/libm/index.ts';
import { hasTunableGlibc, UNFUSED } from '../fixtures/passive-l5pc.ts';

const COUNT = 400_000;
const { uniform } = randomStream({ seed: 1, trial: 0, purpose: 'stimulus-arrivals' });

/** Numbers with every bit random: all magnitudes, both signs, subnormals, infinities, NaN. */
function anyDouble(): number {
  const words = Uint32Array.of(uniform() * 2 ** 32, uniform() * 2 ** 32);
  return new Float64Array(words.buffer)[0] as number;
}

const EDGES = [
  0,
  -0,
  1,
  -1,
  Number.MIN_VALUE,
  2.2250738585072014e-308,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  Number.NaN,
];

/** A mixture of kinds of argument, after the edges. */
function mixture(kinds: readonly (() => number)[]): Float64Array {
  return Float64Array.from({ length: COUNT }, (_, k) => EDGES[k] ?? (kinds[k % kinds.length] as () => number)());
}

const between = (low: number, high: number) => () => low + (high - low) * uniform();

/** Results of the C library, asked through a Python that was started without fused operations. */
function glibc(python: string, name: string, ...columns: readonly Float64Array[]): Float64Array {
  const script = join(import.meta.dirname, '..', 'fixtures', 'libm_reference.py');
  const input = Buffer.concat(columns.map((column) => new Uint8Array(column.buffer)));
  const run = spawnSync(python, [script, name], { input, env: { ...process.env, ...UNFUSED }, maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return new Float64Array(Uint8Array.from(run.stdout).buffer);
}

/** The first few arguments whose results differ in any bit (all NaN are one). */
function differences(results: Float64Array, expected: Float64Array, argument: (k: number) => unknown): unknown[] {
  const found: unknown[] = [];
  for (let k = 0; k < COUNT && found.length < 5; k++) {
    if (!Object.is(results[k], expected[k])) found.push({ of: argument(k), ours: results[k], glibc: expected[k] });
  }
  return found;
}

describe.skipIf(!hasTunableGlibc())('every bit is glibc’s (x86-64, glibc 2.28 or later, no fused operations)', () => {
  let python = '';
  beforeAll(async () => {
    python = (await ensureEnvironment('neuron')).python;
  });

  test('exp', () => {
    const x = mixture([anyDouble, between(-750, 715), between(-30, 30), between(-0.1, 0.1), between(-746, -705)]);
    expect(differences(x.map(exp), glibc(python, 'exp', x), (k) => x[k])).toEqual([]);
  });

  test('log', () => {
    const subnormal = () => uniform() * 2.2e-308;
    const x = mixture([() => Math.abs(anyDouble()), subnormal, between(0, 100), between(0.9, 1.1), uniform]);
    expect(differences(x.map(log), glibc(python, 'log', x), (k) => x[k])).toEqual([]);
  });

  test('pow', () => {
    const x = mixture([anyDouble, between(0, 10), between(-100, 0), between(0.99, 1.01), () => uniform() * 1e-309]);
    const whole = () => Math.floor(200 * uniform()) - 100;
    const y = mixture([anyDouble, between(-300, 300), whole, between(-5e4, 5e4), between(-1, 1)]);
    for (const [i, base] of EDGES.entries()) {
      for (const [k, exponent] of EDGES.entries()) {
        x[EDGES.length * i + k] = base;
        y[EDGES.length * i + k] = exponent;
      }
    }
    const pairs = x.map((value, k) => pow(value, y[k] as number));
    expect(differences(pairs, glibc(python, 'pow', x, y), (k) => [x[k], y[k]])).toEqual([]);
  });
});
