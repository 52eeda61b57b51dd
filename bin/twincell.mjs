#!/usr/bin/env node
/**
 * The `twincell` command: plain JavaScript that any Node from 20 on can start.
 *
 * Under Node 24 or later it runs the program in this process; under an older one it fetches Node 24 into the cache and
 * runs the program as its child. In a checkout the program is `src/cli/main.ts`, in an installed package its compiled
 * form; the condition `twincell-source` must be set before Node starts, so a checkout always takes a child.
 */
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { runUnder, twincellMain } from '../env/child.mjs';
import { SetupFailure } from '../env/failure.mjs';
import { nodeIsCurrent } from '../env/node.mjs';
import { codeCache } from '../env/paths.mjs';
import { prepare } from '../env/prepare.mjs';
import { terminalReport } from '../env/progress.mjs';

async function main() {
  const { conditions, main } = twincellMain();
  const ready = conditions.every((condition) => process.execArgv.includes(condition));
  if (nodeIsCurrent() && ready) {
    // for this process and its workers
    const { NODE_COMPILE_CACHE: kept } = Object.assign(process.env, codeCache());
    if (kept !== undefined) module.enableCompileCache(kept);
    // as an import it is not the main module and waits to be called
    const program = await import(pathToFileURL(main).href);
    await program.main(process.argv.slice(2));
    return;
  }
  const { node } = await prepare('node', { report: terminalReport() });
  process.exitCode = await runUnder(node, ['twincell', ...process.argv.slice(2)]);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  process.stderr.write(`${error.text}\n`);
  process.exitCode = error.exitCode;
}
