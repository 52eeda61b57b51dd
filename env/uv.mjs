/** uv: the user's own where it is on PATH and new enough, else the locked one in a private venv of the cache. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from './build.mjs';
import { explain, throwIfAborted } from './failure.mjs';
import { sha256Of } from './hashes.mjs';
import { cacheFolder, childEnvironment, packageFolder } from './paths.mjs';
import { execute, which } from './processes.mjs';
import { requireVenv } from './python.mjs';

/** The first uv whose `venv --relocatable` and `pip install` do all that is asked here. */
const OLDEST = [0, 5, 0];

/**
 * @param {import('./python.mjs').Python} python
 * @param {import('./build.mjs').Options} [options]
 * @returns {Promise<string>} the path of uv
 */
export async function ensureUv(python, options = {}) {
  const own = await usersUv();
  if (own !== undefined) return own;
  const lock = join(packageFolder(), 'env', 'python', 'uv.lock');
  const hash = sha256Of([await readFile(lock), python.version, python.platform]).slice(0, 12);
  const folder = join(cacheFolder(), 'uv-venv', hash);
  const program = process.platform === 'win32' ? ['Scripts', 'uv.exe'] : ['bin', 'uv'];
  const step = 'uv';
  await ensureFolder(
    {
      step,
      folder,
      neededMb: 150,
      usable: async () => existsSync(join(folder, ...program)),
      make: async (temporary) => {
        requireVenv(python);
        options.report?.({ step, state: 'progress', message: 'installing uv into a private venv' });
        await installUv(python, lock, temporary, options.signal);
        return { uv: (await readFile(lock, 'utf8')).split(' ')[0] };
      },
    },
    options,
  );
  return join(folder, ...program);
}

/** @returns {Promise<string | undefined>} */
async function usersUv() {
  const file = which('uv');
  if (file === undefined) return undefined;
  const { stdout } = await execute(file, ['--version'], { env: childEnvironment() });
  const version = /uv (\d+)\.(\d+)\.(\d+)/.exec(stdout)?.slice(1).map(Number);
  if (version === undefined) return undefined;
  const difference = OLDEST.map((part, index) => (version[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  return difference >= 0 ? file : undefined;
}

/**
 * The venv itself dies when its folder is renamed, but uv is one binary that does not mind.
 * @param {import('./python.mjs').Python} python
 * @param {string} lock
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function installUv(python, lock, folder, signal) {
  const env = childEnvironment();
  const venv = await execute(python.file, ['-m', 'venv', folder], { env, signal });
  throwIfAborted(signal);
  if (venv.status !== 0) {
    throw explain({ what: 'Making a virtual environment failed.', output: venv.output, folder: cacheFolder() });
  }
  const inside = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const args = ['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--only-binary', ':all:', '-r', lock];
  const installed = await execute(inside, args, { env, signal });
  throwIfAborted(signal);
  if (installed.status !== 0) {
    throw explain({ what: 'Installing uv with pip failed.', output: installed.output, folder: cacheFolder() });
  }
}
