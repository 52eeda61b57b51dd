/**
 * Trials on disk: Arrow shards and a manifest, committed one trial at a time. A data set is named by what determines its
 * bytes; making it again continues where it stopped, and every reader checks the hashes.
 */
export { type CheckWriter, checkAgrees, openChecks } from './checks.ts';
export { collectTrial, type RecordingPlan, recordingPlan, type TrialCollector } from './collect.ts';
export { exportNpz } from './export.ts';
export type { ShardRequest } from './gather.ts';
export { Manifest, type NeuronCheck, type NeuronShare, type Shard, shardFile } from './manifest.ts';
export { type Dataset, openDataset, verifyDataset } from './reader.ts';
export { decodeTrial, type EncodedTrial, encodeShard, encodeTrial, HIGH_RATE, type TrialRecord } from './shard.ts';
export { type SimulateOptions, type SimulateProgress, simulateDataset } from './simulate.ts';
export { type DatasetWriter, openWriter, readManifest, requireOwnFolder } from './writer.ts';
