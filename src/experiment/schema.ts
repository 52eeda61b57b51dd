/**
 * What can be asked: the shape of an experiment, with its defaults. The JSON Schema in `schemas/experiment.json` comes
 * from here.
 */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** The paper's three synaptic conditions. */
export const Condition = Type.Union([Type.Literal('NMDA'), Type.Literal('AMPA'), Type.Literal('AMPA_SK')]);
export type Condition = Static<typeof Condition>;

export const Cell = Type.Object(
  {
    model: Type.String({ default: 'l5pc-bbp', description: 'name of a model card' }),
    passive: Type.Boolean({ default: false, description: 'passive membrane and synapses only' }),
    condition: Type.Union([Type.Literal('NMDA'), Type.Literal('AMPA'), Type.Literal('AMPA_SK')], {
      default: 'NMDA',
      description: 'which synapses: AMPA drops NMDA; AMPA_SK is AMPA with the SK conductance times 0.1',
    }),
  },
  { ...closed, default: {} },
);
export type Cell = Static<typeof Cell>;

const Range = (description: string) =>
  Type.Object(
    { low: Type.Number({ description: 'lower end' }), high: Type.Number({ description: 'upper end' }) },
    { ...closed, description },
  );

/** Presynaptic spikes. Ranges are spikes of a whole tree per 100 ms; absent, they follow from the condition. */
export const Stimulus = Type.Union(
  [
    Type.Object(
      {
        kind: Type.Literal('paper'),
        excitatoryBasal: Type.Optional(Range('excitatory spikes of the basal tree per 100 ms')),
        excitatoryApical: Type.Optional(Range('excitatory spikes of the apical tree per 100 ms')),
        inhibitoryMinusExcitatory: Type.Optional(
          Range('inhibitory spikes of a tree per 100 ms, relative to its excitatory ones (never below 0)'),
        ),
        releaseProbability: Type.Number({
          default: 1,
          minimum: 0,
          maximum: 1,
          description: 'probability that an event reaches its synapse, drawn from the seed',
        }),
      },
      closed,
    ),
    Type.Object({ kind: Type.Literal('silent') }, closed),
  ],
  { default: { kind: 'paper', releaseProbability: 1 } },
);
export type Stimulus = Static<typeof Stimulus>;

export const Simulation = Type.Object(
  {
    engine: Type.Union([Type.Literal('neuron'), Type.Literal('solver')], { default: 'neuron' }),
    trials: Type.Integer({ default: 10, minimum: 1, description: 'number of trials' }),
    seconds: Type.Number({
      default: 6,
      exclusiveMinimum: 0,
      description: 'length of a trial (s), a whole number of ms',
    }),
    dt: Type.Number({ default: 0.025, exclusiveMinimum: 0, maximum: 1, description: 'time step (ms)' }),
    order: Type.Union([Type.Literal(1), Type.Literal(2)], {
      default: 1,
      description: "1: backward Euler (NEURON's secondorder 0); 2: staggered Crank-Nicolson (secondorder 2)",
    }),
    neuronShare: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          'share of the solver’s trials that are run again on NEURON and compared; 0.02 where absent, 0 for none',
      }),
    ),
  },
  { ...closed, default: {} },
);
export type Simulation = Static<typeof Simulation>;

export const Recordings = Type.Object(
  {
    dendrites: Type.Boolean({ default: true, description: 'every dendritic segment at 1 sample/ms' }),
    dendritePrecision: Type.Union([Type.Literal('float16'), Type.Literal('float32')], { default: 'float32' }),
  },
  { ...closed, default: {} },
);
export type Recordings = Static<typeof Recordings>;

/** One temporal layer: `taps` of 1 ms, `width` filters. */
export const Layer = Type.Object({ taps: Type.Integer({ minimum: 1 }), width: Type.Integer({ minimum: 1 }) }, closed);

export const Network = Type.Object(
  {
    layers: Type.Array(Layer, { minItems: 1 }),
    firstLayer: Type.Optional(
      Type.Object(
        {
          bumps: Type.Integer({ minimum: 1, description: 'smooth functions of time that a filter is a sum of' }),
          pool: Type.Integer({ minimum: 1, description: 'neighbouring channels of one sign that share a filter' }),
        },
        {
          ...closed,
          description:
            'fewer numbers to learn, and a spike head that starts at the spike rate of the data, for little data; absent: every tap of every channel is free, as published',
        },
      ),
    ),
    dendriticComponents: Type.Integer({
      default: 20,
      minimum: 0,
      description: 'principal components of the dendritic voltages the network also predicts; 0 leaves that head out',
    }),
  },
  closed,
);
export type Network = Static<typeof Network>;

/** From this epoch on: weights of the three losses, and the learning rate. */
export const ScheduleStep = Type.Object(
  {
    epoch: Type.Integer({ minimum: 0 }),
    spike: Type.Number({ minimum: 0, description: 'weight of the cross entropy of spikes' }),
    soma: Type.Number({ minimum: 0, description: 'weight of the squared error of the soma voltage' }),
    dendrites: Type.Number({ minimum: 0, description: 'weight of the squared error of the dendritic components' }),
    learningRate: Type.Number({ exclusiveMinimum: 0 }),
  },
  closed,
);

export const Training = Type.Object(
  {
    epochs: Type.Integer({ minimum: 1 }),
    stepsPerEpoch: Type.Integer({ minimum: 1, description: 'batches an epoch' }),
    batchSize: Type.Integer({ default: 8, minimum: 1 }),
    windowMs: Type.Integer({ default: 400, minimum: 1, description: 'scored length of a training window (ms)' }),
    skipMs: Type.Integer({ default: 500, minimum: 0, description: 'start of every trial that is never used (ms)' }),
    l2: Type.Number({ default: 1e-8, minimum: 0 }),
    schedule: Type.Array(ScheduleStep, { minItems: 1 }),
    device: Type.Union([Type.Literal('auto'), Type.Literal('cpu'), Type.Literal('cuda')], { default: 'auto' }),
    threads: Type.Integer({
      default: 2,
      minimum: 1,
      description: 'CPU threads; part of what makes bytes reproducible',
    }),
  },
  closed,
);
export type Training = Static<typeof Training>;

/** Trials are split by their index: the first part trains, the next validates, the last tests. */
export const Split = Type.Object(
  {
    validation: Type.Integer({ default: 1, minimum: 1, description: 'number of trials' }),
    test: Type.Integer({ default: 2, minimum: 1, description: 'number of trials, never seen in training' }),
  },
  { ...closed, default: {} },
);
export type Split = Static<typeof Split>;

export const Twin = Type.Object({ network: Network, training: Training, split: Split }, closed);
export type Twin = Static<typeof Twin>;

export const Experiment = Type.Object(
  {
    name: Type.String({ default: 'experiment', pattern: '^[A-Za-z0-9][A-Za-z0-9 _.-]*$' }),
    description: Type.String({ default: '' }),
    seed: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'the only source of randomness',
    }),
    cell: Cell,
    stimulus: Stimulus,
    simulation: Simulation,
    record: Recordings,
    twin: Type.Optional(Twin),
  },
  { ...closed, $id: 'Experiment', description: 'One reproducible single-neuron experiment.' },
);
export type Experiment = Static<typeof Experiment>;
