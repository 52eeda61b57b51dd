/** `twincell crosscheck`: NEURON and the TypeScript solver on the same trials. */
import type { Command } from 'commander';
import { type CrosscheckResult, divergenceText } from '../crosscheck/index.ts';
import { UsageError } from '../errors.ts';
import {
  type ComparedWith,
  type CrosscheckExperimentOptions,
  comparedWith,
  crosscheckPrepared,
  DEFAULT_TOLERANCE_MV,
  toleranceOf,
} from '../launch/crosscheck.ts';
import { type Prepared, prepare } from '../launch/prepare.ts';
import { type Context, runAction } from './context.ts';
import { crosscheckFolder, isFolder } from './crosscheck-folder.ts';
import { crosscheckMods } from './crosscheck-mod.ts';
import { crosscheckMorphologyFiles } from './crosscheck-morphology.ts';
import { experimentOf } from './experiment.ts';
import { positive, type SharedOptions, TRIAL_OPTIONS, withShared } from './options.ts';
import { type Output, readable } from './output.ts';
import { prepareOptions } from './simulate.ts';

interface CrosscheckCommandOptions extends SharedOptions {
  readonly tolerance?: number;
  readonly bitwise?: boolean;
  readonly mod?: readonly string[];
  readonly protocol?: string;
  readonly morphology?: readonly string[];
}

export function addCrosscheck(program: Command): void {
  const command = program
    .command('crosscheck')
    .description('compare NEURON and the TypeScript solver at every time step of every site')
    .argument('[experiment]', 'experiment file (.json, .ts, .mts), or a model folder: its .mod, .asc and .swc files')
    .option(
      '--tolerance <mV>',
      `largest difference that still agrees (default ${DEFAULT_TOLERANCE_MV}; ${toleranceOf('exact')} in mode exact, ${toleranceOf('fast')} from mode exact in mode fast)`,
      positive,
    )
    .option('--mod <files...>', 'cross-check these mechanisms alone (.mod files, or names of NEURON’s own)')
    .option('--protocol <name>', 'what mechanisms are put through: standard, quick, or a JSON file of probes')
    .option('--morphology <files...>', 'cross-check the import of these morphologies alone (.asc, .swc)')
    .option('--bitwise', 'compare to the last bit: both on glibc’s exp, log and pow without fused operations');
  withShared(command, [...TRIAL_OPTIONS, 'libm']);
  command.addHelpText('after', '\nExit code: 0 agrees, 1 differs or inert, 2 refused or wrong use.');
  command.action((file: string | undefined, options: CrosscheckCommandOptions) =>
    runAction('crosscheck', options.json === true, async (context) => {
      const subject = subjectOf(file, options);
      refuseUnused(subject, file, options);
      if (subject === 'mod') return crosscheckMods(options.mod ?? [], options, context);
      if (subject === 'folder') return crosscheckFolder(file ?? '', options, context);
      if (subject === 'morphology') return crosscheckMorphologyFiles(options.morphology ?? [], context);
      const experiment = await experimentOf(file, options, { simulation: { trials: 1, seconds: 1 } });
      const prepared = await prepare(experiment, prepareOptions(options, context));
      const result = await crosscheckWithProgress(prepared, context, {
        ...(options.tolerance === undefined ? {} : { toleranceMv: options.tolerance }),
        ...(options.libm === undefined ? {} : { libm: options.libm }),
        ...(options.bitwise ? { bitwise: true } : {}),
      });
      const judge = comparedWith(options.mode);
      printCrosscheck(result, context.output, judge);
      context.output.result({ ...crosscheckJson(result), comparedWith: judge });
      return exitCodeOf(result);
    }),
  );
}

/** What is cross-checked: mechanisms, morphologies, a folder of both, or the cell of an experiment. */
type Subject = 'mod' | 'morphology' | 'folder' | 'experiment';

function subjectOf(file: string | undefined, { mod, morphology }: CrosscheckCommandOptions): Subject {
  if (mod !== undefined) return 'mod';
  if (file !== undefined && isFolder(file)) return 'folder';
  return morphology === undefined ? 'experiment' : 'morphology';
}

/** The options that mean something for each; mechanisms are always compared at each of their own protocol's steps. */
const USED: Readonly<Record<Exclude<Subject, 'experiment'>, readonly (keyof CrosscheckCommandOptions)[]>> = {
  mod: ['mod', 'protocol', 'libm', 'json'],
  morphology: ['morphology', 'json'],
  folder: ['libm', 'out', 'json'],
};
const UNUSED_BY_EXPERIMENT: readonly (keyof CrosscheckCommandOptions)[] = ['protocol', 'out'];

/** @throws UsageError where an option was given that would change nothing */
function refuseUnused(subject: Subject, file: string | undefined, options: CrosscheckCommandOptions): void {
  const given = (Object.keys(options) as (keyof CrosscheckCommandOptions)[]).filter(
    (name) => options[name] !== undefined,
  );
  // The folder of models may come from the environment.
  const used = (name: keyof CrosscheckCommandOptions): boolean =>
    name === 'models' ||
    (subject === 'experiment' ? !UNUSED_BY_EXPERIMENT.includes(name) : USED[subject].includes(name));
  const stray: string[] = given.filter((name) => !used(name)).map((name) => `--${name}`);
  if (file !== undefined && (subject === 'mod' || subject === 'morphology')) stray.push(file);
  if (stray.length === 0) return;
  const what = {
    mod: 'mechanism files are cross-checked alone',
    morphology: 'morphologies are cross-checked alone',
    folder: 'a folder is cross-checked file by file',
    experiment: 'the cell of an experiment is cross-checked',
  }[subject];
  throw new UsageError(`${what}: ${stray.join(' and ')} would change nothing`, {
    remedy: `Leave ${stray.join(' and ')} out.`,
  });
}

/** Cross-checks with a progress bar. */
async function crosscheckWithProgress(
  prepared: Prepared,
  context: Context,
  options: Pick<CrosscheckExperimentOptions, 'toleranceMv' | 'libm' | 'bitwise' | 'onSoma'> = {},
): Promise<CrosscheckResult> {
  const { trials, seconds } = prepared.experiment.simulation;
  const task = context.progress.task('Cross-checking', trials * seconds * 1000);
  const result = await crosscheckPrepared(prepared, {
    ...options,
    signal: context.signal,
    onProgress: (timeMs, totalMs) => task.update(timeMs, `${(timeMs / 1000).toFixed(2)} of ${totalMs / 1000} s`),
  });
  task.finish();
  return result;
}

export function exitCodeOf({ status }: Pick<CrosscheckResult, 'status'>): 0 | 1 | 2 {
  return status === 'agrees' ? 0 : status === 'refused' ? 2 : 1;
}

/** The keys other programs rely on, and the worst site. */
function crosscheckJson(result: CrosscheckResult): Record<string, unknown> {
  const { bySite, ...rest } = result;
  return { ...rest, worst: worstSite(bySite) };
}

function worstSite(bySite: CrosscheckResult['bySite']) {
  let worst = bySite[0] ?? null;
  for (const site of bySite) if (worst === null || site.maxAbsMv > worst.maxAbsMv) worst = site;
  return worst;
}

function printCrosscheck(result: CrosscheckResult, output: Output, judge: ComparedWith): void {
  if (result.refused !== undefined) {
    output.line(`refused: ${result.refused.construct}`);
    output.line(`  ${result.refused.message}`);
    return;
  }
  const { status, maxAbsDiffMv, rmsDiffMv, sites, samples, events, spikes, voltageRangeMv, first } = result;
  output.line(`${status}: ${sites} sites × ${samples} samples, ${events} events, ${spikes} spikes`);
  output.line(
    `  largest difference ${readable(maxAbsDiffMv)} mV (rms ${readable(rmsDiffMv)}), tolerance ${readable(result.toleranceMv)} mV`,
  );
  output.line(
    `  voltages over a range of ${readable(voltageRangeMv)} mV, spikes ${result.spikeStepsEqual ? 'at identical steps' : 'at different steps'}`,
  );
  if (judge === 'exact') {
    output.line(
      '  compared with the solver’s mode exact, not with NEURON: mode fast interpolates and cross-checks nothing itself',
    );
  }
  if (status === 'inert') output.line('  nothing happened: agreement here says nothing. Give the cell some input.');
  if (status === 'differs' && first !== null) {
    output.line(
      `  first beyond tolerance: trial ${first.trial}, ${first.section}(${readable(first.x)}) at ${readable(first.timeMs)} ms:`,
    );
    const judged = judge === 'neuron' ? (['NEURON', 'solver'] as const) : (['mode exact', 'mode fast'] as const);
    output.line(`    ${judged[0]} ${first.referenceMv} mV, ${judged[1]} ${first.otherMv} mV`);
    const { divergence } = result;
    if (divergence !== null) {
      for (const line of divergenceText(divergence, { reference: 'NEURON', other: 'solver' })) output.line(`  ${line}`);
    }
  }
}
