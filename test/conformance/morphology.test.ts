/** Our own import of morphologies against NEURON's: published cells, random ones, oddities, broken files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crosscheckMorphologies, type MorphologyVerdict } from '../../src/crosscheck/morphology/index.ts';
import { modelNamed, noHayMorphology } from '../fixtures/direct-l5pc.ts';
import { ascMorphology, swcMorphology } from '../fixtures/random-morphology.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-morphologies-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('published morphologies have the same sections, points, areas and axial resistances, to the last bit', () => {
  const cells = [
    { model: 'l5pc-bbp', file: 'C060114A7.asc', sections: 325, lack: null },
    { model: 'l5pc-hay', file: 'cell1.asc', sections: 195, lack: noHayMorphology },
  ] as const;
  test.for(cells)('$file', async ({ model, file, sections, lack }, context) => {
    context.skip(lack !== null, lack ?? '');
    const { morphology } = await modelNamed(model);
    expect(basename(morphology ?? '')).toBe(file);
    const [verdict] = await crosscheckMorphologies({ files: [morphology ?? ''] });
    expect(verdict).toMatchObject({ status: 'agrees', message: '', sameStructure: true, bitEqual: true, sections });
  });
});

/** What of a verdict must hold wherever NEURON imports a file. */
function failures(verdicts: readonly MorphologyVerdict[]): MorphologyVerdict[] {
  return verdicts.filter(({ status, sameStructure }) => status !== 'agrees' || sameStructure !== true);
}

test('random morphologies with the oddities of real files are imported as NEURON does', async () => {
  const runs = { numRuns: 25, seed: 20 };
  const texts = [
    ...fc.sample(ascMorphology, runs).map((text, k) => ({ name: `${k}.asc`, text })),
    ...fc.sample(swcMorphology, runs).map((text, k) => ({ name: `${k}.swc`, text })),
  ];
  const files = await Promise.all(texts.map(({ name, text }) => fileOf(name, text)));
  const verdicts = await crosscheckMorphologies({ files });
  expect(failures(verdicts)).toEqual([]);
  expect(verdicts).toHaveLength(50);
  for (const { maxAreaDifference, maxAxialDifference } of verdicts) {
    expect(Math.max(maxAreaDifference ?? 1, maxAxialDifference ?? 1)).toBeLessThanOrEqual(1e-12);
  }
  // So that equality means something: many different trees, somas of one and of several outlines, wires and none.
  expect(new Set(verdicts.map(({ sections }) => sections)).size).toBeGreaterThan(10);
  expect(verdicts.reduce((sum, { compartments = 0 }) => sum + compartments, 0)).toBeGreaterThan(1000);
});

const OUTLINE = '("CellBody" (-5 -5 0 0) (5 -5 0 0) (6 5 0 0) (-5 5 0 0))\n';
const BRANCH = '(0 5 0 2) (0 20 0 1) (3 40 1 0.5)';
const ODDITIES: Readonly<Record<string, string>> = {
  'no-soma.asc': `( (Dendrite) ${BRANCH})`,
  'two-point-outline.asc': `("CellBody" (0 0 0 0) (5 5 0 0))\n( (Axon) ${BRANCH})`,
  'unknown-type.asc': `${OUTLINE}( (Glia) ${BRANCH})\n( (Axon) ${BRANCH})`,
  'properties-within.asc': `${OUTLINE}( (Color RGB (1, 2, 3)) (Dendrite) (Name "x" 3 y) ${BRANCH})`,
  'markers.asc': `(Dot (1 2 3 4))\n${OUTLINE}( (Dendrite) ${BRANCH} (Dot (9 9 9 9)) (Cross (Color Red) (8 8 8 8)) Normal)`,
  'curve.asc': `${OUTLINE}( (Dendrite) (0 5 0 2 S1) (0 20 0 1 (1, 2, 3, 4)) (0, 30, 0, 1))`,
  'flat-points.asc': `${OUTLINE}( (Dendrite) (0 5 0 2) (0 20 0 1))\n((Color Red) (1 2) "text")\n`,
  'set.asc': `(Set "a" )\n${OUTLINE}(SET "b" ${OUTLINE} )\n( (Apical) ${BRANCH})`,
  'stray-words.asc': `${OUTLINE}( (Dendrite) ${BRANCH})\nthe end ( (Axon) ${BRANCH})`,
  'at.asc': `${OUTLINE}( (Dendrite) @ what follows\n ${BRANCH})`,
  'old-lines.asc': `${OUTLINE}( (Dendrite)\r ${BRANCH}\r)\r`,
  'latin1.asc': `; caf\u00e9 \u00b5m\n${OUTLINE}( (Dendrite) ${BRANCH} ) ; \u00fc\n`,
  'empty-branch.asc': `${OUTLINE}( (Dendrite) (0 5 0 2) (0 20 0 1) ( (0 20 0 1) | (0 20 0 1) (5 30 0 1) | (0 20 0 1) (0 20 0 1) ))`,
  'far-tree.asc': `${OUTLINE}( (Dendrite) (100 100 50 2) (100 200 50 1))\n( (Axon) (101 100 50 2) (300 0 0 1))`,
  'nearest-of-two.asc': `${OUTLINE}("Soma" (95 95 0 0) (105 95 0 0) (100 105 0 0))\n( (Axon) (60 60 0 1) (70 80 0 1))`,
  'overlapping-outlines.asc': `${OUTLINE}${OUTLINE.replaceAll(' 0 0)', ' 2 0)')}${OUTLINE.replaceAll(' 0 0)', ' 3 0)')}( (Axon) ${BRANCH})`,
  'other-outlines.asc': `("Nucleus" (0 0 0 0) (1 0 0 0) (1 1 0 0))\n${OUTLINE}( (Axon) ${BRANCH})`,
  'custom-types.swc':
    '1 1 0 0 0 5 -1\n2 5 0 9 0 1 1\n3 5 0 19 0 1 2\n4 7 9 0 0 1 1\n5 7 19 0 0 1 4\n6 0 -9 0 0 1 1\n7 0 -19 0 0 1 6',
  'no-soma.swc': '1 3 0 0 0 1 -1\n2 3 0 9 0 1 1\n3 3 0 19 0 1 2\n4 3 9 9 0 1 1',
  'three-points.swc': '1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 0 9 0 1 1\n5 3 0 19 0 1 4\n6 3 5 19 0 1 4',
  'nearly-three-points.swc': '1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 6 0 5 1\n4 3 0 9 0 1 1\n5 3 0 19 0 1 4',
  'wires.swc':
    '1 1 0 0 0 5 -1\n2 1 0 5 0 4 1\n3 1 0 9 0 3 2\n4 3 9 5 0 1 2\n5 3 19 5 0 1 4\n6 3 9 15 0 1 4\n7 4 0 20 0 1 3',
  'two-trees.swc': '1 1 0 0 0 5 -1\n2 3 0 9 0 1 1\n3 3 0 19 0 1 2\n4 2 50 0 0 1 -1\n5 2 60 0 0 1 4\n6 2 70 9 0 1 5',
  'lone-points.swc': '1 1 0 0 0 5 -1\n2 3 0 9 0 1 1\n3 4 9 0 0 1 1\n4 4 9 0 0 1 3',
  'negative-type.swc': '1 1 0 0 0 5 -1\n2 -1 0 9 0 1 1\n3 -1 0 19 0 1 2\n4 3 9 0 0 1 1\n5 3 19 0 0 1 4',
  'windows.swc': '# x\r\n1 1 0 0 0 5 -1\r\n2 3 0 9 0 1 1\r\n\r\n3 3 0 19 0 1 2\r\n',
  'axon-root.swc': '1 2 0 0 0 1 -1\n2 2 0 9 0 1 1\n3 1 0 19 0 5 2\n4 1 0 25 0 5 3\n5 3 0 35 0 1 4\n6 3 0 45 0 1 5',
};

test('oddities, one by one', async () => {
  const files = await Promise.all(
    Object.entries(ODDITIES).map(async ([name, text]) => {
      const file = join(folder, name);
      await writeFile(file, text, 'latin1');
      return file;
    }),
  );
  const verdicts = await crosscheckMorphologies({ files });
  expect(failures(verdicts)).toEqual([]);
  expect(verdicts.every(({ bitEqual }) => bitEqual === true)).toBe(true);
});

test('what NEURON cannot import, or would import in pieces, is refused with its line', async () => {
  const broken = {
    'annotation.asc': `${OUTLINE}( (Color White)\n (note) )`,
    'unclosed-spine.asc': `${OUTLINE}( (Dendrite) (0 5 0 2) <(1 2 3 4) (0 20 0 1))`,
    'points-after-end.asc': `${OUTLINE}( (Dendrite) ${BRANCH} Incomplete\n (1 2 3 4) )`,
    'truncated.asc': `${OUTLINE}( (Dendrite) ${BRANCH}`,
    'unsorted.swc': '2 3 0 9 0 1 1\n3 3 0 19 0 1 2\n1 1 0 0 0 5 -1',
    'missing-parent.swc': '1 1 0 0 0 5 -1\n2 3 0 9 0 1 9',
    'cycle.swc': '1 1 0 0 0 5 -1\n2 3 0 9 0 1 3\n3 3 0 19 0 1 2',
    'cut-in-two.swc': '1 1 0 0 0 5 -1\n2 3 0 9 0 1 1\n3 3 0 19 0 0 2\n4 3 0 29 0 1 3',
    'word.swc': '1 1 0 0 0 5 -1\n2 3 0 nine 0 1 1',
  };
  const files = await Promise.all(Object.entries(broken).map(([name, text]) => fileOf(name, text)));
  for (const verdict of await crosscheckMorphologies({ files })) {
    expect(verdict).toMatchObject({ status: 'refused', neuron: 'refused', line: expect.any(Number) });
    expect(verdict.message).toContain(`${verdict.file}:${verdict.line}: `);
  }
});
