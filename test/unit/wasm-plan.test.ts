/** Plans against the JavaScript kernels, which are equal to NEURON's to the last bit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import type { KernelProgram } from '../../src/kernel/index.ts';
import { compileJavaScript } from '../../src/kernel/index.ts';
import type { PlanOptions } from '../../src/kernel/wasm/plan/index.ts';
import { compile } from '../../src/nmodl/index.ts';
import { ionStyle } from '../../src/solver/ions.ts';
import { type CompartmentKind, createKind, randomFrom } from '../fixtures/compartment-kind.ts';

const FOLDER = join(packageFolder(), 'test', 'conformance', 'mod');
const COMPARTMENTS = 6;

function programOf(name: string): KernelProgram | null {
  const text = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
  return compile({ file: name, text: text(name) }, { include: (file) => ({ file, text: text(file) }) }).program;
}

const programs = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.mod'))
  .map((name): [string, KernelProgram | null] => [name.replace('.mod', ''), programOf(name)])
  .filter((entry): entry is [string, KernelProgram] => {
    const program = entry[1];
    if (program === null || program.kind === 'artificial') return false;
    // Those need what only a user can give.
    return program.pointers.length === 0 && program.functionTables.length === 0;
  });

function kindOf(list: readonly KernelProgram[], plan: PlanOptions, seed: number): CompartmentKind {
  const placements = list.map((program) => ({
    kernel: compileJavaScript(program),
    nodes: new Int32Array(0),
    parameters: new Map(),
    globals: new Map(),
  }));
  const names = new Set(list.flatMap(({ ions }) => ions.map(({ ion }) => ion)));
  const ions = [...names].map((name) => ionStyle(name, placements));
  return createKind({ programs: list, ions, compartments: COMPARTMENTS, plan, random: randomFrom(seed) });
}

interface Deviation {
  readonly what: string;
  readonly planned: number;
  readonly kernel: number;
  readonly steep: boolean;
}

/** A few steps at random potentials: whatever a plan stores, and what the kernels leave in its place. */
function deviations(kind: CompartmentKind, random: () => number): Deviation[] {
  const all: Deviation[] = [];
  const compare = (pass: 'current' | 'state'): void => {
    kind.advance();
    const stores = Array.from({ length: COMPARTMENTS }, (_, k) => kind.planned(pass, k));
    kind.run(pass);
    for (const [k, planned] of stores.entries()) {
      for (const [source, value] of planned) {
        const name = source.kind === 'field' || source.kind === 'ion' ? source.field : source.kind;
        const steep = source.kind === 'd' || (source.kind === 'ion' && source.field === 'slope');
        all.push({ what: `${pass}: ${name}`, planned: value, kernel: kind.held(source, k), steep });
      }
    }
  };
  for (let step = 0; step < 4; step++) {
    compare('current');
    for (let k = 0; k < COMPARTMENTS; k++) {
      kind.rhs[k] = random() - 0.5;
      kind.v[k] = -100 + 150 * random();
    }
    compare('state');
  }
  return all;
}

/** NEURON's slopes are differences over 0.001 mV of rounded numbers. */
function differs({ planned, kernel, steep }: Deviation, tolerance: number): boolean {
  const difference = Math.abs(planned - kernel);
  if (Object.is(planned, kernel) || difference <= (steep ? 1e-12 : tolerance / 1e4)) return false;
  return !(difference <= (steep ? 1e-7 : tolerance) * Math.abs(kernel));
}

describe.each(programs)('%s', (_, program) => {
  test.each([1, 2] as const)('order %i: as written, all that is assigned has the same bits', (order) => {
    const kind = kindOf([program], { mode: 'exact', order, keep: 'all', asWritten: true }, 7);
    const wrong = deviations(kind, randomFrom(8)).filter((one) => {
      // A point process's currents are scaled by 100/area at once here.
      const scaled = program.kind === 'point' && one.what.startsWith('current: ');
      return differs(one, scaled ? 2e-15 : 0);
    });
    expect(wrong).toEqual([]);
  });

  test.each([1, 2] as const)('order %i: rewritten, the same but for rounding', (order) => {
    const kind = kindOf([program], { mode: 'exact', order, keep: 'all' }, 9);
    expect(deviations(kind, randomFrom(10)).filter((one) => differs(one, 1e-12))).toEqual([]);
  });
});

test('what stays JavaScript has solvers, tables, loops, random numbers or memory in its passes', () => {
  const REASONS =
    /step of kind (newton|sparse|linear)$|WHILE loop is not known|uses (sin|cos|fmod) of|has a TABLE$|in GLOBAL |draws random|may fail|spreads along the cable/;
  for (const [name, program] of programs) {
    const { plan } = kindOf([program], { mode: 'exact', order: 1 }, 1);
    if (plan.left.length === 0) continue;
    expect(plan.leftBecause?.join(), name).toMatch(REASONS);
    expect(name).not.toMatch(/^cnexp_(?!rational)|^euler|^net_|^ion_(?!write_reversal)|^units|^precedence|^functions/);
  }
});
