/**
 * A lock in the cache that says who holds it and survives its owner's death.
 *
 * The lock is a numbered series of files, `name.1`, `name.2`, …; the highest number is the lock's state. Taking it means
 * creating the next number, which the file system lets exactly one process do. The highest file is never removed, only
 * superseded, so a process that looked long ago cannot take a lock by mistake: a lower number than the highest is void.
 */

import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { throwIfAborted } from './failure.mjs';
import { cacheSubfolder } from './paths.mjs';

/**
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} host
 * @property {string} since when it was taken, ISO 8601
 * @property {string} [started] when the process itself started, where the system tells
 * @property {boolean} [released]
 */

const POLL_MS = 150;
const HEARTBEAT_MS = 5_000;
/** How long a holder on another machine may be silent, and how long a file may be empty, before it counts as dead. */
const SILENT_MS = 60_000;
const EMPTY_MS = 10_000;

/**
 * Runs `work` while holding the lock called `name`, and waits for it while another live process holds it.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{ signal?: AbortSignal | undefined, onWait?: (holder: Holder) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(name, work, options = {}) {
  const folder = join(await cacheSubfolder('locks'), name);
  await mkdir(folder, { recursive: true });
  const file = await acquire(folder, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await release(file);
  }
}

/**
 * @param {string} folder
 * @param {{ signal?: AbortSignal | undefined, onWait?: (holder: Holder) => void }} options
 */
async function acquire(folder, { signal, onWait }) {
  let told = false;
  for (;;) {
    throwIfAborted(signal);
    const top = await highest(folder);
    const holder = top === 0 ? undefined : await readHolder(join(folder, String(top)));
    if (holder === undefined || holder.released === true) {
      if (await create(folder, top + 1)) return join(folder, String(top + 1));
      continue;
    }
    // number 0 stands for a file that was just replaced, or is just being written
    if (!told && holder.pid !== 0) {
      told = true;
      onWait?.(holder);
    }
    await new Promise((next) => setTimeout(next, POLL_MS));
  }
}

/** @param {string} folder */
async function numbers(folder) {
  return (await readdir(folder)).map(Number).filter((value) => Number.isInteger(value) && value > 0);
}

/** @param {string} folder */
async function highest(folder) {
  return Math.max(0, ...(await numbers(folder)));
}

/**
 * Creates the file of one number; false when another process was first.
 * @param {string} folder
 * @param {number} number
 */
async function create(folder, number) {
  const file = join(folder, String(number));
  let handle;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  await handle.writeFile(JSON.stringify(self()));
  await handle.close();
  const all = await numbers(folder);
  if (Math.max(...all) > number) {
    await rm(file, { force: true });
    return false;
  }
  await Promise.all(
    all.filter((other) => other < number).map((other) => rm(join(folder, String(other)), { force: true })),
  );
  return true;
}

/** @param {string} file */
async function release(file) {
  try {
    const temporary = `${file}.${process.pid}.tmp`;
    const handle = await open(temporary, 'w');
    await handle.writeFile(JSON.stringify({ ...self(), released: true }));
    await handle.close();
    await rename(temporary, file);
  } catch {
    // the cache was removed meanwhile, or the disk is full: our death will release it
  }
}

/** @returns {Holder} */
function self() {
  const started = startOf(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    ...(started === undefined ? {} : { started }),
  };
}

/**
 * Who holds the lock; undefined when its owner is dead.
 * @param {string} file
 * @returns {Promise<Holder | undefined>}
 */
async function readHolder(file) {
  let text;
  let silence;
  try {
    text = await readFile(file, 'utf8');
    silence = Date.now() - (await stat(file)).mtimeMs;
  } catch {
    // superseded and removed since we looked: look again
    return { pid: 0, host: '', since: '' };
  }
  const holder = parseHolder(text);
  if (holder === undefined) return silence > EMPTY_MS ? undefined : { pid: 0, host: '', since: '' };
  if (holder.released === true) return holder;
  return isAlive(holder, silence) ? holder : undefined;
}

/** @param {string} text @returns {Holder | undefined} */
function parseHolder(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.pid === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that wrote this still runs. On this machine the system knows; elsewhere its heartbeat tells.
 * @param {Holder} holder
 * @param {number} silenceMs
 */
function isAlive(holder, silenceMs) {
  if (holder.host !== hostname()) return silenceMs < SILENT_MS;
  if (!processExists(holder.pid)) return false;
  return holder.started === undefined || startOf(holder.pid) === holder.started;
}

/** @param {number} pid */
export function processExists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * When a process started, in the kernel's own ticks: tells a process from a later one with the same number.
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
