/**
 * `npm run bench`: NEURON, its peers and the solver's modes, side by side on one core. See `options.ts` for what it takes,
 * `result.ts` for what it gives.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../env/index.mjs';
import { machine } from './machine.ts';
import { type BenchOptions, benchOptions, USAGE } from './options.ts';
import { commandOf, writePart } from './page.ts';
import { benchPart } from './page-bench.ts';
import { pinToOneCore } from './pin.ts';
import { type BenchResult, CONTESTANTS, type Contestant, type Entry } from './result.ts';
import { scaling } from './scaling.ts';
import { type SideBySide, sideBySide } from './side-by-side.ts';
import { createSubject, type Subject } from './subject.ts';
import { benchText } from './table.ts';

const DT = 0.025;

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

async function bench(options: BenchOptions): Promise<BenchResult> {
  const { model, models, seconds, repetitions, peers, quick } = options;
  const pinnedTo = pinToOneCore();
  if (pinnedTo === null) say('no taskset here: not pinned to a core');
  const subject = await createSubject({
    model,
    ...(models === undefined ? {} : { models }),
    seconds,
    trials: 1,
    report: ({ step, state, message }) => state !== 'skip' && say(`${step}: ${message ?? state}`),
  });
  const names = CONTESTANTS.filter((name) => name === 'neuron' || (options.only?.includes(name) ?? true));
  const repeat = { trial: 0, durationMs: seconds * 1000, dt: DT, repetitions };
  const measured = await sideBySide(subject, names, repeat, { peers }, say);
  const grown = quick ? null : await scaling(subject, [...measured.entries.keys()], say);
  return resultOf(options, subject, measured, grown, pinnedTo);
}

function resultOf(
  { seconds, repetitions }: BenchOptions,
  subject: Subject,
  { entries, leftOut }: SideBySide,
  grown: BenchResult['scaling'],
  pinnedTo: number | null,
): BenchResult {
  const least = (entry: Entry): number => entry.nsPerCompartmentStep.minimum;
  const neuron = least(entries.get('neuron') as Entry);
  const others = [...entries].filter(([name]) => name !== 'neuron');
  return {
    date: new Date().toISOString(),
    machine: machine(pinnedTo),
    cell: subject.options.model,
    compartments: subject.compartments,
    synapses: 2 * (subject.trials[0]?.events.dendrites ?? 0),
    dt: DT,
    seconds,
    repetitions,
    speedupOverNeuron: byName(others, (entry) => neuron / least(entry)),
    nsPerCompartmentStep: byName([...entries], least),
    contestants: Object.fromEntries(entries),
    leftOut: Object.fromEntries(leftOut),
    scaling: grown,
  };
}

function byName<Value>(
  entries: readonly (readonly [Contestant, Entry])[],
  of: (entry: Entry) => Value,
): Partial<Record<Contestant, Value>> {
  return Object.fromEntries(entries.map(([name, entry]) => [name, of(entry)]));
}

/** In the page of documentation, and as data beside it. */
async function keep(result: BenchResult, argv: readonly string[]): Promise<void> {
  const folder = join(packageFolder(), 'docs', 'data');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `bench-${result.cell}.json`), `${JSON.stringify(result, null, 2)}\n`);
  await writePart(`bench ${result.cell}`, benchPart(result, commandOf('bench', argv)));
}

async function main(argv: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = benchOptions(argv);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return 2;
  }
  const result = await bench(options);
  if (options.page) await keep(result, argv);
  console.log(options.json ? JSON.stringify(result) : benchText(result));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
