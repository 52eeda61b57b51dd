/**
 * A data set of many trials in one run, stopped by Ctrl-C in its middle and run again to its end: time, memory of the
 * processes, files. Memory is what Linux tells of each process.
 *
 *     node --conditions=twincell-source test/bench/many-trials.ts --out DIR [--trials 1000] [--seconds 0.2] [--mode exact] [--json]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../../env/index.mjs';
import { openDataset, verifyDataset } from '../../src/dataset/index.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    trials: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '0.2' },
    mode: { type: 'string', default: 'exact' },
    json: { type: 'boolean', default: false },
  },
});
const { out, seconds, mode } = values;
if (out === undefined) throw new TypeError('--out takes a folder for the data set');
const trials = Number(values.trials);

/** Memory of the processes at a moment (MB). */
interface Sample {
  readonly committed: number;
  readonly main: number;
  /** The largest of the workers. */
  readonly worker: number;
}

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb ?? 0) / 1024;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** The process that has workers, and they. */
function family(pid: number): { readonly main: number; readonly workers: readonly number[] } | null {
  const children = childrenOf(pid);
  const isWorker = (child: number): boolean => /shard-worker/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8'));
  if (children.some(isWorker)) return { main: pid, workers: children.filter(isWorker) };
  for (const child of children) {
    const found = family(child);
    if (found !== null) return found;
  }
  return null;
}

function sample(command: ChildProcess, folder: string): Sample | null {
  try {
    const found = family(command.pid ?? 0);
    if (found === null) return null;
    const committed = readdirSync(join(folder, 'trials')).length;
    return { committed, main: residentMb(found.main), worker: Math.max(...found.workers.map(residentMb)) };
  } catch {
    // A process ended while we looked.
    return null;
  }
}

interface Run {
  readonly code: number | null;
  readonly seconds: number;
  /** From Ctrl-C to the end (ms). */
  readonly stopMs: number | null;
  readonly samples: readonly Sample[];
}

/** Runs the command, to its end or until so many trials are there. */
async function run(folder: string, until: number): Promise<Run> {
  const args = ['simulate', '--engine', 'solver', '--mode', mode, '--trials', String(trials), '--seconds', seconds];
  const started = performance.now();
  const command = spawn(
    process.execPath,
    [join(packageFolder(), 'bin', 'twincell.mjs'), ...args, '--seed', '7', '--neuron-share', '0', '--out', folder],
    { stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  );
  const samples: Sample[] = [];
  let stopped: number | null = null;
  const timer = setInterval(() => {
    const now = sample(command, folder);
    if (now === null || stopped !== null) return;
    samples.push(now);
    if (now.committed < until) return;
    stopped = performance.now();
    process.kill(-(command.pid ?? 0), 'SIGINT');
  }, 250);
  const code = await new Promise<number | null>((done) => command.on('close', done));
  clearInterval(timer);
  const ended = performance.now();
  return { code, seconds: (ended - started) / 1000, stopMs: stopped === null ? null : ended - stopped, samples };
}

const first = await run(out, Math.floor(trials / 2));
const journal = join(out, 'journal.jsonl');
const journalKb = existsSync(journal) ? statSync(journal).size / 1024 : Number.NaN;
const second = await run(out, Number.POSITIVE_INFINITY);
const dataset = await openDataset(out);
const problems = await verifyDataset(dataset);
const all = [...first.samples, ...second.samples];
/** The largest in each fifth of the trials. */
const fifths = Array.from({ length: 5 }, (_, k) => {
  const inside = all.filter(({ committed }) => Math.floor((5 * committed) / trials) === k);
  const largest = (of: (one: Sample) => number): number => Math.round(Math.max(...inside.map(of)));
  return {
    trials: Math.round(((k + 1) * trials) / 5),
    main: largest((one) => one.main),
    worker: largest((one) => one.worker),
  };
});
const result = {
  mode,
  trials,
  seconds: Number(seconds),
  node: process.versions.node,
  codes: [first.code, second.code],
  wallSeconds: [first.seconds, second.seconds],
  stopMs: first.stopMs,
  journalKb,
  manifestKb: statSync(join(out, 'manifest.json')).size / 1024,
  whole: problems.length === 0 && dataset.manifest.shards.length === trials,
  fifths,
};
if (values.json) console.log(JSON.stringify(result));
else {
  const [before, after] = result.wallSeconds.map((s) => (s ?? Number.NaN).toFixed(0));
  console.log(`${trials} trials of ${seconds} s, mode ${mode}, Node ${result.node}: ${before} s, stopped, ${after} s`);
  console.log(`  Ctrl-C to the end: ${result.stopMs?.toFixed(0)} ms; exit codes ${result.codes.join(', ')}`);
  console.log(
    `  journal ${journalKb.toFixed(0)} kB at the stop, manifest ${result.manifestKb.toFixed(0)} kB at the end`,
  );
  console.log(`  every trial there and whole: ${result.whole ? 'yes' : 'no'}`);
  for (const { trials: count, main, worker } of fifths) {
    console.log(`  up to trial ${count}: at most ${main} MB in the main process, ${worker} MB in a worker`);
  }
}
