/** First divergence in a probe of mechanisms: NEURON's own hh against kernels of it that are wrong on purpose. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { explainProbe } from '../../src/crosscheck/mechanism/explain.ts';
import { factsOf } from '../../src/crosscheck/mechanism/facts.ts';
import { judge } from '../../src/crosscheck/mechanism/judge.ts';
import { createNeuronProbes, type NeuronProbes, type ProbeRecord } from '../../src/crosscheck/mechanism/neuron-side.ts';
import type { Probe } from '../../src/crosscheck/mechanism/protocol.ts';
import { compileJavaScript, type KernelProgram } from '../../src/kernel/index.ts';
import { BUILTIN_MECHANISMS } from '../../src/nmodl/builtin/index.ts';
import { programNamed, rateChanged, signFlipped } from '../fixtures/wrong-kernel.ts';

const section = { L: 60, diam: 4, nseg: 3, Ra: 100, cm: 1 };
const PROBE: Probe = {
  celsius: 6.3,
  vInit: -65,
  dt: 0.025,
  order: 1,
  steps: 160,
  sections: [
    { ...section, parent: null },
    { ...section, parent: { section: 0, x: 1 } },
  ],
  densities: [
    { mechanism: 'pas', sections: [0, 1], parameters: {} },
    { mechanism: 'hh', sections: [1], parameters: {} },
  ],
  points: [{ mechanism: 'IClamp', section: 0, x: 0.5, parameters: { del: 1, dur: 100, amp: 0.3 } }],
  cells: [],
  connections: [],
  globals: [],
  ions: [],
  pointers: [],
  tables: [],
  randoms: [],
  record: ['pas', 'hh', 'IClamp'],
  timeoutSeconds: 120,
};

let neuron: NeuronProbes;
let record: ProbeRecord;
beforeAll(async () => {
  const { python } = await ensureEnvironment('neuron', {});
  neuron = createNeuronProbes({ python, library: null, drives: null });
  const outcome = await neuron.run(PROBE);
  if (outcome.status !== 'ran') throw new Error(outcome.message);
  record = outcome;
});
afterAll(() => neuron?.close());

function explain(hh: KernelProgram) {
  const kernels = (name: string) => compileJavaScript(name === 'hh' ? hh : programNamed(name));
  return explainProbe({ probe: PROBE, record, neuron, kernels, libm: 'glibc' });
}

describe('hh in a probe', () => {
  test('does not part where it is right', async () => {
    expect(await explain(programNamed('hh'))).toBeNull();
  });

  test('one sign, from 2 ms on', async () => {
    const found = await explain(signFlipped(programNamed('hh'), 'ina', 2.005));
    // From 2 to 2.025 ms; the currents are those of its middle.
    expect(found).toMatchObject({ step: 81, mechanism: 'hh', kind: 'current', cause: { cause: 'mechanism' } });
    expect(found?.variable).toMatch(/^(hh\.)?ina$/);
    expect(found?.site).toMatch(/^section 1, segment/);
    expect(found?.other).toBe(-(found?.reference ?? Number.NaN));
    // Measured in NEURON and the solver, at a finer step and at a finer mesh.
    expect(found?.cause?.smallerStep?.differenceMv).toBeGreaterThan(0.1);
    expect(found?.cause?.finerMesh?.differenceMv).toBeGreaterThan(0.1);
  });

  test('one rate, by one part in a thousand', async () => {
    const found = await explain(rateChanged(programNamed('hh'), 'n', 1.001, 2.005));
    expect(found).toMatchObject({ step: 81, mechanism: 'hh', variable: 'hh.n', kind: 'state' });
  });

  test('one ion order: ek read for ena', async () => {
    const program = programNamed('hh');
    const swapped: KernelProgram = {
      ...program,
      ions: program.ions.map((use) => ({ ...use, reads: otherReads(program, use.ion) })),
    };
    const found = await explain(swapped);
    expect(found).toMatchObject({ step: 0, mechanism: 'hh', kind: 'current' });
  });
});

test('the verdict on a mechanism carries its first divergence, once', async () => {
  const wrong = compileJavaScript(rateChanged(programNamed('hh'), 'n', 1.001, 2.005));
  const verdict = await judge({
    facts: factsOf('hh.mod', BUILTIN_MECHANISMS.get('hh') ?? '', () => null),
    probes: [
      { name: 'first', probe: PROBE },
      { name: 'second', probe: PROBE },
    ],
    neuron,
    kernels: {
      of: (name) => ({ kernel: name === 'hh' ? wrong : compileJavaScript(programNamed(name)), refusal: null }),
    },
    libm: 'glibc',
  });
  expect(verdict).toMatchObject({
    status: 'differs',
    probes: [
      { status: 'differs', divergence: { variable: 'hh.n', step: 81 } },
      { status: 'differs', divergence: null },
    ],
  });
});

/** What the other of the two ions is read into. */
function otherReads({ ions }: KernelProgram, ion: string) {
  const reads = ions.map((use) => use.reads);
  return ions[0]?.ion === ion ? (reads[1] ?? []) : (reads[0] ?? []);
}
