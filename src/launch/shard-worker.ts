/** The program of a worker process that makes trials' files: input, run and bytes of a trial in one place. */
import { collectTrial, type EncodedTrial, encodeShard } from '../dataset/index.ts';
import { jobRunner, serve } from '../engine/pool/index.ts';
import { stimulusFor } from '../stimulus/index.ts';
import type { ShardJob } from './shards.ts';

serve<ShardJob, number, EncodedTrial>((job) => {
  const run = jobRunner(job);
  return async function* make(index, onProgress) {
    const events = stimulusFor(job.experiment, job.snapshot, index);
    const collector = collectTrial(index, events, job.record);
    for await (const blocks of run({ index, events }, { onProgress })) {
      for (const block of blocks) collector.add(block);
    }
    yield encodeShard(collector.record());
  };
});
