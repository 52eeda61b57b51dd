/** Cells that a card makes, imported without NEURON, against NEURON's description of the same cells: every column. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import type { CellRequest } from '../../src/engine/engine.ts';
import { createNeuronEngine } from '../../src/engine/neuron.ts';
import { ownDescribe } from '../../src/engine/own-cell.ts';
import { type CellSnapshot, type ModelCard, synapsesOf } from '../../src/model/index.ts';
import { MODELS, modelNamed, noHayMorphology, requestFor } from '../fixtures/direct-l5pc.ts';
import { hasTunableGlibc } from '../fixtures/passive-l5pc.ts';
import { ascMorphology, swcMorphology } from '../fixtures/random-morphology.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-cells-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** A soma with a branch of each kind. */
const IONS = [
  '1 1 0 0 0 5 -1',
  '2 3 0 9 0 1 1',
  '3 3 0 119 0 1 2',
  '4 4 9 0 0 1 1',
  '5 4 100 0 0 1 4',
  '6 2 -9 0 0 1 1',
  '7 2 -50 0 0 1 6',
].join('\n');

/** Every column of a snapshot that differs from another's, by name. */
function differingColumns(ours: CellSnapshot, theirs: CellSnapshot): string[] {
  const flat = ({ parameters, position, ...rest }: CellSnapshot): Record<string, unknown> => ({
    ...rest,
    ...Object.fromEntries(parameters),
    ...Object.fromEntries(Object.entries(position).map(([axis, values]) => [`position.${axis}`, values])),
  });
  const [a, b] = [flat(ours), flat(theirs)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !sameValues(a[key], b[key]));
}

function sameValues(a: unknown, b: unknown): boolean {
  const listed = (value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value);
  const [x, y] = [listed(a), listed(b)];
  if (!Array.isArray(x) || !Array.isArray(y)) return Object.is(x, y);
  return x.length === y.length && x.every((value, k) => value === y[k] || Object.is(value, y[k]));
}

describe('a card’s cell is NEURON’s in every column', () => {
  const engine = createNeuronEngine({ models: MODELS, bitwise: hasTunableGlibc() });
  afterAll(() => engine.close());
  const own = ownDescribe();

  const variants = (['l5pc-bbp', 'l5pc-hay'] as const).flatMap((name) => [
    { name, passive: false, skFactor: 0.1 },
    { name, passive: true, skFactor: 1 },
  ]);
  test.for(variants)('$name, passive $passive, skFactor $skFactor', async ({ name, passive, skFactor }, context) => {
    context.skip(name === 'l5pc-hay' && noHayMorphology !== null, noHayMorphology ?? '');
    const request: CellRequest = { ...requestFor(await modelNamed(name)), passive, skFactor };
    const [ours, theirs] = [await own(request), await engine.describe(request)];
    // Where NEURON's exp cannot be had without fused operations, a distribution may differ by its rounding.
    const allowed = hasTunableGlibc() ? [] : ['Ih.gIhbar'];
    expect(differingColumns(ours, theirs).filter((column) => !allowed.includes(column))).toEqual([]);
    expect(ours.nodes).toBeGreaterThan(800);
    expect(ours.parameters.size).toBeGreaterThan(passive ? 1 : 15);
  });

  // Between them: pools, ions that no other mechanism knows, concentrations and reversal potentials that INITIAL sets.
  const ION_FILES = [
    'ion_pool_state',
    'ion_custom',
    'several_currents',
    'ion_negative',
    'cnexp_q10',
    'ion_nernst',
    'ion_nernst_read',
    'ion_read_write_current',
    'ion_ghk',
    'ion_write_reversal',
    'ion_defaults',
    'ion_read_current',
  ];
  test('mechanisms of every use of an ion: their order, reversal potentials, parameters', async () => {
    const region = (names: string[], reversals: Record<string, number>) => ({
      cm: 1,
      Ra: 100,
      reversals,
      mechanisms: { pas: {}, ...Object.fromEntries(names.map((name) => [name, {}])) },
    });
    const ions: ModelCard = {
      ...card({}),
      regions: {
        soma: region(['ion_pool_state', 'several_currents', 'ion_custom'], { ek: -88 }),
        basal: region(['ion_negative', 'cnexp_q10', 'ion_read_write_current'], { eca: 99, ecl: -60 }),
        apical: region(['ion_nernst', 'ion_ghk', 'ion_nernst_read'], { ek: -70, ena: 44 }),
        axon: region(['ion_write_reversal', 'ion_defaults', 'ion_read_current'], { ena: 12 }),
      },
    };
    const morphology = await fileOf('ions.swc', IONS);
    const folderOfFiles = join(packageFolder(), 'test', 'conformance', 'mod');
    const mechanisms = ION_FILES.map((name) => join(folderOfFiles, `${name}.mod`));
    const request: CellRequest = { ...requestOf(ions, morphology), mechanisms };
    const other = createNeuronEngine({ bitwise: hasTunableGlibc() });
    try {
      const [ours, theirs] = [await own(request), await other.describe(request)];
      expect(differingColumns(ours, theirs)).toEqual([]);
      expect(ours.mechanismOrder.filter((name) => name.endsWith('_ion'))).toHaveLength(6);
    } finally {
      await other.close();
    }
  });

  const passiveRegion = (cm: number, Ra: number) => ({
    cm,
    Ra,
    reversals: {},
    mechanisms: { pas: { g: 1e-4, e: -70 } },
  });
  const card = (changes: Partial<Extract<ModelCard['construction'], { kind: 'morphology' }>>): ModelCard => ({
    name: 'random',
    title: '',
    citation: '',
    licence: '',
    construction: {
      kind: 'morphology',
      source: 'folder',
      morphology: { file: 'x' },
      axon: 'keep',
      segmentLength: 40,
      ...changes,
    },
    mechanisms: { source: 'folder', files: [] },
    celsius: 34,
    vInit: -70,
    regions: {
      soma: passiveRegion(1, 100),
      basal: passiveRegion(2, 150),
      apical: {
        ...passiveRegion(1.5, 120),
        reversals: { ek: -80 },
        mechanisms: {
          pas: {
            g: {
              kind: 'window',
              scale: 1e-4,
              inside: 2,
              outside: 0.5,
              from: 30,
              to: 60,
              origin: 'apical',
            },
          },
          hh: { gnabar: 0.05 },
        },
      },
    },
    nexus: null,
  });

  const requestOf = (of: ModelCard, morphology: string): CellRequest => ({
    card: of,
    morphology,
    mechanisms: [],
    folder: null,
    passive: false,
    synapses: synapsesOf('NMDA'),
    skFactor: 1,
  });

  test.each([
    ['the axon kept', {}],
    ['a stub for the axon', { axon: 'stub' }],
    ['another stub', { axon: { diameters: [2, 0.5], at: 1 } }],
    ['short segments', { segmentLength: 7.5 }],
    ['the d-lambda rule', { segmentLength: { dLambda: 0.01, frequency: 150 } }],
  ] as const)('random cells with %s', async (what, changes) => {
    const isCell = (text: string) => /CellBody"|Cell Body"|Soma"|^\d+ 1 /m.test(text);
    const texts = fc.sample(fc.oneof(ascMorphology, swcMorphology).filter(isCell), { numRuns: 5, seed: what.length });
    for (const [k, text] of texts.entries()) {
      const file = await fileOf(`${what}-${k}.${text.startsWith('# made') ? 'swc' : 'asc'}`, text);
      const request = requestOf(card(changes as never), file);
      const [ours, theirs] = [await own(request), await engine.describe(request)];
      expect(differingColumns(ours, theirs), await readFile(file, 'utf8')).toEqual([]);
    }
  });
});
