/**
 * How the solver's pool scales: time and CPU per trial of a data set by 1, 2, … workers, after the start of the processes.
 * Interleaved repetitions, the quickest stretch of 8 trials of each: other work on the machine only ever adds.
 *
 *     node --conditions=twincell-source test/bench/workers.ts [--workers 1,2] [--trials 40] [--seconds 0.5] [--mode exact] [--json]
 *
 * Needs as many idle cores as workers. CPU per trial (Linux) hangs less on what else runs: where more workers need as much of
 * it as one, nothing is lost by their number.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defineExperiment, simulate } from 'twincell';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2' },
    trials: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '0.5' },
    mode: { type: 'string', default: 'exact' },
    accelerate: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const counts = values.workers.split(',').map(Number);
const [trials, seconds, repetitions] = [Number(values.trials), Number(values.seconds), Number(values.repetitions)];
const mode = values.mode === 'reference' ? 'reference' : values.mode === 'fast' ? 'fast' : 'exact';

/** Trials of a stretch of time: as many of each worker. */
const SPAN = 8;

interface Cost {
  /** Of the wall clock in the quickest stretch while all workers are busy (s a trial). */
  readonly wall: number;
  /** Of all processes in that time (s a trial); NaN where the system does not tell. */
  readonly cpu: number;
}

/** CPU of this process and its children so far (s); NaN where the system does not tell. */
function cpuSeconds(): number {
  if (!existsSync('/proc/self/stat')) return Number.NaN;
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return ['self', ...children].reduce((sum, pid) => sum + ownCpuSeconds(pid), 0);
}

function ownCpuSeconds(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measure(workers: number): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'twincell-bench-workers-'));
  const commits: { readonly at: number; readonly cpu: number }[] = [];
  try {
    const simulation = { trials, seconds, engine: 'solver', neuronShare: 0 } as const;
    await simulate(defineExperiment({ seed: 7, simulation }), {
      mode,
      workers,
      ...(values.accelerate && { accelerate: 'revectorize' as const }),
      out: join(folder, 'data'),
      onProgress({ shard }) {
        if (shard !== undefined) commits.push({ at: performance.now() / 1000, cpu: cpuSeconds() });
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // From when every worker has made two trials, which compile its code, until the first one runs out of trials.
  const steady = commits.slice(2 * workers, trials - workers + 1);
  const spans = steady.slice(SPAN).map((end, k) => ({
    at: end.at - (steady[k]?.at ?? Number.NaN),
    cpu: end.cpu - (steady[k]?.cpu ?? Number.NaN),
  }));
  return {
    wall: Math.min(...spans.map(({ at }) => at)) / SPAN,
    cpu: spans.reduce((sum, { cpu }) => sum + cpu, 0) / spans.length / SPAN,
  };
}

const costs = new Map<number, Cost[]>(counts.map((workers) => [workers, []]));
for (let k = 0; k < repetitions; k++) for (const workers of counts) costs.get(workers)?.push(await measure(workers));

const byWorkers = counts.map((workers) => {
  const mine = costs.get(workers) ?? [];
  return { workers, wall: Math.min(...mine.map(({ wall }) => wall)), cpu: Math.min(...mine.map(({ cpu }) => cpu)) };
});
const [one] = byWorkers;
const table = byWorkers.map((row) => ({ ...row, speedup: (one?.wall ?? Number.NaN) / row.wall }));
const result = {
  cell: 'l5pc-bbp',
  mode,
  trials,
  seconds,
  node: process.versions.node,
  cores: availableParallelism(),
  table,
};
if (values.json) console.log(JSON.stringify(result));
else {
  console.log(`l5pc-bbp, mode ${mode}, ${trials} trials of ${seconds} s, Node ${result.node}, ${result.cores} cores`);
  for (const { workers, wall, cpu, speedup } of table) {
    console.log(
      `  ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${(1000 * wall).toFixed(0)} ms a trial, ${(1000 * cpu).toFixed(0)} ms of CPU, ${speedup.toFixed(2)} times ${one?.workers ?? 1}`,
    );
  }
}
