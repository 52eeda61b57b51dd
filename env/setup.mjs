#!/usr/bin/env node
/**
 * Makes this machine ready, then runs a command under the Node that twincell needs.
 *
 *     node env/setup.mjs [--for node|simulate|demo|test|develop|bench] [-- command arguments…]
 *
 * It has no dependency and runs under any Node from 20 on, on a bare clone. What is there already is left alone; a
 * second run takes well under two seconds. `twincell` as the command's first word is this package's own program.
 */
import { runUnder } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { PURPOSES, prepare } from './prepare.mjs';
import { terminalReport } from './progress.mjs';

const USAGE = `node env/setup.mjs [--for ${PURPOSES.join('|')}] [-- command arguments…]`;

/**
 * @param {readonly string[]} argv
 * @returns {{ purpose: import('./prepare.mjs').Purpose, command: string[] }}
 */
function parse(argv) {
  const split = argv.indexOf('--');
  const options = split < 0 ? [...argv] : argv.slice(0, split);
  const command = split < 0 ? [] : argv.slice(split + 1);
  let purpose = 'simulate';
  while (options.length > 0) {
    const option = options.shift() ?? '';
    if (option === '--for') purpose = options.shift() ?? '';
    else if (option.startsWith('--for=')) purpose = option.slice('--for='.length);
    else throw new SetupFailure({ code: 'usage', what: `Unknown option ${option}.`, required: USAGE });
  }
  return { purpose: /** @type {import('./prepare.mjs').Purpose} */ (purpose), command };
}

/** @returns {Promise<number>} the exit code */
async function main() {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const { purpose, command } = parse(process.argv.slice(2));
    const { node } = await prepare(purpose, { report: terminalReport(), signal: stop.signal });
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    return command.length === 0 ? 0 : await runUnder(node, command);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    process.stderr.write(`\n${error.text}\n`);
    return error.exitCode;
  }
}

process.exitCode = await main();
