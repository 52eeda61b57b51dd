/** Channel distributions: TypeScript's values against those the sidecar's Python computes, on random cards. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ensureEnvironment, packageFolder } from '../../env/index.mjs';
import { type Distribution, evaluateDistribution } from '../../src/model/index.ts';
import { hasTunableGlibc } from '../fixtures/passive-l5pc.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const exponential = fc.record(
  {
    kind: fc.constant('exponential' as const),
    scale: number(1e-6, 1),
    offset: number(-2, 2),
    amplitude: number(-4, 4),
    slope: number(-0.003, 0.003),
    cap: number(0, 1000),
    normalised: fc.constant(false),
    origin: fc.constant('soma' as const),
  },
  { requiredKeys: ['kind', 'scale', 'offset', 'amplitude', 'slope', 'normalised', 'origin'] },
);
const normalised = exponential.map((distribution) => ({
  ...distribution,
  slope: distribution.slope * 1000,
  normalised: true,
}));
const window = fc.record({
  kind: fc.constant('window' as const),
  scale: number(0, 1),
  inside: number(0, 2),
  outside: number(0, 2),
  from: number(0, 700),
  to: number(600, 1400),
  origin: fc.constant('apical' as const),
});
const place = fc.tuple(fc.oneof(exponential, normalised, window), number(0, 1500), number(1500, 2000));

const PROGRAM = `
import json, sys
from twincell_sidecar.neuron.distribution import evaluate
print(json.dumps([evaluate(*arguments) for arguments in json.loads(sys.argv[1])]))
`;

async function inPython(places: readonly (readonly [Distribution, number, number])[]): Promise<number[]> {
  const { python } = await ensureEnvironment('neuron');
  const { stdout } = await promisify(execFile)(python, ['-c', PROGRAM, JSON.stringify(places)], {
    env: {
      ...process.env,
      PYTHONPATH: join(packageFolder(), 'python'),
      PYTHONDONTWRITEBYTECODE: '1',
      // As src/libm rounds: without fused operations.
      GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-FMA,-AVX2',
    },
  });
  return JSON.parse(stdout) as number[];
}

test('distributions have the same value in TypeScript and in Python', async () => {
  const places = fc.sample(place, { numRuns: 400, seed: 1 });
  const theirs = await inPython(places);
  expect(theirs).toHaveLength(places.length);
  const ours = places.map((arguments_) => evaluateDistribution(...arguments_));
  // The bracket, at most about 400, may nearly cancel; a few of its last places is what the rounding of exp explains.
  for (const [k, value] of ours.entries()) expect(Math.abs(value - (theirs[k] ?? Number.NaN))).toBeLessThan(1e-12);
  if (hasTunableGlibc()) expect(ours).toEqual(theirs);
  expect(new Set(theirs).size).toBeGreaterThan(200);
});
