/**
 * Mechanisms in the solver against NEURON, every variable at every step: the cell's twelve, ours, NEURON's own, the corpus in
 * `mod/`, and files of published packages that between them use most constructs.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureArchive, ensureModelFiles } from '../../env/index.mjs';
import { crosscheckMechanisms, type MechanismVerdict } from '../../src/crosscheck/mechanism/index.ts';
import { BUILTIN_MECHANISMS } from '../../src/nmodl/builtin/index.ts';
import { ENDINGS, PACKAGES } from './packages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CORPUS = join(ROOT, 'test', 'conformance', 'mod');

/** Checks files in one go, and answers for each by its name. */
function verdictsOf(files: () => Promise<readonly string[]>): (name: string) => MechanismVerdict {
  const verdicts = new Map<string, MechanismVerdict>();
  beforeAll(async () => {
    for (const verdict of await crosscheckMechanisms({ files: await files() })) {
      verdicts.set(basename(verdict.file), verdict);
    }
  });
  return (name) => verdicts.get(name) ?? expect.fail(`${name} was not checked`);
}

/** Agreement, with the reason where there is none; on every machine within the tolerance. */
function expectAgreement(verdict: MechanismVerdict): void {
  expect(`${verdict.status} ${verdict.message}`.trim()).toBe('agrees');
  expect(verdict.maxRelative).toBeLessThanOrEqual(1e-9);
}

describe('the twelve mechanisms of the Hay cell', () => {
  const names = [
    ...['CaDynamics_E2', 'Ca_HVA', 'Ca_LVAst', 'Ih', 'Im', 'K_Pst', 'K_Tst', 'NaTa_t', 'NaTs2_t', 'Nap_Et2', 'SK_E2'],
    'SKv3_1',
  ].map((name) => `${name}.mod`);
  const verdictOf = verdictsOf(async () => (await ensureModelFiles()).mechanisms);
  test.each(names)('%s', (name) => expectAgreement(verdictOf(name)));
});

describe('our own synapses', () => {
  const folder = join(ROOT, 'python', 'mechanisms');
  const names = ['TwincellExcitatory.mod', 'TwincellGaba.mod'];
  const verdictOf = verdictsOf(async () => names.map((name) => join(folder, name)));
  test.each(names)('%s', (name) => expectAgreement(verdictOf(name)));
});

describe('NEURON’s own mechanisms', () => {
  const names = [...BUILTIN_MECHANISMS.keys()];
  const verdictOf = verdictsOf(async () => names);
  test.each(names)('%s', (name) => expectAgreement(verdictOf(name)));
});

/** Files of the corpus that are there to be refused, and by which diagnostic. */
const REFUSED: Readonly<Record<string, string>> = {
  'conductance_hint.mod': 'construct-refused',
  'discrete_block.mod': 'discrete-refused',
  'kinetic_two_blocks.mod': 'kinetic-twice',
};

describe('the corpus', () => {
  const names = readdirSync(CORPUS).filter((name) => name.endsWith('.mod'));
  const verdictOf = verdictsOf(async () => names.map((name) => join(CORPUS, name)));
  test.each(names.filter((name) => !(name in REFUSED)))('%s', (name) => expectAgreement(verdictOf(name)));
  test.each(Object.entries(REFUSED))('%s is refused: %s', (name, code) => {
    expect(verdictOf(name)).toMatchObject({ status: 'refused', refused: { code } });
  });
});

/** Files of others, by package: KINETIC, STEADYSTATE, TABLE, LINEAR, derivimplicit, events, WATCH, POINTER, BEFORE and AFTER. */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  pynn: ['adexp', 'gif', 'izhikevich', 'refrac', 'stdwa_vogels2011', 'tmgsyn'].map(
    (name) => `neuron/nmodl/${name}.mod`,
  ),
  'dbbs-catalogue': ['Km__granule_cell', 'NMDA__granule', 'Nav1_1__0', 'Nav1_6__0', 'cdp5__CAM', 'gap_junction__0'].map(
    (name) => `mods/neuron/${name}.mod`,
  ),
  'hnn-core': ['ca', 'dipole'].map((name) => `hnn_core/mod/${name}.mod`),
};

describe.each(Object.entries(PUBLISHED))('files of %s', (project, names) => {
  const found = PACKAGES.find((one) => one.project === project);
  const verdictOf = verdictsOf(async () => {
    if (found === undefined) throw new Error(`${project} is not in packages.ts`);
    const folder = await ensureArchive(found, ENDINGS);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names.map((name) => join(folder, files.find((file) => file.endsWith(name)) ?? name));
  });
  test.each(names)('%s', (name) => expectAgreement(verdictOf(basename(name))));
});
