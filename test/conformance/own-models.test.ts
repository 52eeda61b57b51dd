/** Models of a team's own: builders in Python and in hoc, run by the real NEURON. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNeuronEngine } from '../../src/engine/neuron.ts';
import { isTwincellError } from '../../src/errors.ts';
import {
  type CellSnapshot,
  compartmentRows,
  dendriteRows,
  type ModelCard,
  resolveModel,
  synapsesOf,
} from '../../src/model/index.ts';

let models: string;
beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'twincell-models-'));
});
afterAll(() => rm(models, { recursive: true, force: true }));

const PYTHON = `
class Cell:
    def __init__(self, h):
        self.soma = h.Section(name="soma", cell=None)
        self.dend = h.Section(name="dend", cell=None)
        self.dend.connect(self.soma(1))
        self.soma.L, self.soma.diam, self.soma.nseg = 20, 10, 1
        self.dend.L, self.dend.diam, self.dend.nseg = 300, 2, 5
        for section in (self.soma, self.dend):
            section.insert("pas")
            section.g_pas, section.e_pas, section.Ra = 1e-4, -65, 150

def ball_and_stick(h):
    return Cell(h)

def broken(h):
    raise ValueError("no such channel")
`;

const HOC = `
begintemplate BallAndStick
public soma, dend
create soma, dend
proc init() {
  connect dend(0), soma(1)
  soma { L = 20 diam = 10 nseg = 1 insert pas g_pas = 1e-4 e_pas = -65 Ra = 150 }
  dend { L = 300 diam = 2 nseg = 5 insert pas g_pas = 1e-4 e_pas = -65 Ra = 150 }
}
endtemplate BallAndStick
`;

async function describeModel(name: string, kind: 'hoc' | 'python', builder: string): Promise<CellSnapshot> {
  const folder = join(models, name);
  await mkdir(folder, { recursive: true });
  const card: ModelCard = {
    name,
    title: name,
    citation: '',
    licence: '',
    construction: { kind, builder },
    mechanisms: { source: 'folder', files: [] },
    celsius: 34,
    vInit: -65,
    regions: {},
    nexus: null,
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(card));
  await writeFile(join(folder, 'build.py'), PYTHON);
  await writeFile(join(folder, 'cell.hoc'), HOC);
  const resolved = await resolveModel({ model: name, models });
  const engine = createNeuronEngine({ models });
  try {
    return await engine.describe({
      card: resolved.card,
      morphology: resolved.morphology,
      mechanisms: resolved.mechanisms,
      folder: resolved.folder,
      passive: false,
      synapses: synapsesOf('NMDA'),
      skFactor: 1,
    });
  } finally {
    await engine.close();
  }
}

describe.each([
  ['python', 'build.py:ball_and_stick'],
  ['hoc', 'cell.hoc:BallAndStick'],
] as const)('a builder in %s', (kind, builder) => {
  test('makes the cell that its file says', async () => {
    const cell = await describeModel(`stick-${kind}`, kind, builder);
    const rows = Array.from(compartmentRows(cell));
    expect(rows).toHaveLength(6);
    expect(dendriteRows(cell)).toHaveLength(5);
    // Cylinders: area π·d·L; the matrix holds the resistance between centres, 2·Ra·(L/2)/(π·d²/4)/100 MΩ for one half each.
    const dendrite = Array.from(dendriteRows(cell));
    for (const row of dendrite) expect(cell.area[row]).toBeCloseTo(Math.PI * 2 * 60, 9);
    const between = (0.01 * 150 * 60) / (Math.PI * 1 * 1);
    for (const row of dendrite.slice(1)) expect(cell.axialResistance[row]).toBeCloseTo(between, 9);
    expect(cell.parameters.get('pas.g')?.[cell.somaNode]).toBe(1e-4);
    expect(cell.parameters.get('pas.e')?.[cell.somaNode]).toBe(-65);
  });
});

/** The error a model ends with. */
async function failure(name: string, builder: string): Promise<unknown> {
  return describeModel(name, 'python', builder).then(
    () => null,
    (error: unknown) => error,
  );
}

test('a builder that fails says so with its file', async () => {
  const error = await failure('broken', 'build.py:broken');
  expect(isTwincellError(error)).toBe(true);
  expect((error as Error).message).toMatch(/build\.py.*no such channel/s);
});

test('a function that is not there is named', async () => {
  expect(String(await failure('nameless', 'build.py:no_such'))).toMatch(/build\.py.*no_such/s);
});

test('a builder outside the model’s folder does not run', async () => {
  await writeFile(join(models, 'outside.py'), 'raise SystemExit("it ran")\n');
  const error = await failure('escape', '../outside.py:make');
  expect(isTwincellError(error)).toBe(true);
  expect(String(error)).not.toContain('it ran');
  expect(String(error)).toMatch(/inside/);
});
