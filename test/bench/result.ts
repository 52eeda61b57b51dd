/** What `npm run bench -- --json` prints: one object of this shape. */
import { type Static, type TSchema, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Positive = Type.Number({ exclusiveMinimum: 0 });

/** Who can take part, in the order of the table. NEURON always does, and is what others are measured by. */
export const CONTESTANTS = [
  'neuron',
  'coreneuron',
  'arbor',
  'javascript',
  'exact',
  'fast',
  'exactRevectorized',
  'fastRevectorized',
] as const;
export type Contestant = (typeof CONTESTANTS)[number];

/** A value for everyone who took part. */
function perContestant<Value extends TSchema>(value: Value, description: string) {
  return Type.Partial(
    Type.Object({
      neuron: value,
      coreneuron: value,
      arbor: value,
      javascript: value,
      exact: value,
      fast: value,
      exactRevectorized: value,
      fastRevectorized: value,
    }),
    { ...closed, description },
  );
}

const Entry = Type.Object(
  {
    compartments: Type.Integer({ minimum: 1 }),
    nsPerCompartmentStep: Type.Object(
      { minimum: Positive, median: Positive, maximum: Positive },
      { ...closed, description: 'CPU time of a trial over its steps and compartments, of all repetitions (ns)' },
    ),
    secondsPerSimulatedSecond: Type.Number({ description: 'CPU time, the minimum' }),
    wallOverCpu: Type.Number({ description: 'clock time over CPU time, the minimum: 1 where nothing else ran' }),
    spikes: Type.Integer({ minimum: 0, description: 'output spikes in the trial' }),
    startSeconds: Type.Number({ description: 'from the start of the process until the cell was built (clock)' }),
    firstSampleSeconds: Type.Number({
      description: 'from the start of the process until the first step was done (clock)',
    }),
    memoryMb: Type.Object(
      {
        peak: Type.Number({ description: 'largest resident memory of the process (MB)' }),
        trial: Type.Number({ description: 'what the first whole trial added to it (MB)' }),
        furtherTrial: Type.Number({ description: 'what each further trial added (MB)' }),
      },
      closed,
    ),
  },
  closed,
);
export type Entry = Static<typeof Entry>;

/** A cost at one size. */
const Size = Type.Object(
  {
    factor: Type.Number({ minimum: 0 }),
    compartments: Type.Integer({ minimum: 1 }),
    synapses: Type.Integer({ minimum: 0 }),
    nsPerCompartmentStep: perContestant(Positive, 'CPU time, the minimum (ns)'),
  },
  closed,
);
export type Size = Static<typeof Size>;

const Trials = Type.Object(
  {
    trials: Type.Integer({ minimum: 1 }),
    secondsPerTrial: perContestant(Positive, 'CPU time of a trial so far, the mean'),
    residentMb: perContestant(Positive, 'resident memory of the process (MB)'),
  },
  closed,
);
export type Trials = Static<typeof Trials>;

export const BenchResult = Type.Object(
  {
    date: Type.String({ description: 'ISO 8601' }),
    machine: Type.Object(
      {
        cpu: Type.String(),
        cores: Type.Integer({ minimum: 1 }),
        pinnedTo: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'a core; null: not pinned' }),
        platform: Type.String(),
        node: Type.String(),
      },
      closed,
    ),
    cell: Type.String(),
    compartments: Type.Integer({ minimum: 1 }),
    synapses: Type.Integer({ minimum: 0 }),
    dt: Positive,
    seconds: Positive,
    repetitions: Type.Integer({ minimum: 1 }),
    speedupOverNeuron: perContestant(Positive, 'NEURON’s time of a compartment-step over each one’s'),
    nsPerCompartmentStep: perContestant(Positive, 'CPU time, the minimum (ns)'),
    contestants: perContestant(Entry, 'all that was measured'),
    leftOut: perContestant(Type.String(), 'who does not take part, and why'),
    scaling: Type.Union([
      Type.Object({ compartments: Type.Array(Size), synapses: Type.Array(Size), trials: Type.Array(Trials) }, closed),
      Type.Null(),
    ]),
  },
  closed,
);
export type BenchResult = Static<typeof BenchResult>;
