/** `twincell init`: a first experiment and a conformance test in a user's own project. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { writeWhole } from '../files.ts';
import { VERSION } from '../version.ts';
import { runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';

const EXPERIMENT = 'experiment.mts';
const CONFORMANCE = 'conformance.test.mts';

/** What the two npm scripts run. */
const SCRIPTS = {
  experiment: `twincell run ${EXPERIMENT} --out runs/first`,
  conformance: `twincell exec vitest run ${CONFORMANCE}`,
};

const EXPERIMENT_TEXT = `// A first experiment: what it asks is typed, and the same experiment gives the same bytes.
// Run it: npm run experiment
import { defineExperiment } from 'twincell';

export const experiment = defineExperiment({
  name: 'first',
  seed: 7,
  // l5pc-bbp is fetched on first use. Your own model: a folder with a model.json, given by --models.
  cell: { model: 'l5pc-bbp', condition: 'NMDA' },
  // Length of a trial in s, time step in ms.
  simulation: { trials: 2, seconds: 1, dt: 0.025, order: 1, engine: 'neuron' },
});
`;

const CONFORMANCE_TEXT = `// Does an independent solver agree with NEURON on this cell? Run it: npm run conformance
import { defineExperiment } from 'twincell';
import 'twincell/vitest';
import { expect, test } from 'vitest';

test('the passive cell with its synapses agrees with NEURON', { timeout: 600_000 }, async () => {
  const experiment = defineExperiment({
    seed: 7,
    cell: { model: 'l5pc-bbp', passive: true },
    simulation: { trials: 1, seconds: 0.2 },
  });
  // Every compartment at every time step, in mV.
  await expect(experiment).toAgreeWithNeuron({ toleranceMv: 1e-9 });
});
`;

export function addInit(program: Command): void {
  const command = program
    .command('init')
    .description('write a first experiment, a conformance test and the npm scripts that run them')
    .argument('[folder]', 'the project', '.')
    .option('--force', 'replace files that are there');
  withShared(command, []).action((folder: string, options: SharedOptions & { readonly force?: boolean }) =>
    runAction('init', options.json === true, async ({ output }) => {
      const files = { [EXPERIMENT]: EXPERIMENT_TEXT, [CONFORMANCE]: CONFORMANCE_TEXT };
      const there = Object.keys(files).filter((name) => existsSync(join(folder, name)));
      if (there.length > 0 && options.force !== true) {
        throw new UsageError(`${there.join(' and ')} would be replaced`, {
          remedy: 'Add --force, or choose another folder.',
        });
      }
      const { text, added } = await packageJson(folder);
      for (const [name, content] of Object.entries(files)) await writeWhole(join(folder, name), content);
      await writeWhole(join(folder, 'package.json'), text);
      output.line(`wrote ${Object.keys(files).join(', ')} and the npm scripts ${Object.keys(SCRIPTS).join(', ')}`);
      for (const name of added) output.line(`added ${name} to package.json: run npm install`);
      output.line('next: npm run experiment');
      output.result({ folder: resolve(folder), files: Object.keys(files), scripts: SCRIPTS });
      return 0;
    }),
  );
}

interface PackageJson {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  [key: string]: unknown;
}

/** The project's package.json with our scripts and what they need, and the names of what was added to be installed. */
async function packageJson(folder: string): Promise<{ text: string; added: string[] }> {
  const path = join(folder, 'package.json');
  const before = existsSync(path) ? await readFile(path, 'utf8') : '{ "private": true }';
  let project: PackageJson;
  try {
    project = JSON.parse(before) as PackageJson;
  } catch (cause) {
    throw new UsageError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const added: string[] = [];
  const have = { ...project.dependencies, ...project.devDependencies };
  if (have.twincell === undefined) {
    project.dependencies = { ...project.dependencies, twincell: `^${VERSION}` };
    added.push('twincell');
  }
  if (have.vitest === undefined) {
    project.devDependencies = { ...project.devDependencies, vitest: await vitestVersion() };
    added.push('vitest');
  }
  // A script of the user's own with one of these names is theirs.
  project.scripts = { ...SCRIPTS, ...project.scripts };
  return { text: `${JSON.stringify(project, null, 2)}\n`, added };
}

/** The version of vitest that this package is tested with. */
async function vitestVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const own = JSON.parse(text) as PackageJson;
  const version = own.devDependencies?.vitest;
  return version === undefined ? '*' : `^${version}`;
}
