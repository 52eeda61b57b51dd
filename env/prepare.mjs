/** What each purpose needs, in the order in which it is made. */
import { ensureEnvironment } from './environment.mjs';
import { SetupFailure } from './failure.mjs';
import { ensureModelFiles } from './models.mjs';
import { ensureNode } from './node.mjs';
import { ensurePackages } from './packages.mjs';

/**
 * @typedef {'node' | 'simulate' | 'demo' | 'test' | 'develop' | 'bench'} Purpose
 * @typedef {import('./environment.mjs').EnvironmentName | 'models' | 'newest'} Need
 */

/** @type {Readonly<Record<Purpose, readonly Need[]>>} */
const NEEDS = {
  node: [],
  simulate: ['neuron', 'models'],
  demo: ['neuron', 'torch', 'models'],
  test: ['develop', 'neuron', 'torch', 'efel', 'models', 'newest'],
  develop: ['develop', 'models'],
  bench: ['neuron', 'models', 'peers'],
};

export const PURPOSES = /** @type {readonly Purpose[]} */ (Object.keys(NEEDS));

/**
 * Makes the machine ready for a purpose. In a checkout the Node packages come first; an installed package has its own.
 * @param {Purpose} purpose
 * @param {import('./build.mjs').Options} [options]
 * @returns {Promise<{ node: string, version: string }>} the Node to go on with
 */
export async function prepare(purpose, options = {}) {
  const needs = NEEDS[purpose];
  if (needs === undefined) {
    const what = `There is no purpose called “${purpose}”.`;
    throw new SetupFailure({ code: 'usage', what, found: purpose, required: `one of ${PURPOSES.join(', ')}` });
  }
  const node = await ensureNode('required', options);
  await ensurePackages(options);
  for (const need of needs) {
    if (need === 'models') await ensureModelFiles(options);
    else if (need === 'newest') await ensureNode('newest', options);
    else await ensureEnvironment(need, options);
  }
  return node;
}
