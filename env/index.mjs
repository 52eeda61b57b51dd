/**
 * How a machine is made ready: one face for the command line, the engines and the tests.
 *
 * Nothing here has a dependency, so that it runs before anything is installed, under any Node from 20 on. Everything is
 * made on first use inside one cache folder, whole or not at all, by one process at a time. Failures are SetupFailure:
 * what failed, what was found and required, what mends it, where to read more.
 */
export { ensureArchive } from './archive.mjs';
export { list, prune } from './cache.mjs';
export { requireCompiler } from './compiler.mjs';
export { ensureCoreNeuron } from './coreneuron.mjs';
export { ensureEnvironment, locateEnvironment } from './environment.mjs';
export { SetupFailure } from './failure.mjs';
export { includesOf } from './includes.mjs';
export { inspect } from './inspect.mjs';
export { withLock } from './lock.mjs';
export { ensureMechanismSet } from './mechanism-set.mjs';
export { ensureMechanisms } from './mechanisms.mjs';
export { ensureModelFiles, modelFilesAreReady } from './models.mjs';
export { ensureNode, nodeIsCurrent } from './node.mjs';
export { ensurePackages, packagesAreCurrent } from './packages.mjs';
export { cacheFolder, inCheckout, packageFolder } from './paths.mjs';
export { prepare } from './prepare.mjs';
export { terminalReport } from './progress.mjs';

/**
 * @typedef {import('./build.mjs').SetupEvent} SetupEvent
 * @typedef {import('./build.mjs').Report} Report
 * @typedef {import('./build.mjs').Options} SetupOptions
 * @typedef {import('./environment.mjs').Environment} Environment
 * @typedef {import('./environment.mjs').EnvironmentName} EnvironmentName
 * @typedef {import('./mechanism-set.mjs').MechanismSet} MechanismSet
 * @typedef {import('./mechanism-set.mjs').SetSource} SetSource
 * @typedef {import('./models.mjs').ModelFiles} ModelFiles
 * @typedef {import('./inspect.mjs').Check} Check
 * @typedef {import('./cache.mjs').Entry} CacheEntry
 * @typedef {import('./prepare.mjs').Purpose} Purpose
 */
