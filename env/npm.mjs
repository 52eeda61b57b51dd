/** The user's own npm, with its registry, proxy and credentials, and our cache folder. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { childEnvironment } from './paths.mjs';
import { execute, which } from './processes.mjs';

/**
 * Runs npm. Its own JavaScript is run with the Node that npm came with, so that no shell is needed.
 * @param {readonly string[]} args
 * @param {{ cwd?: string, signal?: AbortSignal | undefined, onLine?: (line: string) => void }} [options]
 */
export async function npm(args, options = {}) {
  const { node, script } = findNpm();
  return await execute(node, [script, ...args], { ...options, env: childEnvironment() });
}

/** @returns {{ node: string, script: string }} */
function findNpm() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === 'npm-cli.js' && existsSync(running)) {
    return { node: process.env.npm_node_execpath ?? process.execPath, script: running };
  }
  const command = which('npm');
  if (command !== undefined) {
    const beside = join(dirname(command), 'node_modules', 'npm', 'bin', 'npm-cli.js');
    const script = existsSync(beside) ? beside : realpathSync(command);
    return { node: which('node') ?? process.execPath, script };
  }
  throw new SetupFailure({
    what: 'npm was not found.',
    found: 'no program called npm on PATH',
    required: 'npm 10 or later; it comes with Node',
    mend: ['install Node with npm by your system’s own means, or put the folder that holds npm on PATH'],
  });
}
