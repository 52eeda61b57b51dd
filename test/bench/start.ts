/**
 * How long it takes from the text of `.mod` files to the first step: a new channel in one compartment, a whole cell all of
 * whose files are new, and the same cell where a process before has kept its plans and tables. Each measurement is a process of its own, so that V8 has compiled nothing before; "again" is the same
 * once more in that process. Times of the main thread's CPU, which other work on the machine hardly changes, and of the clock.
 *
 *     node --conditions=twincell-source test/bench/start.ts [--model NAME] [--models FOLDER] [--repetitions N] [--json]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Measurement, STAGES, type Stage, SUBJECTS, type SubjectName, type Times } from './start-stages.ts';

const MODES = ['reference', 'exact', 'fast'] as const;
type Mode = (typeof MODES)[number];

const CHILD = fileURLToPath(new URL('start-process.ts', import.meta.url));

interface Options {
  /** Where the processes keep what they make of a cell. */
  readonly folder: string;
  readonly model: string;
  readonly models?: string;
}

function measure(subject: SubjectName, mode: Mode, { folder, model, models }: Options): Measurement {
  const args = [
    '--conditions=twincell-source',
    CHILD,
    subject,
    mode,
    folder,
    model,
    ...(models === undefined ? [] : [models]),
  ];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measurement;
}

/** Of several processes, each stage's least: other work only ever adds. */
function least(all: readonly Times[]): Times {
  return Object.fromEntries(
    STAGES.map((stage): [Stage, { cpuMs: number; wallMs: number }] => {
      const of = (unit: 'cpuMs' | 'wallMs'): number => Math.min(...all.map((times) => times[stage][unit]));
      return [stage, { cpuMs: of('cpuMs'), wallMs: of('wallMs') }];
    }),
  ) as Times;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    models: { type: 'string' },
    repetitions: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const { models } = values;
const folder = mkdtempSync(join(tmpdir(), 'twincell-start-'));
const options: Options = {
  folder,
  model: values.model ?? (models === undefined ? 'l5pc-bbp' : 'l5pc-hay'),
  ...(models === undefined ? {} : { models }),
};
const cases = SUBJECTS.flatMap((subject) =>
  MODES.map((mode) => ({ subject, mode, found: [] as Measurement[] })),
).filter(
  // Nothing is made of a cell in mode reference.
  ({ subject, mode }) => subject !== 'kept cell' || mode !== 'reference',
);
for (const { subject, mode } of cases) if (subject === 'kept cell') measure(subject, mode, options);
for (let k = 0; k < Number(values.repetitions); k++) {
  for (const { subject, mode, found } of cases) found.push(measure(subject, mode, options));
}
rmSync(folder, { recursive: true, force: true });
const result = {
  node: process.versions.node,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cell: options.model,
  repetitions: Number(values.repetitions),
  start: Object.fromEntries(
    SUBJECTS.map((subject) => [
      subject,
      Object.fromEntries(
        cases
          .filter((one) => one.subject === subject)
          .map(({ mode, found }) => [
            mode,
            {
              /** Node and the library, before anything of the cell. */
              processMs: Math.min(...found.map((one) => one.processMs)),
              first: least(found.map((one) => one.first)),
              again: least(found.map((one) => one.again)),
            },
          ]),
      ),
    ]),
  ),
};

if (values.json) console.log(JSON.stringify(result));
else {
  const table = new Table({
    head: ['', 'process', ...STAGES, 'again'],
    style: { head: [], border: [] },
  });
  for (const [subject, byMode] of Object.entries(result.start)) {
    for (const [mode, { processMs, first, again }] of Object.entries(byMode)) {
      const ms = (value: number): string => value.toFixed(1);
      table.push([
        `${subject}, ${mode}`,
        ms(processMs),
        ...STAGES.map((stage) => ms(first[stage].cpuMs)),
        ms(again.total.cpuMs),
      ]);
    }
  }
  console.log(`${result.cell}, Node ${result.node}; ms of CPU, least of ${result.repetitions} processes each`);
  console.log(table.toString());
}
