/** What goes wrong on users' machines: each ends with a message, the right exit code, and nothing left behind. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset, verifyDataset } from '../../src/dataset/index.ts';
import { type CliResult, interruptGroup, twincell } from '../fixtures/cli.ts';
import { LEAK_MOD, SMALL_ASC, writeSmallModel } from '../fixtures/small-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-faults-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A message for people: short, no stack, no traceback, nothing left running. */
function expectTidy(result: CliResult, code: number): void {
  expect(result.stderr).not.toMatch(/Traceback|^\s+at .*:\d+:\d+|internal error/m);
  expect(result.stderr.split('\n').length).toBeLessThan(40);
  expect(result.orphans).toEqual([]);
  expect(result.code).toBe(code);
}

describe('a wrong experiment file', () => {
  test('is refused by file and path', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, JSON.stringify({ simulation: { dt: 'fast' }, sede: 3 }));
    const result = await twincell(['run', file]);
    expectTidy(result, 2);
    expect(result.stderr).toContain(`${file}: /simulation/dt: expected number, found "fast"`);
    expect(result.stderr).toContain('/sede: expected no such key');
  });

  test('that is not JSON, not there, or of another kind', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{ "seed": ');
    for (const [path, words] of [
      [file, 'expected JSON'],
      [join(folder, 'nowhere.json'), 'ENOENT'],
      [join(folder, 'experiment.yaml'), 'cannot read'],
    ] as const) {
      const result = await twincell(['simulate', path, '--out', join(folder, 'x')]);
      expectTidy(result, 2);
      expect(result.stderr).toContain(words);
    }
  });

  test('a .ts file in a CommonJS package gets both cures', async () => {
    const own = join(folder, 'commonjs');
    await mkdir(own);
    await writeFile(join(own, 'package.json'), '{ "type": "commonjs" }');
    const file = join(own, 'experiment.ts');
    await writeFile(file, "import { join } from 'node:path';\nexport const experiment = { name: join('a') };\n");
    const result = await twincell(['simulate', file, '--out', join(folder, 'x')]);
    expectTidy(result, 2);
    expect(result.stderr).toContain('experiment.mts');
    expect(result.stderr).toContain('"type": "module"');
  });

  test('a program that fails says where', async () => {
    const file = join(folder, 'fails.mts');
    await writeFile(file, "\nthrow new Error('no such cell');\n");
    const result = await twincell(['simulate', file, '--out', join(folder, 'x')]);
    expectTidy(result, 2);
    expect(result.stderr).toMatch(/fails\.mts:2:\d+: no such cell/);
  });
});

describe('a model', () => {
  const simulate = (models: string, ...more: string[]) => [
    'simulate',
    '--model',
    'small',
    '--models',
    models,
    '--trials',
    '1',
    '--seconds',
    '0.05',
    '--out',
    join(models, 'out'),
    ...more,
  ];

  test('that does not exist is named beside those that do', async () => {
    const result = await twincell(['simulate', '--model', 'l5pc', '--out', join(folder, 'x')]);
    expectTidy(result, 2);
    expect(result.stderr).toContain('l5pc-bbp, l5pc-hay');
  });

  test('whose morphology is cut short is refused by file', async () => {
    const models = await writeSmallModel(join(folder, 'cut'), { morphology: SMALL_ASC.slice(0, -25) });
    const result = await twincell(simulate(models));
    expectTidy(result, 2);
    expect(result.stderr).toContain('small.asc');
  });

  test('whose .mod file does not compile is refused by file and line', async () => {
    const models = await writeSmallModel(join(folder, 'broken'), {
      mod: LEAK_MOD.replace('i = g * (v - e)', 'i = g * (v - e'),
    });
    const result = await twincell(simulate(models));
    expectTidy(result, 2);
    expect(result.stderr).toMatch(/ownleak\.mod:\d+/);
  });

  test('that needs a compiler where there is none says how to get one', async () => {
    // Other text than in other tests, so that no compiled library of it is in the cache.
    const models = await writeSmallModel(join(folder, 'compilerless'), {
      mod: `${LEAK_MOD}: ${process.pid}.${Date.now()}\n`,
    });
    const tools = join(folder, 'tools');
    await mkdir(tools);
    // A PATH with all that a system has but compilers.
    for (const name of [
      'sh',
      'bash',
      'env',
      'uname',
      'tar',
      'gzip',
      'make',
      'python3',
      'mkdir',
      'rm',
      'cp',
      'ls',
      'cat',
    ]) {
      const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
      if (found !== '') await symlink(found, join(tools, name)).catch(() => {});
    }
    const env = {
      PATH: [dirname(process.execPath), tools].join(delimiter),
      CXX: '',
      CC: '',
      TWINCELL_PYTHON: systemPython(),
    };
    const result = await twincell(simulate(models), { env });
    expectTidy(result, 3);
    expect(result.stderr).toMatch(/compiler/);
  });
});

/** The interpreter itself: shims of version managers need a PATH of their own. */
function systemPython(): string {
  return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
}

/** Whether this machine lets us mount a small file system of our own. */
function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' }).status === 0;
}

describe('a full disk', () => {
  test('while shards are written keeps what is whole, and says what to do', async ({ skip }) => {
    skip(!canMount(), 'no user namespace with mounts on this machine');
    const mount = join(folder, 'small-disk');
    const copy = join(folder, 'what-was-left');
    await mkdir(mount);
    await mkdir(copy);
    const models = await writeSmallModel(join(folder, 'models'));
    // Room for some trials; what is left there is copied out before the file system goes.
    const script = `mount -t tmpfs -o size=400k tmpfs "${mount}" && { "$@"; code=$?; cp -a "${mount}/." "${copy}/"; exit $code; }`;
    const args = [
      'simulate',
      '--model',
      'small',
      '--models',
      models,
      '--trials',
      '40',
      '--seconds',
      '0.5',
      '--workers',
      '1',
    ];
    const result = await twincell([...args, '--out', mount], { through: ['unshare', '-rm', 'sh', '-c', script, 'sh'] });
    expectTidy(result, 3);
    expect(result.stderr).toContain('no space left');
    expect(result.stderr).toContain('--out');
    const left = await readdir(copy, { recursive: true });
    expect(left.filter((name) => name.includes('.part'))).toEqual([]);
    const dataset = await openDataset(copy);
    expect(dataset.manifest.shards.length).toBeGreaterThan(0);
    const problems = await verifyDataset(dataset);
    // Unfinished, but every shard that is named is whole.
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('incomplete');
  });
});

describe('Ctrl-C', () => {
  test('in the middle of a trial ends everything within seconds, with 130', async () => {
    const out = join(folder, 'interrupted');
    let asked = false;
    const result = await twincell(['simulate', '--trials', '2', '--seconds', '6', '--out', out], {
      onStart(child) {
        child.stderr?.on('data', (text: string) => {
          // Progress in simulated time: the sidecars are in the middle of a trial.
          if (asked || !/ of 12 s/.test(text)) return;
          asked = true;
          interruptGroup(child);
        });
      },
    });
    expectTidy(result, 130);
    expect(result.stderr).toMatch(/stopped/);
    expect(await readdir(join(out, 'trials'))).toEqual([]);
  });

  test('during a cross-check too', async () => {
    const result = await twincell(['crosscheck', '--passive', '--seconds', '60'], {
      onStart(child) {
        child.stderr?.once('data', () => interruptGroup(child));
      },
    });
    expectTidy(result, 130);
  });

  test('twice does not wait for a tidy end, and leaves nothing behind either', async () => {
    const result = await twincell(['simulate', '--trials', '2', '--seconds', '6', '--out', join(folder, 'twice')], {
      onStart(child) {
        child.stderr?.once('data', () => {
          interruptGroup(child);
          interruptGroup(child);
        });
      },
    });
    expect(result.code).toBe(130);
    expect(result.orphans).toEqual([]);
  });
});

test('killing the command outright leaves no sidecar behind', async () => {
  let pid = 0;
  const result = await twincell(['simulate', '--trials', '2', '--seconds', '6', '--out', join(folder, 'killed')], {
    onStart(child) {
      child.stderr?.once('data', () => {
        pid = child.pid ?? 0;
        // Only the process the user sees, not its group: what it started must notice by itself.
        process.kill(pid, 'SIGKILL');
      });
    },
  });
  expect(result.code).toBe(null);
  // Its pipes close when the last of its children has ended, so the command is over; nothing may be left.
  expect(result.orphans).toEqual([]);
});

test('a folder that holds the data of another experiment is refused', async () => {
  const models = await writeSmallModel(join(folder, 'models'));
  const args = [
    'simulate',
    '--model',
    'small',
    '--models',
    models,
    '--trials',
    '1',
    '--seconds',
    '0.05',
    '--out',
    join(folder, 'taken'),
  ];
  expect((await twincell(args)).code).toBe(0);
  const result = await twincell([...args, '--seed', '99']);
  expectTidy(result, 2);
  expect(result.stderr).toContain('another experiment');
});

test('a folder that cannot be written to is refused', async ({ skip }) => {
  skip(process.platform === 'win32', 'paths of Windows differ');
  const models = await writeSmallModel(join(folder, 'models'));
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const args = [
    'simulate',
    '--model',
    'small',
    '--models',
    models,
    '--trials',
    '1',
    '--seconds',
    '0.05',
    '--out',
    join(file, 'data'),
  ];
  const result = await twincell(args);
  expectTidy(result, 2);
  expect(result.stderr).toContain('cannot write');
});

test('a broken pipe is no error', () => {
  const script = `"$0" "$1" --help | head -1`;
  const first = execFileSync('sh', ['-c', script, process.execPath, 'bin/twincell.mjs'], { encoding: 'utf8' });
  expect(first).toContain('Usage');
});
