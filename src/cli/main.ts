/** The `twincell` command: one file per subcommand, put together here. */
import { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { addCache } from './cache.ts';
import { addCrosscheck } from './crosscheck.ts';
import { addDataset } from './dataset.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addEvaluate } from './evaluate.ts';
import { addExec } from './exec.ts';
import { addInit } from './init.ts';
import { addMods } from './mods.ts';
import { addNmodl } from './nmodl.ts';
import { createOutput } from './output.ts';
import { addPage } from './page.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addSetup } from './setup.ts';
import { addSimulate } from './simulate.ts';
import { addTrain } from './train.ts';

/** The whole command line, for the entry point and for tests of its help. */
export function createProgram(): Command {
  const program = new Command('twincell')
    .description('What does this neuron compute, and can a network stand in for it?')
    .version(VERSION)
    .showHelpAfterError('(--help shows what there is)')
    .enablePositionalOptions()
    .exitOverride();
  const commands = [
    addDoctor,
    addSetup,
    addInit,
    addCache,
    addDemo,
    addRun,
    addSimulate,
    addCrosscheck,
    addTrain,
    addEvaluate,
    addReport,
    addPage,
    addDataset,
    addNmodl,
    addMods,
    addExec,
  ];
  for (const add of commands) add(program);
  return program;
}

/** Parses the arguments and runs the command; wrong use ends with exit code 2. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    // commander has told people; a program gets its object.
    if (error.exitCode !== 0 && args.includes('--json')) {
      const wrong = new UsageError(error.message.replace(/^error: /, ''), { cause: error });
      createOutput(args[0] ?? '', true).result({ error: { tag: wrong.tag, ...wrong.toJSON() } });
    }
  }
}

// A reader that has gone (`| head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

if (import.meta.main) await main(process.argv.slice(2));
