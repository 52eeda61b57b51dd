/**
 * The accuracy-cost curve: spike shift and voltage error of NEURON's and the solver's settings against NEURON's variable step
 * at a tolerance of 1e-7, on the same cell and input, and what each costs; side by side, one core.
 *
 *     npm run accuracy -- [--model NAME] [--models FOLDER] [--seconds 1] [--page] [--out FOLDER]
 *
 * Prints a table. `--out` takes `data/accuracy-cost.json` and `images/accuracy-cost.svg`; `--page` puts them into docs/, and the
 * table into docs/performance.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../../env/index.mjs';
import {
  equalErrors,
  type Point,
  REFERENCE,
  requestOf,
  SETTINGS,
  type Setting,
  settingName,
} from './accuracy-curve.ts';
import { accuracyFigure } from './accuracy-figure.ts';
import { accuracyText } from './accuracy-table.ts';
import { openContestant } from './contestants.ts';
import type { Lane } from './lane.ts';
import { machine } from './machine.ts';
import { commandOf, writePart } from './page.ts';
import { accuracyPart } from './page-accuracy.ts';
import { pinToOneCore } from './pin.ts';
import { createSubject, type Subject } from './subject.ts';
import { readTrace, type Trace } from './trace.ts';
import { summarise, type TraceError, traceError } from './trace-error.ts';

/** Trials with several output spikes. */
const TRIALS = [0, 3];
/** Runs of a trial that cost is taken of, where one takes less than this (s). */
const REPETITIONS = 2;
const QUICK_SECONDS = 4;

function say(line: string): void {
  process.stderr.write(`accuracy: ${line}\n`);
}

interface Runs {
  readonly trace: Trace;
  /** Seconds of CPU. */
  readonly costs: readonly number[];
}

async function runs(lane: Lane, setting: Setting, trial: number, durationMs: number, folder: string): Promise<Runs> {
  const file = join(folder, 'trace.f64');
  const request = requestOf(setting, trial, durationMs);
  const costs = [(await lane.run({ ...request, trace: file })).cpu];
  while (costs.length < REPETITIONS && (costs[0] as number) < QUICK_SECONDS) costs.push((await lane.run(request)).cpu);
  return { trace: readTrace(file), costs };
}

async function measure(subject: Subject, folder: string): Promise<Point[]> {
  const durationMs = subject.options.seconds * 1000;
  const lanes = new Map<Setting['engine'], Lane>();
  const costs = new Map<Setting, number[][]>();
  const errors = new Map<Setting, TraceError[]>();
  try {
    for (const engine of ['neuron', 'exact', 'fast'] as const) {
      lanes.set(engine, await openContestant(engine, subject, { peers: false }));
    }
    for (const [k, trial] of TRIALS.entries()) {
      let reference: Trace | undefined;
      for (const setting of [REFERENCE, ...SETTINGS]) {
        const lane = lanes.get(setting.engine) as Lane;
        say(`trial ${k + 1} of ${TRIALS.length}: ${settingName(setting)}`);
        // A solver's first steps of a size make its code and tables.
        if (setting.engine !== 'neuron') await lane.run(requestOf(setting, trial, 50));
        const { trace, costs: found } = await runs(lane, setting, trial, durationMs, folder);
        reference ??= trace;
        push(costs, setting, found);
        push(errors, setting, traceError(trace, reference, durationMs));
      }
    }
  } finally {
    await Promise.all([...lanes.values()].map((lane) => lane.close()));
  }
  return [REFERENCE, ...SETTINGS].map((setting) => {
    const simulated = TRIALS.length * subject.options.seconds;
    const cost = (of: (...costs: number[]) => number): number =>
      (costs.get(setting) ?? []).reduce((sum, trial) => sum + of(...trial), 0) / simulated;
    const error = summarise(errors.get(setting) ?? []);
    return { ...setting, cost: cost(Math.min), costMaximum: cost(Math.max), ...error };
  });
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      models: { type: 'string' },
      seconds: { type: 'string', default: '1' },
      page: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const pinnedTo = pinToOneCore();
  const subject = await createSubject({
    model: values.model ?? 'l5pc-bbp',
    ...(values.models === undefined ? {} : { models: values.models }),
    seconds: Number(values.seconds),
    trials: Math.max(...TRIALS) + 1,
  });
  const folder = mkdtempSync(join(tmpdir(), 'twincell-accuracy-'));
  try {
    const [reference, ...points] = await measure(subject, folder);
    const { model, seconds } = subject.options;
    const result = {
      date: new Date().toISOString(),
      machine: machine(pinnedTo),
      cell: model,
      compartments: subject.compartments,
      trials: TRIALS,
      seconds,
      reference,
      points,
      equalError: equalErrors(points),
    };
    const docs = join(packageFolder(), 'docs');
    const out = values.out ?? (values.page ? docs : undefined);
    if (out !== undefined) {
      for (const place of ['data', 'images']) await mkdir(join(out, place), { recursive: true });
      await writeFile(join(out, 'data', 'accuracy-cost.json'), `${JSON.stringify(result, null, 2)}\n`);
      await writeFile(join(out, 'images', 'accuracy-cost.svg'), accuracyFigure(points, result.cell));
    }
    const command = commandOf('accuracy', process.argv.slice(2));
    if (values.page) await writePart('accuracy', accuracyPart(result, command));
    console.log(accuracyText(result));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
