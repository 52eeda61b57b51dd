/**
 * What the features sidecar is asked and what it answers.
 *
 * - `extract` (FeatureParams, one table a trace with column `v`, mV, float64) → one part {FeatureResult}.
 */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

export const FeatureRequest = Type.Object(
  {
    trace: Type.String({ description: 'name of the table' }),
    feature: Type.String({ description: "eFEL's name of the feature" }),
    dtMs: Type.Number({ exclusiveMinimum: 0, description: 'time between samples' }),
    startMs: Type.Number({ minimum: 0, description: 'when the stimulus begins' }),
    endMs: Type.Number({ minimum: 0, description: 'when it ends' }),
    thresholdMv: Type.Number({ description: 'what a spike must cross' }),
  },
  closed,
);

export const FeatureParams = Type.Object({ features: Type.Array(FeatureRequest) }, { ...closed, $id: 'FeatureParams' });
export type FeatureParams = Static<typeof FeatureParams>;

export const FeatureResult = Type.Object(
  {
    values: Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null()])), {
      description: 'of each feature in order; as many as the trace has of it (one a spike, say), null where not finite',
    }),
  },
  { ...closed, $id: 'FeatureResult' },
);
export type FeatureResult = Static<typeof FeatureResult>;
