/**
 * A pool of worker processes for the solver. Processes and not threads: flags of V8 hold for a whole process, and a crash of
 * compiled code takes only its own process down. Each works on one trial at a time and streams what comes of it with flow
 * control, which pools of tasks (piscina, tinypool: one result a task, threads first) leave to their users.
 */
export type { Job } from './messages.ts';
export { type PoolOptions, type PoolProgram, runOnPool, runTrialsOnPool } from './pool.ts';
export { programBeside } from './process.ts';
export { jobRunner } from './runner.ts';
export { serve } from './serve.ts';
