/** The command line of the bench. */
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]

  --model NAME       model card; l5pc-hay with --models, else l5pc-bbp
  --models FOLDER    folder of model files that set-up does not fetch
  --seconds N        length of a trial (0.5)
  --repetitions N    interleaved repetitions (5)
  --peers            set up Arbor (env/python/peers.lock) and compile for CoreNEURON where that is not done yet
  --only A,B         these contestants and NEURON
  --quick            leave out how cost grows
  --page             also write it into docs/performance.md, and docs/data/bench-MODEL.json
  --json             one object (test/bench/result.ts) instead of the table`;

export interface BenchOptions {
  readonly model: string;
  readonly models?: string;
  readonly seconds: number;
  readonly repetitions: number;
  readonly peers: boolean;
  readonly only: readonly string[] | null;
  readonly quick: boolean;
  readonly json: boolean;
  readonly page: boolean;
}

/** @throws TypeError for an option that there is not */
export function benchOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      model: { type: 'string' },
      models: { type: 'string' },
      seconds: { type: 'string', default: '0.5' },
      repetitions: { type: 'string', default: '5' },
      peers: { type: 'boolean', default: false },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
    },
  });
  const { model, models, only, seconds, repetitions, peers, quick, json, page } = values;
  return {
    model: model ?? (models === undefined ? 'l5pc-bbp' : 'l5pc-hay'),
    ...(models === undefined ? {} : { models }),
    seconds: positive('seconds', seconds),
    repetitions: Math.ceil(positive('repetitions', repetitions)),
    only: only === undefined ? null : only.split(','),
    peers,
    quick,
    json,
    page,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new TypeError(`--${name} takes a number above 0, not ${text}`);
  return value;
}
