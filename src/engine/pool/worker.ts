/** The program of a worker process that sends a trial's blocks as they come. */
import type { Trial, VoltageBlock } from '../engine.ts';
import type { Job } from './messages.ts';
import { jobRunner } from './runner.ts';
import { serve } from './serve.ts';

serve<Job, Trial, readonly VoltageBlock[]>((job) => {
  const run = jobRunner(job);
  return (trial, onProgress) => run(trial, { onProgress });
});
