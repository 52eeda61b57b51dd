/** Plans that are found against plans that are made. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KernelProgram } from '../../src/kernel/index.ts';
import type { KeptStore } from '../../src/kernel/wasm/kept.ts';
import { type PlanOptions, planCompartment, planKept } from '../../src/kernel/wasm/plan/index.ts';
import { fromText, textOf } from '../../src/kernel/wasm/text.ts';
import { compile } from '../../src/nmodl/index.ts';

const CHANNEL = compile({
  file: 'chan.mod',
  text: `NEURON { SUFFIX chan USEION k READ ek WRITE ik RANGE g, shift GLOBAL q10 }
PARAMETER { g = .001 shift = 0 q10 = 3 celsius }
ASSIGNED { v ek ik mInf mTau }
STATE { m }
BREAKPOINT { SOLVE states METHOD cnexp ik = g*m*(v - ek) }
DERIVATIVE states { rates() m' = (mInf - m)/mTau }
INITIAL { rates() m = mInf }
PROCEDURE rates() { mInf = 1/(1 + exp(-(v + shift)/7)) mTau = (1 + 20/(exp((v + 40)/10) + exp(-v/12)))*q10^((celsius - 6.3)/10) }`,
}).program as KernelProgram;

const IONS = [{ ion: 'k', valence: 1, follows: false }];

function memoryStore(): KeptStore & { found: number } {
  const all = new Map<string, Uint8Array>();
  const store = {
    found: 0,
    find(key: string) {
      const bytes = all.get(key) ?? null;
      if (bytes !== null) store.found++;
      return bytes;
    },
    keep(key: string, bytes: Uint8Array) {
      all.set(key, bytes);
    },
  };
  return store;
}

/** Few of each, so that the same comes up again, and nearly the same. */
const answers = fc.constantFrom(null, 0, -0, 2, 1e-300, Number.NaN, Number.POSITIVE_INFINITY);
const cases = fc.record({
  order: fc.constantFrom(1 as const, 2 as const),
  keep: fc.constantFrom('states' as const, 'all' as const),
  celsius: fc.constantFrom(6.3, 34),
  g: answers,
  shift: answers,
  q10: answers,
  ek: answers,
  observes: fc.boolean(),
});
type Case = typeof cases extends fc.Arbitrary<infer One> ? One : never;

/** Options, and what is asked of them. */
function optionsOf({ order, keep, celsius, g, shift, q10, ek, observes }: Case) {
  const asked = new Set<string>();
  const say = <Answer>(question: readonly unknown[], answer: Answer): Answer => {
    asked.add(JSON.stringify(question));
    return answer;
  };
  const options: PlanOptions = {
    mode: 'exact',
    order,
    keep,
    known: {
      dt: 0.025,
      celsius,
      field: (slot, name, element) => say([slot, name, element], name === 'g' ? g : name === 'shift' ? shift : null),
      global: (slot, name, element) => say(['global', slot, name, element], name === 'q10' ? q10 : null),
      ion: (ion, field) => say([ion, field], field === 'reversal' ? ek : null),
    },
    observed: (slot, field) => say(['observed', slot, field], observes && field === 'mInf'),
  };
  return { options, asked };
}

test('a plan that is found is the one that would be made, and has asked for the same', () => {
  const mechanisms = [{ program: CHANNEL, index: 3 }];
  const store = memoryStore();
  fc.assert(
    fc.property(cases, (one) => {
      const made = optionsOf(one);
      const plan = planCompartment(mechanisms, IONS, made.options);
      for (let turn = 0; turn < 2; turn++) {
        const { options, asked } = optionsOf(one);
        const before = store.found;
        expect(planKept(mechanisms, IONS, options, store)).toStrictEqual(plan);
        expect(asked).toEqual(made.asked);
        if (turn === 1) expect(store.found).toBe(before + 2);
      }
    }),
    { numRuns: 150 },
  );
});

const USUAL = { order: 1, keep: 'states', celsius: 34, g: 1, shift: 1, q10: 1, ek: 1, observes: false } as const;

test('a program that differs in one number is another', () => {
  const store = memoryStore();
  const { options } = optionsOf(USUAL);
  const plans = ['7', '7.000000000000001'].map((width) => {
    const text = `NEURON { SUFFIX c NONSPECIFIC_CURRENT i } ASSIGNED { v i } BREAKPOINT { i = exp(v*${width}) }`;
    const program = compile({ file: 'c.mod', text }).program as KernelProgram;
    return planKept([{ program, index: 0 }], [], options, store);
  });
  expect(plans[0]).not.toEqual(plans[1]);
});

test('bytes that are no plan are not taken for one', () => {
  const mechanisms = [{ program: CHANNEL, index: 0 }];
  const { options } = optionsOf(USUAL);
  const plan = planCompartment(mechanisms, IONS, options);
  for (const text of ['', 'null', '{', '[]', '[[]]', '[["ion"]]', '{"slots":[]}', '7']) {
    const store: KeptStore = { find: () => new TextEncoder().encode(text), keep: () => undefined };
    expect(planKept(mechanisms, IONS, options, store)).toStrictEqual(plan);
  }
});

test('numbers survive as text to the last bit', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (a, b) => {
      expect(fromText(textOf({ a, list: [b] }))).toStrictEqual({ a, list: [b] });
      expect(textOf([a]) === textOf([b])).toBe(Object.is(a, b));
    }),
    {
      examples: [
        [-0, 0],
        [Number.NaN, Number.POSITIVE_INFINITY],
        [Number.NEGATIVE_INFINITY, 5e-324],
      ],
    },
  );
});
