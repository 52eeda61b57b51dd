/** What the cache holds, what of it this version uses, and getting rid of the rest. */
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MARKER } from './build.mjs';
import { ENVIRONMENTS, locateEnvironment } from './environment.mjs';
import { processExists } from './lock.mjs';
import { cacheFolder, packageFolder } from './paths.mjs';
import { execute } from './processes.mjs';

/**
 * @typedef {'environment' | 'mechanisms' | 'models' | 'node' | 'uv' | 'downloads' | 'code' | 'solver' | 'unfinished'} Kind
 * @typedef {object} Entry
 * @property {Kind} kind
 * @property {string} name
 * @property {string} folder
 * @property {number} bytes what it takes on the disk; a file that several entries share counts once, with the first
 * @property {string | null} lastUsed ISO 8601
 * @property {number} ageDays days since its last use
 * @property {boolean} current whether this version of twincell would use it
 * @property {boolean} inUse whether a process uses it now
 */

/** The folders of the cache that hold one entry a subfolder. */
const SHELVES = /** @type {const} */ ({
  environments: 'environment',
  models: 'models',
  node: 'node',
  'uv-venv': 'uv',
  building: 'unfinished',
});
/** @type {Readonly<Record<string, Kind>>} */
const WHOLE = { uv: 'downloads', npm: 'downloads', pip: 'downloads', code: 'code', solver: 'solver' };

/**
 * Everything in the cache, the largest first.
 * @returns {Promise<Entry[]>}
 */
export async function list() {
  const cache = cacheFolder();
  if (!existsSync(cache)) return [];
  const [current, commands] = await Promise.all([currentFolders(), runningCommands()]);
  /** @type {Set<string>} */
  const counted = new Set();
  /** @type {Entry[]} */
  const entries = [];
  for (const { kind, name, folder } of await folders(cache)) {
    const lastUsed = await lastUse(folder);
    entries.push({
      kind,
      name,
      folder,
      bytes: await sizeOf(folder, counted),
      lastUsed: lastUsed === undefined ? null : lastUsed.toISOString(),
      ageDays: lastUsed === undefined ? 0 : Math.max(0, (Date.now() - lastUsed.getTime()) / 86_400_000),
      current:
        kind === 'downloads'
          ? false
          : current.has(folder) || (kind === 'mechanisms' && current.has(environmentOf(folder))),
      inUse: kind === 'unfinished' ? ownerLives(name) : commands.some((command) => command.includes(folder)),
    });
  }
  return entries.sort((a, b) => b.bytes - a.bytes);
}

/**
 * Removes what this version does not use and no process is using: by default what has been unused for two weeks, the
 * ruins of unfinished work, and compiled mechanisms whose environment is gone; with `all`, everything not in use.
 * @param {{ all?: boolean, olderThanDays?: number, dryRun?: boolean }} [options]
 * @returns {Promise<{ removed: Entry[], kept: Entry[], freedBytes: number }>}
 */
export async function prune({ all = false, olderThanDays = 14, dryRun = false } = {}) {
  const entries = await list();
  const removed = entries.filter((entry) => !entry.inUse && (all || isStale(entry, olderThanDays)));
  if (!dryRun) for (const entry of removed) await remove(entry.folder);
  return {
    removed,
    kept: entries.filter((entry) => !removed.includes(entry)),
    freedBytes: removed.reduce((sum, entry) => sum + entry.bytes, 0),
  };
}

/** @param {Entry} entry @param {number} olderThanDays */
function isStale(entry, olderThanDays) {
  if (entry.kind === 'unfinished') return true;
  if (entry.kind === 'mechanisms' && !existsSync(environmentOf(entry.folder))) return true;
  return !entry.current && entry.kind !== 'downloads' && entry.ageDays >= olderThanDays;
}

/** Out of the way at once, so that nobody finds half of it; then gone. @param {string} folder */
async function remove(folder) {
  const building = join(cacheFolder(), 'building');
  await mkdir(building, { recursive: true });
  const doomed = join(building, `removed-${basename(folder)}.${process.pid}`);
  await rename(folder, doomed);
  await rm(doomed, { recursive: true, force: true });
}

/** @param {string} cache @returns {Promise<{ kind: Kind, name: string, folder: string }[]>} */
async function folders(cache) {
  /** @type {{ kind: Kind, name: string, folder: string }[]} */
  const found = [];
  for (const [shelf, kind] of Object.entries(SHELVES)) {
    for (const name of await names(join(cache, shelf))) found.push({ kind, name, folder: join(cache, shelf, name) });
  }
  for (const environment of await names(join(cache, 'mechanisms'))) {
    for (const hash of await names(join(cache, 'mechanisms', environment))) {
      found.push({
        kind: 'mechanisms',
        name: `${environment}/${hash}`,
        folder: join(cache, 'mechanisms', environment, hash),
      });
    }
  }
  for (const [name, kind] of Object.entries(WHOLE)) {
    if (existsSync(join(cache, name))) found.push({ kind, name, folder: join(cache, name) });
  }
  return found;
}

/** @param {string} folder */
async function names(folder) {
  return existsSync(folder) ? await readdir(folder) : [];
}

/** The environment of a folder of compiled mechanisms. @param {string} folder */
function environmentOf(folder) {
  return join(cacheFolder(), 'environments', basename(join(folder, '..')));
}

/** What this version of twincell uses. */
async function currentFolders() {
  const current = new Set();
  for (const name of ENVIRONMENTS) {
    const environment = await locateEnvironment(name).catch(() => undefined);
    if (environment !== undefined) current.add(environment.folder);
  }
  const env = join(packageFolder(), 'env');
  const models = JSON.parse(await readFile(join(env, 'models.lock.json'), 'utf8'));
  for (const [name, { version, sha256 }] of Object.entries(models)) {
    current.add(join(cacheFolder(), 'models', `${name}-${version}-${sha256.slice(0, 12)}`));
  }
  // what src/model/modeldb.ts fetched, whose server may be gone when it is wanted again
  current.add(join(cacheFolder(), 'models', 'modeldb-139653'));
  // where the oldest make room for new ones
  current.add(join(cacheFolder(), 'solver'));
  const nodes = JSON.parse(await readFile(join(env, 'node.lock.json'), 'utf8'));
  const platform = `${process.platform}-${process.arch}`;
  for (const which of ['required', 'newest']) {
    const version = nodes[which][platform]?.version;
    if (version !== undefined) current.add(join(cacheFolder(), 'node', `${version}-${platform}`));
  }
  for (const name of await names(join(cacheFolder(), 'uv-venv'))) current.add(join(cacheFolder(), 'uv-venv', name));
  return current;
}

/** The command lines of all processes, where the system shows them. @returns {Promise<string[]>} */
async function runningCommands() {
  if (process.platform === 'win32') return [];
  if (!existsSync('/proc/self/cmdline')) return (await execute('ps', ['-axww', '-o', 'args='])).stdout.split('\n');
  const commands = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
    commands.push(`${program} ${line.replaceAll('\0', ' ')}`);
  }
  return commands;
}

/** `name.PID`, as `build.mjs` names what it is making. @param {string} name */
function ownerLives(name) {
  const pid = Number(name.slice(name.lastIndexOf('.') + 1));
  return Number.isInteger(pid) && pid !== process.pid && processExists(pid);
}

/** @param {string} folder */
async function lastUse(folder) {
  const marker = await stat(join(folder, MARKER)).catch(() => undefined);
  return (marker ?? (await stat(folder).catch(() => undefined)))?.mtime;
}

/**
 * @param {string} folder
 * @param {Set<string>} counted files with several names, by device and number
 * @returns {Promise<number>}
 */
async function sizeOf(folder, counted) {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      bytes += await sizeOf(path, counted);
      continue;
    }
    const info = await lstat(path).catch(() => undefined);
    if (info === undefined) continue;
    if (info.nlink > 1) {
      const key = `${info.dev}:${info.ino}`;
      if (counted.has(key)) continue;
      counted.add(key);
    }
    bytes += info.size;
  }
  return bytes;
}
