/**
 * Folders of the cache that are either whole or not there.
 *
 * A folder is made under a temporary name by the process that holds its lock, gets its completion marker last, and is
 * renamed into place. A folder without a marker is a ruin of an earlier death and is made anew.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, statfs, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskFull } from './failure.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder, cacheSubfolder } from './paths.mjs';

export const MARKER = '.complete.json';

/**
 * @typedef {{ step: string, state: 'start' | 'progress' | 'done' | 'skip', done?: number, total?: number, message?: string }} SetupEvent
 * @typedef {(event: SetupEvent) => void} Report
 * @typedef {{ report?: Report | undefined, signal?: AbortSignal | undefined }} Options
 */

/**
 * Makes a folder of the cache unless it is there whole.
 * @param {object} plan
 * @param {string} plan.step what is being made, for people
 * @param {string} plan.folder the folder to have, inside the cache
 * @param {number} plan.neededMb the room it takes while it is made
 * @param {() => Promise<boolean>} [plan.usable] a check beyond the marker (a link that must still lead somewhere)
 * @param {(folder: string, final: string) => Promise<Record<string, unknown>>} plan.make fills the temporary folder; its result is the marker's text
 * @param {Options} options
 * @returns {Promise<{ folder: string, made: boolean }>}
 */
export async function ensureFolder(plan, { report, signal } = {}) {
  const { step, folder } = plan;
  if (await isWhole(plan)) {
    report?.({ step, state: 'skip' });
    return { folder, made: false };
  }
  return await withLock(
    lockName(folder),
    async () => {
      if (await isWhole(plan)) {
        report?.({ step, state: 'skip' });
        return { folder, made: false };
      }
      report?.({ step, state: 'start' });
      await make(plan);
      report?.({ step, state: 'done' });
      return { folder, made: true };
    },
    {
      signal,
      onWait: (holder) =>
        report?.({
          step,
          state: 'progress',
          message: `waiting: process ${holder.pid} on ${holder.host} has been at it since ${holder.since}`,
        }),
    },
  );
}

/** @param {string} folder */
function lockName(folder) {
  return folder.slice(cacheFolder().length + 1).replaceAll(/[\\/]/g, '--');
}

/** @param {{ folder: string, usable?: () => Promise<boolean> }} plan */
async function isWhole({ folder, usable }) {
  const marker = join(folder, MARKER);
  if (!existsSync(marker)) return false;
  if (usable !== undefined && !(await usable())) return false;
  const now = new Date();
  await utimes(marker, now, now).catch(() => {}); // last use, for `cache`; a read-only cache still serves
  return true;
}

/**
 * @param {Parameters<typeof ensureFolder>[0]} plan
 */
async function make({ folder, neededMb, make: fill }) {
  await requireRoom(neededMb);
  const building = await cacheSubfolder('building');
  const prefix = `${lockName(folder)}.`;
  for (const name of await readdir(building)) {
    if (name.startsWith(prefix)) await rm(join(building, name), { recursive: true, force: true });
  }
  const temporary = join(building, `${prefix}${process.pid}`);
  await mkdir(temporary, { recursive: true });
  try {
    const marker = await fill(temporary, folder);
    await writeFile(join(temporary, MARKER), `${JSON.stringify(marker, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(temporary, folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOSPC') throw diskFull(folder);
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @param {number} neededMb */
async function requireRoom(neededMb) {
  const folder = await cacheSubfolder();
  const { bavail, bsize } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb < neededMb) throw diskFull(folder, { neededMb, freeMb });
}

/**
 * The text of a folder's completion marker.
 * @param {string} folder
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readMarker(folder) {
  return JSON.parse(await readFile(join(folder, MARKER), 'utf8'));
}
