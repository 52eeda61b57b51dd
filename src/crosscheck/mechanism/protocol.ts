/**
 * A probe: a tiny experiment on mechanisms, in words that both NEURON and the solver can build, and what NEURON answers.
 * JSON Schemas of these come to `schemas/`.
 *
 * - `probe` (Probe) → one part {ProbeResult}; where it ran, with tables `nodes` (the tree), `samples` (one column `value`,
 *   row-major: all columns of step 0, then of step 1, …) and `events` (columns `source`, `time`).
 *
 * The sidecar runs each probe in a process of its own: a mechanism that crashes, hangs, or changes what is global leaves no
 * trace in the next one.
 */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Values = Type.Record(Type.String(), Type.Number());
const Index = Type.Integer({ minimum: 0 });

/** A cylinder. */
export const ProbeSection = Type.Object(
  {
    L: Type.Number({ exclusiveMinimum: 0, description: 'µm' }),
    diam: Type.Number({ exclusiveMinimum: 0, description: 'µm' }),
    nseg: Type.Integer({ minimum: 1 }),
    Ra: Type.Number({ exclusiveMinimum: 0, description: 'Ω·cm' }),
    cm: Type.Number({ exclusiveMinimum: 0, description: 'µF/cm²' }),
    parent: Type.Union([Type.Object({ section: Index, x: Type.Number() }, closed), Type.Null()]),
  },
  closed,
);

/** A density mechanism in some sections. */
export const ProbeDensity = Type.Object(
  { mechanism: Type.String(), sections: Type.Array(Index), parameters: Values },
  closed,
);

/** A point process. */
export const ProbePoint = Type.Object(
  { mechanism: Type.String(), section: Index, x: Type.Number(), parameters: Values },
  closed,
);

/** An artificial cell. */
export const ProbeCell = Type.Object({ mechanism: Type.String(), parameters: Values }, closed);

/** A point process or an artificial cell, by its place in `points` or `cells`. */
export const ProbeTarget = Type.Union([Type.Object({ point: Index }, closed), Type.Object({ cell: Index }, closed)]);

export const ProbeSource = Type.Union([
  Type.Object({ times: Type.Array(Type.Number(), { description: 'ms' }) }, closed),
  Type.Object({ point: Index }, closed),
  Type.Object({ cell: Index }, closed),
  Type.Object({ section: Index, x: Type.Number(), threshold: Type.Number({ description: 'mV' }) }, closed),
]);

export const ProbeConnection = Type.Object(
  {
    source: ProbeSource,
    target: ProbeTarget,
    delay: Type.Number({ minimum: 0, description: 'ms; events at times come without it' }),
    weights: Type.Array(Type.Number()),
  },
  closed,
);

/** A POINTER, pointed at the potential of a segment, or at a variable of a density mechanism there. */
export const ProbePointer = Type.Object(
  {
    mechanism: Type.String(),
    name: Type.String(),
    section: Index,
    x: Type.Number(),
    of: Type.Union([Type.Object({ mechanism: Type.String(), variable: Type.String() }, closed), Type.Null()]),
  },
  closed,
);

export const Probe = Type.Object(
  {
    celsius: Type.Number({ description: '°C' }),
    vInit: Type.Number({ description: 'mV' }),
    dt: Type.Number({ exclusiveMinimum: 0, description: 'ms' }),
    order: Type.Union([Type.Literal(1), Type.Literal(2)]),
    steps: Type.Integer({ minimum: 1 }),
    sections: Type.Array(ProbeSection),
    densities: Type.Array(ProbeDensity),
    points: Type.Array(ProbePoint),
    cells: Type.Array(ProbeCell),
    connections: Type.Array(ProbeConnection),
    globals: Type.Array(Type.Object({ mechanism: Type.String(), name: Type.String(), value: Type.Number() }, closed)),
    /** One of which nothing is set is put into every segment, before any point process. */
    ions: Type.Array(
      Type.Object(
        {
          ion: Type.String(),
          inside0: Type.Optional(Type.Number({ description: 'mM' })),
          outside0: Type.Optional(Type.Number({ description: 'mM' })),
          reversal: Type.Optional(Type.Number({ description: 'mV' })),
        },
        closed,
      ),
    ),
    pointers: Type.Array(ProbePointer),
    tables: Type.Array(
      Type.Object(
        {
          mechanism: Type.String(),
          name: Type.String(),
          abscissae: Type.Array(Type.Number()),
          values: Type.Array(Type.Number()),
        },
        closed,
      ),
    ),
    randoms: Type.Array(Type.Object({ mechanism: Type.String(), name: Type.String() }, closed), {
      description: 'RANDOM variables: instance i of the k-th of these gets the stream (i + 1, k + 1, 7)',
    }),
    record: Type.Array(Type.String(), { description: 'mechanisms of which every visible variable is recorded' }),
    timeoutSeconds: Type.Number({ exclusiveMinimum: 0 }),
  },
  { ...closed, $id: 'NeuronProbe' },
);
export type Probe = Static<typeof Probe>;
export type ProbeConnection = Static<typeof ProbeConnection>;
export type ProbeTarget = Static<typeof ProbeTarget>;

/** What one column of the samples is. */
export const ProbeColumn = Type.Object(
  {
    kind: Type.Union([Type.Literal('v'), Type.Literal('ion'), Type.Literal('instance'), Type.Literal('global')]),
    owner: Type.String({ description: 'ion or mechanism; empty for v' }),
    variable: Type.String(),
    place: Type.Integer({ minimum: 0, description: 'node (v, ion) or instance' }),
    element: Type.Integer({ minimum: 0, description: 'of an array' }),
  },
  closed,
);
export type ProbeColumn = Static<typeof ProbeColumn>;

export const ProbeResult = Type.Object(
  {
    status: Type.Union([Type.Literal('ran'), Type.Literal('failed'), Type.Literal('crashed'), Type.Literal('timeout')]),
    message: Type.String(),
    mechanismOrder: Type.Array(Type.String(), { description: 'all that are present, in the order NEURON runs them' }),
    instances: Type.Record(Type.String(), Type.Array(Type.Integer()), {
      description: 'node of each instance by mechanism, in order; -1 for artificial cells',
    }),
    valences: Type.Record(Type.String(), Type.Number()),
    columns: Type.Array(ProbeColumn),
    sources: Type.Array(Type.Object({ mechanism: Type.String(), instance: Index }, closed), {
      description: 'whose events are in the table of events, by its column source',
    }),
  },
  { ...closed, $id: 'NeuronProbeResult' },
);
export type ProbeResult = Static<typeof ProbeResult>;
