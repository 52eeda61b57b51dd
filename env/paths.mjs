/** Where things are: the package (from this file's own address) and the cache (from the user's settings). */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diskFull, SetupFailure } from './failure.mjs';

/** The root of the package, where package.json, python/ and schemas/ stand. */
export function packageFolder() {
  return dirname(dirname(fileURLToPath(import.meta.url)));
}

/** Whether this is a checkout with sources, and not a package installed under somebody's node_modules. */
export function inCheckout() {
  return existsSync(join(packageFolder(), 'src', 'index.ts')) || existsSync(join(packageFolder(), 'src', 'errors.ts'));
}

/** The one folder for everything set-up makes: `$TWINCELL_CACHE`, else the user's cache folder. */
export function cacheFolder() {
  const env = process.env;
  if (env.TWINCELL_CACHE) return resolve(env.TWINCELL_CACHE);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'twincell');
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'twincell');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'twincell');
}

/**
 * Settings that let Node keep what it made of our modules (types stripped, code compiled), so that the next process starts
 * sooner. Node checks what it kept against the modules, and goes on without where it cannot write. None before there is a
 * cache: Node would make the folders above too, and hangs where the system refuses that with ENOENT (/proc).
 * @returns {{ NODE_COMPILE_CACHE?: string }}
 */
export function codeCache() {
  const own = process.env.NODE_COMPILE_CACHE;
  if (own !== undefined) return { NODE_COMPILE_CACHE: own };
  return existsSync(cacheFolder()) ? { NODE_COMPILE_CACHE: join(cacheFolder(), 'code') } : {};
}

/**
 * A folder inside the cache, made if it is missing.
 * @param {...string} parts
 */
export async function cacheSubfolder(...parts) {
  const folder = join(cacheFolder(), ...parts);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw unusable(folder, /** @type {NodeJS.ErrnoException} */ (cause));
  }
  return folder;
}

/** @param {string} folder @param {NodeJS.ErrnoException} cause */
function unusable(folder, cause) {
  if (cause.code === 'ENOSPC') return diskFull(folder);
  const named = process.env.TWINCELL_CACHE ? 'TWINCELL_CACHE' : 'XDG_CACHE_HOME';
  return new SetupFailure({
    what: `The cache folder ${cacheFolder()} cannot be used.`,
    found: `making ${folder} failed: ${cause.code ?? cause.message}`,
    required: 'a folder that can be written to',
    mend: [`name another one: export ${named}=/some/folder`, `or give yourself the right to write ${cacheFolder()}`],
    cause,
  });
}

/** The platform as cached things name it: `linux-x64`. */
export function platformName() {
  return `${process.platform}-${process.arch}`;
}

/**
 * The environment for child processes: every tool's own cache and temporary files go into ours.
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(extra = {}) {
  const cache = cacheFolder();
  const { PYTHONHOME: _home, PYTHONPATH: _path, VIRTUAL_ENV: _venv, ...inherited } = process.env;
  return {
    ...inherited,
    npm_config_cache: join(cache, 'npm'),
    npm_config_update_notifier: 'false',
    // without a network npm would be silent for more than a minute, and pip for a quarter of one
    npm_config_fetch_retry_mintimeout: process.env.npm_config_fetch_retry_mintimeout ?? '1000',
    PIP_RETRIES: process.env.PIP_RETRIES ?? '2',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    NODE_DISABLE_COMPILE_CACHE: '1', // npm keeps one among the temporary files
    PIP_CACHE_DIR: join(cache, 'pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_CACHE_DIR: process.env.UV_CACHE_DIR || join(cache, 'uv'),
    UV_PYTHON_DOWNLOADS: 'never',
    PYTHONDONTWRITEBYTECODE: '1',
    ...extra,
  };
}
