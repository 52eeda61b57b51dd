/** Set-up on machines that lack something, are used twice at once, or lose power: what it says, and what it leaves. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheFolder, ensureEnvironment, ensureMechanisms, packageFolder } from '../../env/index.mjs';
import { openDataset, verifyDataset } from '../../src/dataset/index.ts';
import { twincell } from '../fixtures/cli.ts';
import { LEAK_MOD } from '../fixtures/small-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-setup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ENV = pathToFileURL(join(packageFolder(), 'env')).href;

interface Said {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Starts a program of its own that uses env/, as another command would. */
function start(program: string, env: NodeJS.ProcessEnv = {}): { child: ChildProcess; said: Promise<Said> } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const said = new Promise<Said>((done) => {
    child.on('close', (code) => done({ code, stderr, lines: stdout.split('\n').filter((line) => line !== '') }));
  });
  return { child, said };
}

const HOLD = `
import { withLock } from '${ENV}/lock.mjs';
await withLock('test-lock', async () => {
  console.log('in ' + process.pid);
  await new Promise((done) => setTimeout(done, Number(process.env.HOLD_MS)));
  console.log('out ' + process.pid);
});`;

describe('a lock of the cache', () => {
  const env = () => ({ TWINCELL_CACHE: join(folder, 'locks') });

  /** Waits for the first line of a child. */
  const first = (child: ChildProcess) => new Promise<void>((done) => child.stdout?.once('data', () => done()));

  test('is held by one process at a time: a count that several read, raise and write is exact', async () => {
    const counter = join(folder, 'counter');
    await writeFile(counter, '0');
    const count = `
import { readFileSync, writeFileSync } from 'node:fs';
import { withLock } from '${ENV}/lock.mjs';
for (let k = 0; k < 5; k++) await withLock('count', async () => {
  const before = Number(readFileSync(process.env.COUNTER, 'utf8'));
  await new Promise((done) => setTimeout(done, 5));
  writeFileSync(process.env.COUNTER, String(before + 1));
});`;
    const runs = [1, 2, 3, 4].map(() => start(count, { ...env(), COUNTER: counter }));
    for (const { said } of runs) expect((await said).code).toBe(0);
    expect(await readFile(counter, 'utf8')).toBe('20');
  });

  test('of a process that was killed is taken over', async () => {
    const dead = start(HOLD, { ...env(), HOLD_MS: '600000' });
    await first(dead.child);
    dead.child.kill('SIGKILL');
    await dead.said;
    const next = await start(HOLD, { ...env(), HOLD_MS: '0' }).said;
    expect(next).toMatchObject({ code: 0 });
    expect(next.lines).toHaveLength(2);
  });
});

describe('compiled mechanisms', () => {
  /** A mechanism that no other test has compiled. */
  async function newMechanism(name: string): Promise<string> {
    const file = join(folder, name, 'ownleak.mod');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${LEAK_MOD}: ${name} ${process.pid} ${Date.now()}\n`);
    return file;
  }

  const COMPILE = `
import { ensureEnvironment, ensureMechanisms } from '${ENV}/index.mjs';
const environment = await ensureEnvironment('neuron');
let made = false;
const { library, folder } = await ensureMechanisms({ modFiles: [process.env.MOD], environment, report: ({ state }) => { made ||= state === 'start'; } });
console.log(JSON.stringify({ library, folder, made }));`;

  async function compiled(file: string): Promise<{ library: string; folder: string; made: boolean }> {
    const { code, lines, stderr } = await start(COMPILE, { MOD: file }).said;
    expect(code, stderr).toBe(0);
    return JSON.parse(lines.at(-1) ?? '');
  }

  async function loads(library: string): Promise<void> {
    const { python } = await ensureEnvironment('neuron');
    const script = `from neuron import h; import sys; h.nrn_load_dll(sys.argv[1]); s = h.Section(name="s"); s.insert("ownleak")`;
    const { status, stderr } = spawnSync(python, ['-c', script, library], { encoding: 'utf8', cwd: folder });
    expect(status, stderr).toBe(0);
  }

  test('wanted by two commands at once are made once, whole', async () => {
    const file = await newMechanism('at-once');
    const both = await Promise.all([compiled(file), compiled(file)]);
    expect(both[0].library).toBe(both[1].library);
    expect(both.map(({ made }) => made).sort()).toEqual([false, true]);
    await loads(both[0].library);
    const ruins = await readdir(join(cacheFolder(), 'building')).catch(() => []);
    expect(ruins.filter((name) => name.includes(both[0].folder.split('/').at(-1) ?? '?'))).toEqual([]);
  });

  test('bring along what they include, from two folders of the same name and from above, and are made anew when it changes', async () => {
    const root = join(folder, 'including');
    const write = async (name: string, text: string): Promise<string> => {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
      return join(root, name);
    };
    const leak = (name: string) =>
      `NEURON { SUFFIX ${name} NONSPECIFIC_CURRENT i RANGE g }\nINCLUDE "../shared/g.inc"\nASSIGNED { v i }\nBREAKPOINT { i = g*v }\n`;
    const modFiles = [
      await write('one/mod/first.mod', leak('first')),
      await write('two/mod/second.mod', leak('second')),
      await write('plain.mod', LEAK_MOD),
    ];
    await write('one/shared/g.inc', 'PARAMETER { g = 0.25 }\n');
    await write('two/shared/g.inc', 'PARAMETER { g = 0.5 }\n');
    const environment = await ensureEnvironment('neuron');
    const script = `
from neuron import h
import sys
h.nrn_load_dll(sys.argv[1])
s = h.Section(name="s")
for name in "first", "second", "ownleak":
    s.insert(name)
print(s(0.5).first.g, s(0.5).second.g, s(0.5).ownleak.g)`;
    const values = (library: string): string => {
      const { status, stdout, stderr } = spawnSync(environment.python, ['-c', script, library], {
        encoding: 'utf8',
        cwd: folder,
      });
      expect(status, stderr).toBe(0);
      return stdout.trim();
    };
    expect(values((await ensureMechanisms({ modFiles, environment })).library)).toBe('0.25 0.5 1e-05');
    await write('two/shared/g.inc', 'PARAMETER { g = 0.75 }\n');
    expect(values((await ensureMechanisms({ modFiles, environment })).library)).toBe('0.25 0.75 1e-05');
  });

  test('without their completion marker, as after a power cut, are made anew', async () => {
    const file = await newMechanism('marker');
    const before = await compiled(file);
    await rm(join(before.folder, '.complete.json'));
    await writeFile(before.library, 'half a library');
    expect((await compiled(file)).made).toBe(true);
    await loads(before.library);
  });
});

describe('an archive of model files', () => {
  test('with other contents than locked is refused by its hash, and nothing of it is unpacked', async () => {
    const other = Buffer.from('not the archive');
    const lock = JSON.parse(await readFile(join(packageFolder(), 'env', 'models.lock.json'), 'utf8'));
    const { file, sha256 } = Object.values(lock).find((entry) => typeof entry === 'object') as {
      file: string;
      sha256: string;
    };
    expect(createHash('sha256').update(other).digest('hex')).not.toBe(sha256);
    // An index that promises the right hash and delivers other bytes.
    const server = createServer((request, response) => {
      if (request.url?.endsWith('.tar.gz')) response.end(other);
      else {
        response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
        const files = [{ filename: file, url: `/files/${file}`, hashes: { sha256 } }];
        response.end(JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'bluepyopt', files }));
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
    const cache = join(folder, 'cache-corrupt');
    try {
      const program = `
import { ensureModelFiles } from '${ENV}/index.mjs';
await ensureModelFiles().catch((error) => { console.log(error.text); process.exitCode = error.exitCode; });`;
      const env = {
        TWINCELL_CACHE: cache,
        UV_DEFAULT_INDEX: address,
        PIP_INDEX_URL: address,
        PIP_FIND_LINKS: '',
        UV_FIND_LINKS: '',
      };
      const { code, lines } = await start(program, env).said;
      expect(lines.join('\n')).toMatch(/sha256/);
      expect(lines.join('\n')).toContain(sha256);
      expect(code).toBe(3);
      expect(await readdir(join(cache, 'models')).catch(() => [])).toEqual([]);
    } finally {
      server.close();
    }
  });
});

describe('a checkout whose node_modules is a link', () => {
  /** A checkout with nothing in it but set-up, whose packages are elsewhere. */
  async function checkout(name: string): Promise<{ readonly root: string; readonly packages: string }> {
    const [root, packages] = [join(folder, name), join(folder, `${name}-packages`)];
    await cp(join(packageFolder(), 'env'), join(root, 'env'), { recursive: true });
    await mkdir(join(root, 'src'), { recursive: true });
    await writeFile(join(root, 'src', 'errors.ts'), '');
    // Its one package is a folder of its own: npm needs no registry.
    const own = { name: 'linked', version: '1.0.0', dependencies: { own: 'file:own' } };
    await mkdir(join(root, 'own'));
    await writeFile(join(root, 'own', 'package.json'), '{ "name": "own", "version": "1.0.0" }');
    await writeFile(join(root, 'package.json'), JSON.stringify({ ...own, type: 'module' }));
    const places = { '': own, own: { version: '1.0.0' }, 'node_modules/own': { resolved: 'own', link: true } };
    await writeFile(join(root, 'package-lock.json'), JSON.stringify({ ...own, lockfileVersion: 3, packages: places }));
    await mkdir(join(packages, 'kept'), { recursive: true });
    await writeFile(join(packages, 'kept', 'index.js'), 'kept');
    await symlink(packages, join(root, 'node_modules'), 'junction');
    return { root, packages };
  }

  const setUp = (root: string) =>
    spawnSync(process.execPath, [join(root, 'env', 'setup.mjs'), '--for', 'node'], {
      encoding: 'utf8',
      env: { ...process.env, TWINCELL_CACHE: join(folder, 'cache-link') },
    });

  test('is refused by its path, and what it points to stays; a folder of its own is filled', async () => {
    const { root, packages } = await checkout('linked');
    const refused = setUp(root);
    expect(refused.status, refused.stderr).toBe(3);
    expect(refused.stderr).toContain(`${join(root, 'node_modules')} is a symbolic link`);
    expect(refused.stderr).toContain(packages);
    expect(refused.stderr).toMatch(/do:.*remove the link/);
    expect(refused.stderr).not.toMatch(/^\s+at /m);
    expect(await readFile(join(packages, 'kept', 'index.js'), 'utf8')).toBe('kept');
    await rm(join(root, 'node_modules'));
    const made = setUp(root);
    expect(made.status, made.stderr).toBe(0);
    expect(existsSync(join(root, 'node_modules', 'own', 'package.json'))).toBe(true);
  });

  test('is left alone where it has what the lock asks for', async () => {
    const { root, packages } = await checkout('current');
    const lock = await readFile(join(root, 'package-lock.json'));
    const { sha256Of } = await import(`${ENV}/hashes.mjs`);
    await writeFile(join(packages, '.twincell-lock'), sha256Of([lock, `${process.platform}-${process.arch}`]));
    expect(setUp(root).status).toBe(0);
    expect(existsSync(join(packages, 'kept', 'index.js'))).toBe(true);
  });
});

/** A stand-in for an interpreter that answers set-up's questions about itself with these words. */
async function pretendPython(name: string, answer: Readonly<Record<string, unknown>>): Promise<string> {
  const file = join(folder, name);
  const usual = {
    file,
    version: '3.11.7',
    implementation: 'cpython',
    bits: 64,
    platform: 'x',
    hasVenv: true,
    freeThreaded: false,
  };
  await writeFile(file, `#!/bin/sh\necho '${JSON.stringify({ ...usual, ...answer })}'\n`);
  await chmod(file, 0o755);
  return file;
}

describe('a machine that lacks something', () => {
  // A model of our own, so that the Python environment is the first thing that is needed.
  const models = join(packageFolder(), 'examples', 'own-model');
  const simulate = ['simulate', '--model', 'small', '--models', models, '--trials', '1', '--seconds', '0.05', '--out'];
  /** Nothing but the system's own commands: no uv, no version managers. */
  const bare = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);

  async function refused(name: string, env: Record<string, string>, through: readonly string[] = []) {
    const all = { TWINCELL_CACHE: join(folder, `cache-${name}`), ...env };
    const result = await twincell([...simulate, join(folder, `out-${name}`)], { env: all, through });
    expect(result.code, result.stderr).toBe(3);
    expect(result.stderr).not.toMatch(/Traceback|^\s+at /m);
    expect(result.stderr).toMatch(/do:/);
    expect(result.orphans).toEqual([]);
    expect(existsSync(join(folder, `out-${name}`, 'trials'))).toBe(false);
    return result.stderr;
  }

  test('a Python that is too old is named with what is required', async () => {
    const python = await pretendPython('old-python', { version: '3.8.1' });
    expect(await refused('old', { TWINCELL_PYTHON: python, PATH: bare })).toMatch(/3\.8\.1 is too old[\s\S]*3\.10/);
  });

  test('the solver’s trials are kept where NEURON cannot run its share, and the same command completes them', async () => {
    const python = await pretendPython('old-python-share', { version: '3.8.1' });
    const out = join(folder, 'out-share');
    const args = [...simulate, out, '--engine', 'solver', '--json'];
    const env = { TWINCELL_CACHE: join(folder, 'cache-share'), TWINCELL_PYTHON: python, PATH: bare };
    const failed = await twincell(args, { env });
    expect(failed.code, failed.stderr).toBe(3);
    expect(failed.json.error).toMatchObject({ tag: 'NeuronCheck', path: out, unchecked: [0] });
    expect(failed.stderr).toMatch(/3\.8\.1 is too old[\s\S]*--neuron-share 0/);
    const dataset = await openDataset(out);
    expect(await verifyDataset(dataset)).toEqual([]);
    const without = await twincell([...args, '--neuron-share', '0'], { env });
    expect([without.code, without.json.trials]).toEqual([0, 1]);
    const completed = await twincell(args);
    expect(completed.code, completed.stderr).toBe(0);
    expect(completed.json.neuron).toMatchObject({ trials: 1, agrees: true });
    expect((await openDataset(out)).manifest.shards).toEqual(dataset.manifest.shards);
  });

  test('a Python without venv: how to get it', async ({ skip }) => {
    skip(
      spawnSync('uv', ['--version'], { env: { PATH: bare } }).status === 0,
      'uv is among the system’s commands: venv is not needed',
    );
    const python = await pretendPython('no-venv', { hasVenv: false });
    expect(await refused('venv', { TWINCELL_PYTHON: python, PATH: bare })).toMatch(/venv/);
  });

  test('no network and an empty cache: what could not be reached', async ({ skip }) => {
    skip(
      spawnSync('unshare', ['-rn', 'true']).status !== 0,
      'this system lets nobody make a network namespace (unshare -rn)',
    );
    expect(await refused('network', {}, ['unshare', '-rn'])).toMatch(/could not be reached|network/i);
  });
});
