/**
 * Running a command under another Node, as its child: Node 20 cannot replace itself.
 *
 * The wrapper stays and is as good as not there: a terminal's Ctrl-C reaches the whole process group, so it ignores
 * SIGINT; it forwards SIGTERM and SIGHUP, which reach only it; it ends with the child's code. It holds a pipe that the
 * child watches (`leash.mjs`), so that the child stops when the wrapper dies in whatever way.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SetupFailure } from './failure.mjs';
import { codeCache, inCheckout, packageFolder } from './paths.mjs';

const LEASH = pathToFileURL(fileURLToPath(new URL('leash.mjs', import.meta.url))).href;
const FORWARDED = /** @type {const} */ (['SIGTERM', 'SIGHUP']);

/**
 * Node's own arguments and the file for `twincell`: sources in a checkout, compiled code in an installed package.
 * @returns {{ conditions: string[], main: string }}
 */
export function twincellMain() {
  return inCheckout()
    ? { conditions: ['--conditions=twincell-source'], main: join(packageFolder(), 'src', 'cli', 'main.ts') }
    : { conditions: [], main: join(packageFolder(), 'dist', 'cli', 'main.js') };
}

/**
 * Runs a command with the given Node first on PATH, to its end. `twincell` and `node` as its first word mean ours.
 * @param {string} node
 * @param {readonly string[]} command
 * @returns {Promise<number>} the exit code, 128 + n for a child that died of signal n
 */
export function runUnder(node, command) {
  const { file, args, leashed } = resolveCommand(node, command);
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    ...codeCache(),
    ...(leashed ? { TWINCELL_LEASH: '3' } : {}),
  };
  return new Promise((done, fail) => {
    const child = spawn(file, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const forward = FORWARDED.map((signal) => {
      const handler = () => child.kill(signal);
      process.on(signal, handler);
      return { signal, handler };
    });
    const restore = () => {
      process.off('SIGINT', ignore);
      for (const { signal, handler } of forward) process.off(signal, handler);
    };
    child.stdio[3]?.on('error', ignore);
    child.on('error', (cause) => {
      restore();
      fail(
        new SetupFailure({
          what: `The command ${command.join(' ')} could not be started.`,
          found: cause.message,
          cause,
        }),
      );
    });
    child.on('exit', (code, signal) => {
      restore();
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * @param {string} node
 * @param {readonly string[]} command
 */
function resolveCommand(node, [program = '', ...args]) {
  const { conditions, main } = twincellMain();
  const leash = ['--import', LEASH];
  if (program === 'twincell') return { file: node, args: [...leash, ...conditions, main, ...args], leashed: true };
  if (program === 'node') return { file: node, args: [...leash, ...conditions, ...args], leashed: true };
  return { file: program, args, leashed: false };
}
