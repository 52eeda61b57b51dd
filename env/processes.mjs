/** Running other programs: their output collected, their lines reported, stopped when asked. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} Outcome
 * @property {number} status the exit code; 127 when the program could not be started
 * @property {string} stdout
 * @property {string} output both streams, in the order they came
 */

/**
 * Runs a program to its end. It never throws for a failing program; the status tells.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal | undefined, onLine?: (line: string) => void }} [options]
 * @returns {Promise<Outcome>}
 */
export function execute(file, args, options = {}) {
  return new Promise((done) => {
    let stdout = '';
    let output = '';
    let partial = '';
    const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill('SIGTERM');
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener('abort', stop, { once: true });
    /** @param {string} text */
    const take = (text) => {
      output += text;
      partial += text;
      const lines = partial.split(/\r?\n|\r/);
      partial = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') options.onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      options.signal?.removeEventListener('abort', stop);
      done({ status: 127, stdout, output: `${output}${error.message}\n` });
    });
    child.on('close', (code) => {
      options.signal?.removeEventListener('abort', stop);
      done({ status: code ?? 1, stdout, output });
    });
  });
}

/**
 * The absolute path of a program on PATH, or undefined.
 * @param {string} name
 * @param {string} [path]
 */
export function which(name, path = process.env.PATH ?? '') {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    for (const ending of endings) {
      const file = join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // not there, or not ours to run
      }
    }
  }
  return undefined;
}
