/** Folders that others use or own, and commands used wrongly by programs. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { createStore } from '../../src/engine/kept.ts';
import { claimFolder } from '../../src/launch/claim.ts';
import { COMMAND, twincell } from '../fixtures/cli.ts';
import { writeSmallModel } from '../fixtures/small-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-folders-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Claims a folder in a process of its own and holds it until it is killed. */
async function holdElsewhere(place: string) {
  const module = JSON.stringify(join(packageFolder(), 'src', 'launch', 'claim.ts'));
  const code = `
    const { claimFolder } = await import(${module});
    await claimFolder(${JSON.stringify(place)}, () => new Promise(() => { console.log('held'); setInterval(() => {}, 1e6); }));`;
  const args = ['--conditions=twincell-source', '--input-type=module', '--eval', code];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((held) => child.stdout.once('data', held));
  return {
    pid: child.pid,
    end: () =>
      new Promise((gone) => {
        child.once('exit', gone);
        child.kill('SIGKILL');
      }),
  };
}

test('a folder that another process works on is refused, and free once that process is dead', async () => {
  const place = join(folder, 'claimed');
  const holder = await holdElsewhere(place);
  try {
    await expect(claimFolder(place, async () => 1)).rejects.toMatchObject({
      tag: 'Usage',
      message: expect.stringContaining(`process ${holder.pid} has been working on ${place}`),
    });
    expect(await claimFolder(join(folder, 'another'), async () => 2)).toBe(2);
  } finally {
    await holder.end();
  }
  expect(await claimFolder(place, async () => 3)).toBe(3);
  // An error of the work itself comes out as it is, and frees the folder, too.
  await expect(claimFolder(place, () => Promise.reject(new RangeError('mine')))).rejects.toThrow(RangeError);
  expect(await claimFolder(place, async () => 4)).toBe(4);
});

test('a run into a folder of another experiment leaves that folder as it is', async () => {
  const models = await writeSmallModel(join(folder, 'models'));
  const file = join(folder, 'experiment.json');
  const experiment = { cell: { model: 'small' }, simulation: { trials: 1, seconds: 0.05 } };
  await writeFile(file, JSON.stringify(experiment));
  const out = join(folder, 'run');
  expect((await twincell(['run', file, '--models', models, '--out', out])).code).toBe(0);
  const before = await readFile(join(out, 'experiment.json'), 'utf8');
  const other = await twincell(['run', file, '--models', models, '--out', out, '--seed', '99']);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('another experiment');
  expect(await readFile(join(out, 'experiment.json'), 'utf8')).toBe(before);
});

describe('wrong use with --json', () => {
  test.each([
    [['simulate', '--trials', 'many', '--json'], 'simulate', /many/],
    [['crosscheck', '--json', '--no-such-option'], 'crosscheck', /no-such-option/],
    [['no-such-command', '--json'], 'no-such-command', /no-such-command/],
  ] as const)('%j ends with an object that says so', async (args, command, words) => {
    const { code, json, stderr } = await twincell(args);
    expect(code).toBe(2);
    expect(json).toMatchObject({ command, error: { tag: 'Usage', message: expect.stringMatching(words) } });
    expect(stderr).toMatch(words);
  });

  test('help is no error', async () => {
    const { code, stdout } = await twincell(['simulate', '--help', '--json']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('"error"');
  });
});

test('a cache that cannot be made is named, with what to do', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const args = ['simulate', '--trials', '1', '--seconds', '0.05', '--out', join(folder, 'x')];
  const { code, stderr } = await twincell(args, { env: { TWINCELL_CACHE: join(file, 'cache') } });
  expect(code).toBe(3);
  expect(stderr).toMatch(/cache folder .*a-file.* cannot be used/);
  expect(stderr).toContain('ENOTDIR');
  expect(stderr).toContain('TWINCELL_CACHE');
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
});

test('code that Node kept and that was damaged since is made again, and pruning takes it and what the solver kept away', async () => {
  const cache = join(folder, 'cache-code');
  await mkdir(cache);
  const help = () =>
    twincell(['simulate', '--help'], { env: { TWINCELL_CACHE: cache, NODE_COMPILE_CACHE: undefined } });
  createStore(join(cache, 'solver')).keep('a key', new Uint8Array(8));
  const first = await help();
  const kept = (await readdir(join(cache, 'code'), { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  expect(kept.length).toBeGreaterThan(50);
  for (const { parentPath, name } of kept) {
    const path = join(parentPath, name);
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0xff, bytes.length >> 1));
  }
  const again = await help();
  expect(again).toEqual(first);
  expect(first.code).toBe(0);
  const { json } = await twincell(['cache', 'prune', '--all', '--json'], { env: { TWINCELL_CACHE: cache } });
  expect(json.removed).toContainEqual(expect.objectContaining({ kind: 'code', name: 'code' }));
  expect(json.removed).toContainEqual(expect.objectContaining({ kind: 'solver', name: 'solver' }));
});

test('pruning the cache keeps the file of ModelDB, and takes away other old models', async () => {
  const cache = join(folder, 'cache');
  const old = new Date(Date.now() - 60 * 86_400_000);
  for (const name of ['modeldb-139653', 'bluepyopt-0.0.1-000000000000']) {
    const place = join(cache, 'models', name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'cell1.asc'), 'a cell');
    await utimes(place, old, old);
  }
  const { code, json } = await twincell(['cache', 'prune', '--json'], { env: { TWINCELL_CACHE: cache } });
  expect(code).toBe(0);
  expect(json).toMatchObject({ removed: [{ name: 'bluepyopt-0.0.1-000000000000' }] });
  expect(await readdir(join(cache, 'models'))).toEqual(['modeldb-139653']);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('exec passes %s on to its command', async (signal) => {
  const code = `process.on('${signal}', () => { console.log('told'); process.exit(7); }); console.log('up'); setInterval(() => {}, 1e6);`;
  const [file = '', ...args] = [...COMMAND, 'exec', '--', process.execPath, '--eval', code];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const ended = new Promise<number | null>((done) => child.on('close', done));
  child.stdout.on('data', (text: Buffer) => {
    if (!said.includes('up') && text.toString().includes('up')) child.kill(signal);
    said += text.toString();
  });
  expect(await ended).toBe(7);
  expect(said).toContain('told');
});
