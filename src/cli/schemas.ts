/**
 * `npm run schemas`: writes the JSON Schema of every shape that crosses to Python, or that users' editors check, into
 * `schemas/`. The TypeBox types are the only place where a shape is written by hand.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { Envelope } from '../bridge/envelope.ts';
import * as mechanism from '../crosscheck/mechanism/protocol.ts';
import * as neuron from '../engine/protocol.ts';
import { Experiment } from '../experiment/schema.ts';
import * as features from '../features/protocol.ts';
import { ModelCard } from '../model/card.ts';
import { SynapseSet } from '../model/synapses.ts';
import * as twin from '../twin/protocol.ts';

const shapes: readonly TSchema[] = [
  Envelope,
  Experiment,
  ModelCard,
  SynapseSet,
  neuron.DescribeParams,
  neuron.DescribeResult,
  neuron.RunParams,
  neuron.BlockResult,
  neuron.RecordParams,
  neuron.RecordResult,
  neuron.MorphologyParams,
  neuron.MorphologyResult,
  mechanism.Probe,
  mechanism.ProbeResult,
  twin.TrainParams,
  twin.TrainReport,
  twin.EvaluateParams,
  twin.PredictionResult,
  features.FeatureParams,
  features.FeatureResult,
];

/** File name → text, for every shape. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    shapes.map((shape) => {
      const { $id, ...rest } = JSON.parse(JSON.stringify(shape)) as { $id: string };
      const document = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id, ...withoutInnerIds(rest) };
      return [`${$id}.json`, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}

/** A shape used inside another one keeps its text but not its $id: an $id inside a document would start a new one. */
function withoutInnerIds(value: object): object {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? withoutInnerIds(item) : item));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$id')
      .map(([key, item]) => [key, isObject(item) ? withoutInnerIds(item) : item]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Makes the folder hold exactly these files. */
function writeSchemas(folder: string): void {
  const files = schemaFiles();
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.json') && !files.has(name)) rmSync(join(folder, name));
  }
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

if (import.meta.main) writeSchemas(fileURLToPath(new URL('../../schemas/', import.meta.url)));
