/** One process at a time works on an output folder: two would write over each other's files. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { withLock } from '../../env/index.mjs';
import { UsageError } from '../errors.ts';
import { sha256 } from '../experiment/index.ts';
import { setupError } from '../model/setup-error.ts';

/**
 * Does some work on a folder while no other process of this machine does. The claim stands in the cache, so that it leaves
 * nothing in the folder; that of a process that died is void.
 * @throws UsageError where another process is at it
 */
export async function claimFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const name = `out--${sha256(await canonical(folder)).slice(0, 24)}`;
  let mine = false;
  const claimed = () => {
    mine = true;
    return work();
  };
  try {
    return await withLock(name, claimed, {
      onWait({ pid, since }) {
        throw new UsageError(`process ${pid} has been working on ${folder} since ${since}`, {
          remedy: 'Wait for it, or choose another folder with --out.',
        });
      },
    });
  } catch (error) {
    throw mine ? error : setupError(error);
  }
}

/** The one path of a folder, whatever links lead to it, also before it is made. */
async function canonical(folder: string): Promise<string> {
  const full = resolve(folder);
  const real = await realpath(full).catch(() => null);
  return real ?? join(await canonical(dirname(full)), basename(full));
}
