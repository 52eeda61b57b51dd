/** One core for all contestants, so that none has help from another's. */
import { spawnSync } from 'node:child_process';

/**
 * Binds this process, and those that it starts from now on, to the last core that it may use.
 * @returns the core, or null where `taskset` is not to be had
 */
export function pinToOneCore(): number | null {
  const { pid } = process;
  const may = spawnSync('taskset', ['--cpu-list', '--pid', String(pid)], { encoding: 'utf8' });
  const core = /(\d+)\s*$/.exec(may.stdout ?? '')?.[1];
  if (core === undefined) return null;
  const { status } = spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', core, String(pid)]);
  return status === 0 ? Number(core) : null;
}
