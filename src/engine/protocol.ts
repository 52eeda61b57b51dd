/**
 * What the NEURON sidecar is asked and what it answers. JSON Schemas of these come to `schemas/` and validate the same
 * messages in Python.
 *
 * - `describe` (DescribeParams) → one part {DescribeResult} with table `snapshot`.
 * - `run` (RunParams, table `events`) → one part {BlockResult} with table `voltage` (column `v`, float64, sample-major) per
 *   block, in order; progress on the way.
 * - `describe-morphology` (MorphologyParams) → one part {MorphologyResult}; where it was imported, with tables `points` (columns
 *   x, y, z, diameter, arc, section after section) and `nodes` (parent, section, segment, area, diameter, axialA, axialB).
 * - `record` (RecordParams, table `events`) → parts {RecordResult} with tables `times` (column `t`, ms) and `samples` (column
 *   `value`, row-major: all columns of a step, then of the next), in order; the first part alone tells the groups.
 */
import { type Static, Type } from 'typebox';
import { ModelCard } from '../model/card.ts';
import { SynapseSet } from '../model/synapses.ts';

const closed = { additionalProperties: false } as const;

export const CellParams = Type.Object(
  {
    card: ModelCard,
    morphology: Type.Union([Type.String(), Type.Null()], { description: 'absolute path of the morphology file' }),
    folder: Type.Union([Type.String(), Type.Null()], {
      description: "model's own folder, inside the one given by --models",
    }),
    passive: Type.Boolean(),
    synapses: SynapseSet,
    skFactor: Type.Number({ minimum: 0 }),
  },
  closed,
);
export type CellParams = Static<typeof CellParams>;

export const DescribeParams = Type.Object({ cell: CellParams }, { ...closed, $id: 'NeuronDescribeParams' });
export type DescribeParams = Static<typeof DescribeParams>;

export const DescribeResult = Type.Object(
  {
    celsius: Type.Number(),
    vInit: Type.Number(),
    mechanismOrder: Type.Array(Type.String(), { description: 'in the order NEURON runs them' }),
    sectionNames: Type.Array(Type.String()),
    somaNode: Type.Integer({ minimum: 0, description: 'row of soma(0.5) in the snapshot' }),
    nexusNode: Type.Integer({ minimum: 0 }),
    versions: Type.Record(Type.String(), Type.String()),
  },
  { ...closed, $id: 'NeuronDescribeResult' },
);
export type DescribeResult = Static<typeof DescribeResult>;

export const RecordingParams = Type.Object(
  {
    name: Type.String(),
    sites: Type.Array(Type.Integer({ minimum: 0 }), {
      description: 'compartments, numbered as in the snapshot without the nodes that have no membrane',
    }),
    everySteps: Type.Integer({ minimum: 1 }),
    firstStep: Type.Integer({ minimum: 0 }),
    lastStep: Type.Integer({ minimum: 0 }),
  },
  closed,
);

export const ClampParams = Type.Object(
  {
    site: Type.Integer({ minimum: 0, description: 'compartment, numbered as in a recording' }),
    delay: Type.Number({ minimum: 0, description: 'ms' }),
    duration: Type.Number({ minimum: 0, description: 'ms' }),
    amplitude: Type.Number({ description: 'nA' }),
  },
  closed,
);

export const RunParams = Type.Object(
  {
    cell: CellParams,
    trial: Type.Integer({ minimum: 0 }),
    dendrites: Type.Integer({ minimum: 0, description: 'number of channels of each sign in the event table' }),
    dt: Type.Number({ exclusiveMinimum: 0 }),
    order: Type.Union([Type.Literal(1), Type.Literal(2)]),
    steps: Type.Integer({ minimum: 1 }),
    blockSteps: Type.Integer({ minimum: 1, description: 'a block covers at most this many steps' }),
    recordings: Type.Array(RecordingParams, { minItems: 1 }),
    clamps: Type.Array(ClampParams, { description: 'current clamps that this trial alone has' }),
  },
  { ...closed, $id: 'NeuronRunParams' },
);
export type RunParams = Static<typeof RunParams>;

const { recordings: _recordings, blockSteps: _blockSteps, steps: _steps, ...trialProperties } = RunParams.properties;

export const RecordParams = Type.Object(
  { ...trialProperties, firstStep: Type.Integer({ minimum: 0 }), lastStep: Type.Integer({ minimum: 0 }) },
  { ...closed, $id: 'NeuronRecordParams' },
);
export type RecordParams = Static<typeof RecordParams>;

/** Columns of one variable: for each place its elements, one after the other. */
export const RecordGroup = Type.Object(
  {
    kind: Type.Union([Type.Literal('v'), Type.Literal('ion'), Type.Literal('instance'), Type.Literal('global')]),
    owner: Type.String({ description: 'ion or mechanism; empty for v' }),
    variable: Type.String(),
    length: Type.Integer({ minimum: 1, description: 'elements, where it is an array' }),
    rows: Type.Array(Type.Integer({ minimum: -1 }), { description: 'rows of the snapshot, in order; -1 for a global' }),
  },
  closed,
);

export const RecordResult = Type.Object({ groups: Type.Array(RecordGroup) }, { ...closed, $id: 'NeuronRecordResult' });
export type RecordResult = Static<typeof RecordResult>;

export const BlockResult = Type.Object(
  {
    recording: Type.String(),
    firstSample: Type.Integer({ minimum: 0 }),
    samples: Type.Integer({ minimum: 0 }),
    sites: Type.Integer({ minimum: 1 }),
    last: Type.Boolean(),
  },
  { ...closed, $id: 'NeuronBlockResult' },
);
export type BlockResult = Static<typeof BlockResult>;

export const MorphologyParams = Type.Object(
  {
    file: Type.String({ description: 'absolute path' }),
    segmentLength: Type.Number({ exclusiveMinimum: 0, description: 'nseg = 1 + 2·floor(L / segmentLength) (µm)' }),
    Ra: Type.Number({ exclusiveMinimum: 0, description: 'axial resistivity (Ω·cm)' }),
  },
  { ...closed, $id: 'NeuronMorphologyParams' },
);
export type MorphologyParams = Static<typeof MorphologyParams>;

export const MorphologyResult = Type.Object(
  {
    status: Type.Union([Type.Literal('imported'), Type.Literal('refused'), Type.Literal('crashed')]),
    message: Type.String({ description: 'why it was not imported' }),
    line: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'to blame, where it is known' }),
    sections: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          parent: Type.Integer({ minimum: -1, description: 'index of a section; -1 for a root' }),
          parentX: Type.Number({ minimum: 0, maximum: 1 }),
          nseg: Type.Integer({ minimum: 1 }),
          points: Type.Integer({ minimum: 0, description: 'number of 3-d points' }),
        },
        closed,
      ),
      { description: 'in the order NEURON created them' },
    ),
  },
  { ...closed, $id: 'NeuronMorphologyResult' },
);
export type MorphologyResult = Static<typeof MorphologyResult>;
