/**
 * A model card: everything that makes a cell, as data. Morphology, mechanisms, biophysics by region, where the channels
 * go, and where to look. Python builds the same cell from the same card.
 */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Regions of a cell, as NEURON's Import3d names its sections. */
export const Region = Type.Union([
  Type.Literal('soma'),
  Type.Literal('axon'),
  Type.Literal('basal'),
  Type.Literal('apical'),
]);
export type Region = Static<typeof Region>;

/** Where distance is measured from: the middle of the soma, or the start of the first apical section. */
const Origin = Type.Union([Type.Literal('soma'), Type.Literal('apical')], {
  description: 'soma: soma[0](0.5); apical: apic[0](0)',
});

/**
 * A channel distribution: one number, or an expression of the path distance at the middle of each segment.
 *
 * - exponential: scale · (offset + amplitude · exp(slope · min(d, cap))), d in µm, or divided by the longest path of the
 *   region when `normalised`.
 * - window: scale · (inside when from < d < to, else outside), d in µm.
 */
export const Distribution = Type.Union([
  Type.Number(),
  Type.Object(
    {
      kind: Type.Literal('exponential'),
      scale: Type.Number(),
      offset: Type.Number(),
      amplitude: Type.Number(),
      slope: Type.Number(),
      cap: Type.Optional(Type.Number()),
      normalised: Type.Boolean(),
      origin: Origin,
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('window'),
      scale: Type.Number(),
      inside: Type.Number(),
      outside: Type.Number(),
      from: Type.Number(),
      to: Type.Number(),
      origin: Origin,
    },
    closed,
  ),
]);
export type Distribution = Static<typeof Distribution>;

/** What one region carries. Parameters of a mechanism are its RANGE names without the suffix. */
export const Biophysics = Type.Object(
  {
    cm: Type.Number({ exclusiveMinimum: 0, description: 'specific membrane capacitance (µF/cm²)' }),
    Ra: Type.Number({ exclusiveMinimum: 0, description: 'axial resistivity (Ω·cm)' }),
    reversals: Type.Record(Type.String(), Type.Number(), { description: 'ek, ena (mV), set where the ion is used' }),
    mechanisms: Type.Record(Type.String(), Type.Record(Type.String(), Distribution), {
      description: 'mechanism → parameter → value or distribution',
    }),
  },
  closed,
);
export type Biophysics = Static<typeof Biophysics>;

/** A file of others, found by name and checked by hash. */
export const ModelFile = Type.Object(
  {
    file: Type.String({ description: 'path inside its source' }),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  closed,
);
export type ModelFile = Static<typeof ModelFile>;

/**
 * Where a model's files come from: `bluepyopt`, the archive that set-up fetches; `modeldb`, ModelDB entry 139653 or a
 * folder the user names; `folder`, the model's own folder under `--models`.
 */
export const FileSource = Type.Union([Type.Literal('bluepyopt'), Type.Literal('modeldb'), Type.Literal('folder')]);
export type FileSource = Static<typeof FileSource>;

/** NEURON's d-lambda rule: no segment is longer than a fraction of the length constant at a frequency. */
const WavelengthRule = Type.Object(
  {
    dLambda: Type.Number({ exclusiveMinimum: 0, description: 'longest segment, in length constants; 0.1 is usual' }),
    frequency: Type.Number({
      exclusiveMinimum: 0,
      description: 'at which the length constant is taken (Hz); 100 is usual',
    }),
  },
  closed,
);
export type WavelengthRule = Static<typeof WavelengthRule>;

/** What stands for the reconstructed axon: two cylinders of 30 µm, one segment each, in a row. */
const AxonStub = Type.Object(
  {
    diameters: Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
      minItems: 2,
      maxItems: 2,
      description: 'of the first and of the second (µm)',
    }),
    at: Type.Union([Type.Literal(0.5), Type.Literal(1)], { description: 'where on soma[0] the first is attached' }),
  },
  closed,
);

/** How the cell comes into being. */
export const Construction = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('morphology'),
      source: FileSource,
      morphology: ModelFile,
      axon: Type.Union([Type.Literal('keep'), Type.Literal('stub'), AxonStub], {
        description:
          'stub: two sections of 30 µm × 1 µm, nseg 1, at soma(0.5), instead of the reconstructed axon; or such a stub with other diameters',
      }),
      segmentLength: Type.Union([Type.Number({ exclusiveMinimum: 0 }), WavelengthRule], {
        description: 'nseg = 1 + 2·floor(L / segmentLength) (µm), or by the d-lambda rule',
      }),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Union([Type.Literal('hoc'), Type.Literal('python')]),
      builder: Type.String({
        pattern: '^[A-Za-z0-9_./-]+:[A-Za-z_][A-Za-z0-9_]*$',
        description: 'file:template or file:function, inside the model folder',
      }),
    },
    closed,
  ),
]);
export type Construction = Static<typeof Construction>;

/** A model card. */
export const ModelCard = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' }),
    title: Type.String(),
    citation: Type.String({ default: '' }),
    licence: Type.String({ default: '' }),
    construction: Construction,
    mechanisms: Type.Object(
      {
        source: FileSource,
        files: Type.Array(ModelFile, { description: '.mod files, in the order they are compiled and registered' }),
      },
      closed,
    ),
    celsius: Type.Number({ description: 'temperature (°C)' }),
    vInit: Type.Number({ description: 'initial membrane potential (mV)' }),
    regions: Type.Partial(
      Type.Object({ soma: Biophysics, axon: Biophysics, basal: Biophysics, apical: Biophysics }, closed),
      closed,
    ),
    nexus: Type.Union(
      [Type.Object({ section: Type.String(), x: Type.Number({ minimum: 0, maximum: 1 }) }, closed), Type.Null()],
      { description: 'the main apical branch point; null: the soma' },
    ),
  },
  { ...closed, $id: 'ModelCard' },
);
export type ModelCard = Static<typeof ModelCard>;
