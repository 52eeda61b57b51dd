/** What a data set says of itself. Nothing in it depends on when, where or with how many workers it was made. */
import { type Static, Type } from 'typebox';
import { Experiment } from '../experiment/schema.ts';

const closed = { additionalProperties: false } as const;
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** One shard: one trial's file. */
export const Shard = Type.Object(
  {
    trial: Type.Integer({ minimum: 0 }),
    file: Type.String({ description: 'relative to the folder, with forward slashes' }),
    sha256: Sha256,
    bytes: Type.Integer({ minimum: 1 }),
    rows: Type.Integer({ minimum: 1 }),
    events: Type.Integer({ minimum: 0 }),
    spikes: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type Shard = Static<typeof Shard>;

/** The part of the manifest that is known before the first trial. */
export const Header = Type.Object(
  {
    format: Type.Literal('twincell-dataset/1'),
    identity: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'sha256 of what determines a trial’s bytes' }),
    experiment: Experiment,
    dependencies: Type.Object(
      {
        modelFiles: Type.Record(Type.String(), Sha256),
        locks: Type.Record(Type.String(), Sha256),
        code: Type.String(),
        arithmetic: Type.Optional(Type.String({ description: 'the solver’s mode, and whose exp, log and pow' })),
      },
      closed,
    ),
    dendrites: Type.Integer({ minimum: 0, description: 'number of dendritic segments, D' }),
    dendriteLength: Type.Array(Type.Number(), { description: 'length of each dendritic segment (µm)' }),
    dendriteRegion: Type.Array(Type.String(), { description: 'basal or apical, by segment' }),
    trialMs: Type.Integer({ minimum: 1 }),
  },
  closed,
);
export type Header = Static<typeof Header>;

/** One trial of the solver that NEURON ran again. */
export const NeuronCheck = Type.Object(
  {
    trial: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of the shard that was compared' }),
    reproduced: Type.Boolean({ description: 'the solver, run again beside NEURON, gave the shard’s bytes again' }),
    spikes: Type.Integer({ minimum: 0, description: 'NEURON’s spikes' }),
    spikesEqual: Type.Boolean({ description: 'NEURON’s spikes are at the times that the shard holds' }),
    spikeStepsEqual: Type.Boolean({ description: 'peaks of the soma are at the same steps' }),
    maxAbsDiffMv: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
      description: 'largest difference at any site and step (mV); null where a voltage was no number',
    }),
  },
  closed,
);
export type NeuronCheck = Static<typeof NeuronCheck>;

/** What was run again on NEURON, and what it came to. */
export const NeuronShare = Type.Object(
  {
    share: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'of the trials, as it was asked for' }),
    toleranceMv: Type.Number({ exclusiveMinimum: 0, description: 'what the solver’s mode promises (mV)' }),
    trials: Type.Array(NeuronCheck, { description: 'rising; those still to be run are not there' }),
  },
  closed,
);
export type NeuronShare = Static<typeof NeuronShare>;

export const Manifest = Type.Object(
  {
    ...Header.properties,
    complete: Type.Boolean({ description: 'whether all trials are there; those run again on NEURON do not count' }),
    shards: Type.Array(Shard),
    neuron: Type.Optional(NeuronShare),
  },
  { ...closed, $id: 'Manifest' },
);
export type Manifest = Static<typeof Manifest>;

/** Shard boundaries depend on the trial index alone: one trial, one file. */
export function shardFile(trial: number): string {
  return `trials/${String(trial).padStart(6, '0')}.arrow`;
}
