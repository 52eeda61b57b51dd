/** A job's trials in the process that calls. */
import { compileJavaScript } from '../../kernel/index.ts';
import { createTrialRunner, type TrialRunner } from '../solver-trials.ts';
import type { Job } from './messages.ts';

export function jobRunner({ programs, refused, ...parts }: Job): TrialRunner {
  const kernels = new Map(programs.map((program) => [program.name, compileJavaScript(program)]));
  return createTrialRunner({ ...parts, mechanisms: { kernels, refused } });
}
