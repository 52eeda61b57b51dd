/** Worker processes of the solver that die, and commands that are stopped while theirs are busy. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset, verifyDataset } from '../../src/dataset/index.ts';
import { type CliResult, interruptGroup, twincell } from '../fixtures/cli.ts';
import { writeSmallModel } from '../fixtures/small-model.ts';

let folder: string;
let models: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-workers-'));
  models = await writeSmallModel(join(folder, 'models'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TRIALS = 12;
const simulate = (out: string, workers: number): string[] => [
  ...['simulate', '--model', 'small', '--models', models, '--engine', 'solver', '--mode', 'exact'],
  ...['--trials', String(TRIALS), '--seconds', '2', '--neuron-share', '0'],
  ...['--workers', String(workers), '--out', join(folder, out)],
];

/** Ids of a command's worker processes, however deep below it. */
function workersOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => {
    const isWorker = /shard-worker\.[jt]s/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8'));
    return isWorker ? [child] : workersOf(child);
  });
}

/** Runs the command and does something to it once it has committed its first trial. */
async function disturbed(
  out: string,
  act: (child: ChildProcess, workers: readonly number[]) => void,
): Promise<CliResult> {
  let timer: NodeJS.Timeout | undefined;
  const result = await twincell(simulate(out, 2), {
    onStart(child) {
      timer = setInterval(() => {
        const trials = join(folder, out, 'trials');
        if (!existsSync(trials) || !readdirSync(trials).some((name) => /^\d+\.arrow$/.test(name))) return;
        clearInterval(timer);
        act(child, workersOf(child.pid ?? 0));
      }, 20);
    },
  });
  clearInterval(timer);
  return result;
}

/** What is there is whole, and less than was asked for; then it is completed by one worker. */
async function expectResumable(out: string): Promise<void> {
  const left = await openDataset(join(folder, out));
  const { length } = left.manifest.shards;
  expect(length).toBeGreaterThan(0);
  expect(length).toBeLessThan(TRIALS);
  expect(await verifyDataset(left)).toEqual([expect.stringContaining('incomplete')]);
  expect((await twincell(simulate(out, 1))).code).toBe(0);
}

/** Every file's bytes, by name. */
async function bytesOf(out: string): Promise<Map<string, string>> {
  const files = await readdir(join(folder, out), { recursive: true, withFileTypes: true });
  const named = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const read = async (file: string) => [file.slice(join(folder, out).length), await readFile(file, 'base64')] as const;
  return new Map(await Promise.all(named.sort().map(read)));
}

// Only Linux shows what processes a process has.
describe.skipIf(process.platform !== 'linux')('worker processes', () => {
  test('one that dies ends the command with its trial’s number; the rest is made by running it again, to the same bytes', async () => {
    const result = await disturbed('crashed', (_, [worker]) => {
      if (worker === undefined) throw new Error('there is no worker');
      process.kill(worker, 'SIGKILL');
    });
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/the worker process that ran trial \d+ was ended by SIGKILL/);
    expect(result.stderr).toMatch(/Run the same command again/);
    expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+|internal error/m);
    expect(result.orphans).toEqual([]);
    await expectResumable('crashed');
    // At once, by two workers: the same.
    expect((await twincell(simulate('whole', 2))).code).toBe(0);
    const whole = await bytesOf('whole');
    expect(whole.size).toBe(TRIALS + 1);
    expect(await bytesOf('crashed')).toEqual(whole);
  });

  test('end with Ctrl-C', async () => {
    const result = await disturbed('interrupted', (child) => interruptGroup(child));
    expect(result.code).toBe(130);
    expect(result.stderr).toMatch(/stopped/);
    expect(result.stderr).not.toMatch(/worker process/);
    expect(result.orphans).toEqual([]);
    await expectResumable('interrupted');
  });

  test('end by themselves where the process that started them is killed outright', async () => {
    let workers: readonly number[] = [];
    const result = await disturbed('killed', (_, found) => {
      workers = found;
      process.kill(parentOf(found[0] ?? 0), 'SIGKILL');
    });
    expect(result.code).toBe(128 + constants.signals.SIGKILL);
    expect(workers).toHaveLength(2);
    for (const pid of workers) while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
