/**
 * The bridge with a real Python child, and what goes wrong between the two: whoever dies, hangs, lies or breaks off, the
 * other side learns of it, and nothing is left running.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { float64Column, makeFloat64Table } from '../../src/bridge/arrow.ts';
import { PART_WINDOW } from '../../src/bridge/envelope.ts';
import { type LaunchOptions, launchSidecar, type Sidecar } from '../../src/bridge/sidecar.ts';
import { EnvironmentError, InterruptedError, ProtocolError, RemoteError, SidecarDiedError } from '../../src/errors.ts';
import { collect } from '../fixtures/collect.ts';

const MINUTE = 60_000;
const windows = process.platform === 'win32';
const tests = fileURLToPath(new URL('../../python/tests/', import.meta.url));
const parent = fileURLToPath(new URL('../fixtures/bridge-parent.ts', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'bridge-test-'));
const any = Type.Object({});
const method = (name: string) => ({ name, params: any, result: Type.Object({ index: Type.Integer() }) });
const echo = { name: 'echo', params: any, result: any };
const count = {
  name: 'count',
  params: Type.Object({
    parts: Type.Integer(),
    rows: Type.Optional(Type.Integer()),
    log: Type.Optional(Type.String()),
  }),
  result: Type.Object({ index: Type.Integer() }),
};

let python = '';
const open: Sidecar[] = [];

function start(options: Partial<LaunchOptions> = {}): Promise<Sidecar> {
  return launchSidecar({ python, kind: 'echo', module: 'echo_kind', env: { PYTHONPATH: tests }, ...options });
}

/** Starts a sidecar that is closed after the test. */
async function launch(options: Partial<LaunchOptions> = {}): Promise<Sidecar> {
  const sidecar = await start(options);
  open.push(sidecar);
  return sidecar;
}

/** Waits for what comes for certain; the limit only keeps a broken test from hanging. */
function until<T>(condition: () => T): Promise<T> {
  return vi.waitUntil(condition, { timeout: MINUTE, interval: 10 }) as Promise<T>;
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

beforeAll(async () => {
  python = (await ensureEnvironment('neuron')).python;
}, 10 * MINUTE);
afterEach(async () => {
  await Promise.all(open.splice(0).map((sidecar) => sidecar.close()));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(windows ? ['tcp'] : ['ipc', 'tcp'])('over %s', (kind) => {
  test('values and tables go there and back, bit for bit', { timeout: MINUTE }, async () => {
    vi.stubEnv('TWINCELL_BRIDGE', kind);
    const sidecar = await launch();
    vi.unstubAllEnvs();
    const value = { text: 'µ∂ 🧠', list: [1, -2.5, 2 ** 53 - 1, null, true], nested: { empty: {} } };
    const bits = BigUint64Array.of(0x7ff8000000000123n, 0x8000000000000000n, 0x7ff0000000000000n, 1n);
    const table = makeFloat64Table({ v: new Float64Array(bits.buffer) });
    const [part] = await collect(sidecar.call(echo, value, { tables: { table } }));
    expect(part?.value).toEqual(value);
    const column = part?.tables.table === undefined ? null : float64Column(part.tables.table, 'v');
    expect(column && new BigUint64Array(column.slice().buffer)).toEqual(bits);
    expect(sidecar.info).toMatchObject({ kind: 'echo', versions: { echo: '1', python: expect.any(String) } });
    expect(sidecar.info.pid).not.toBe(process.pid);
  });
});

describe('calls', () => {
  let sidecar: Sidecar;
  beforeAll(async () => {
    sidecar = await start();
  }, MINUTE);
  afterAll(() => sidecar.close());

  test('give many parts in order, with progress that ends at the last step', { timeout: MINUTE }, async () => {
    const seen: number[] = [];
    const parts = await collect(
      sidecar.call(count, { parts: 50, rows: 20_000 }, { onProgress: ({ done }) => seen.push(done) }),
    );
    expect(parts.map(({ value }) => value.index)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    for (const { value, tables } of parts) {
      const column = tables.numbers === undefined ? new Float64Array() : float64Column(tables.numbers, 'x');
      expect(column).toEqual(new Float64Array(20_000).fill(value.index));
      // A view on the message as it arrived, headers and all: no copy.
      expect(column.buffer.byteLength).toBeGreaterThan(column.byteLength);
    }
    expect(seen.at(-1)).toBe(49);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('do not run ahead of a slow consumer', { timeout: MINUTE }, async () => {
    const log = join(scratch, 'made');
    const parts = sidecar.call(count, { parts: 100, log })[Symbol.asyncIterator]();
    const made = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0);
    await parts.next();
    // The window, and the one in the sidecar's hand that waits for credit.
    await until(() => made() === PART_WINDOW + 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(made()).toBe(PART_WINDOW + 1);
    for (let taken = 2; taken <= 100; taken++) await parts.next();
    expect((await parts.next()).done).toBe(true);
    expect(made()).toBe(100);
  });

  test('wait for one another and keep to themselves', { timeout: MINUTE }, async () => {
    const answers = await Promise.all(
      [0, 1, 2].map((call) => collect(sidecar.call(echo, { call })).then(([part]) => part?.value)),
    );
    expect(answers).toEqual([{ call: 0 }, { call: 1 }, { call: 2 }]);
  });

  test('that are aborted stop in Python, which tidies up and goes on to the next', { timeout: MINUTE }, async () => {
    const controller = new AbortController();
    const tidied = join(scratch, 'tidied');
    const onProgress = () => controller.abort();
    const call = collect(sidecar.call(method('work'), { tidied }, { signal: controller.signal, onProgress }));
    await expect(call).rejects.toBeInstanceOf(InterruptedError);
    expect(await collect(sidecar.call(echo, { next: true }))).toMatchObject([{ value: { next: true } }]);
    expect(readFileSync(tidied, 'utf8')).toBe('tidied up');
  });

  test('that are broken off stop in Python, also while it waits for credit', { timeout: MINUTE }, async () => {
    for await (const { value } of sidecar.call(count, { parts: 1_000_000 })) if (value.index === 3) break;
    expect(await collect(sidecar.call(echo, { next: true }))).toMatchObject([{ value: { next: true } }]);
  });

  test('that wait are cancelled before they begin', { timeout: MINUTE }, async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const running = collect(sidecar.call(method('work'), {}, { signal: first.signal }));
    const waiting = collect(sidecar.call(method('fail'), { how: 'exit' }, { signal: second.signal }));
    second.abort();
    await expect(waiting).rejects.toBeInstanceOf(InterruptedError);
    first.abort();
    await expect(running).rejects.toBeInstanceOf(InterruptedError);
    expect(await collect(sidecar.call(echo, {}))).toHaveLength(1);
  });
});

describe('errors in Python', () => {
  let sidecar: Sidecar;
  beforeAll(async () => {
    sidecar = await start();
  }, MINUTE);
  afterAll(() => sidecar.close());

  test('with a code arrive with it, remedy, details and traceback', { timeout: MINUTE }, async () => {
    const error: unknown = await collect(sidecar.call(method('fail'), { how: 'coded' })).catch((cause) => cause);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      code: 'cell-broken',
      message: 'the cell is broken',
      remedy: 'mend it',
      details: { file: 'a.asc', odd: '{1}' },
      traceback: expect.stringMatching(/echo_kind\.py", line \d+, in fail/),
    });
  });

  test.each<[string, RegExp]>([
    ['unforeseen', /ValueError: unforeseen/],
    ['nan', /\/value\/value: nan is not finite/],
    ['numpy', /float32/],
    ['result', /result of fail at .*wrong/],
    ['surrogate', /caf\\udce9/],
  ])('of kind %s are internal ones, and the sidecar lives on', { timeout: MINUTE }, async (how, message) => {
    const error: unknown = await collect(sidecar.call(method('fail'), { how })).catch((cause) => cause);
    expect(error).toMatchObject({ tag: 'Remote', code: 'internal', message: expect.stringMatching(message) });
    expect(await collect(sidecar.call(echo, {}))).toHaveLength(1);
  });

  test('refuse what this side let through: parameters, and methods it lacks', { timeout: MINUTE }, async () => {
    const loose = { ...count, params: any };
    await expect(collect(sidecar.call(loose, { parts: -1 }))).rejects.toMatchObject({
      tag: 'Remote',
      code: 'invalid-params',
      message: expect.stringMatching(/\/parts: -1 is less than/),
    });
    await expect(collect(sidecar.call(method('absent'), {}))).rejects.toMatchObject({ code: 'unknown-method' });
    const wrong = { parts: 'many' } as unknown as { parts: number };
    await expect(collect(sidecar.call(count, wrong))).rejects.toBeInstanceOf(ProtocolError);
    expect(await collect(sidecar.call(count, { parts: 2 }))).toHaveLength(2);
  });
});

describe('a sidecar', () => {
  test('that ends by itself fails its calls with status and last words', { timeout: MINUTE }, async () => {
    const sidecar = await launch();
    const error: unknown = await collect(sidecar.call(method('fail'), { how: 'exit' })).catch((cause) => cause);
    expect(error).toBeInstanceOf(SidecarDiedError);
    expect(error).toMatchObject({ status: 7, signal: null, stderr: expect.stringMatching(/last words$/) });
    await expect(collect(sidecar.call(echo, {}))).rejects.toBeInstanceOf(SidecarDiedError);
  });

  test.skipIf(windows)('that is killed fails all calls (Windows has no signals)', { timeout: MINUTE }, async () => {
    const sidecar = await launch();
    const calls = [sidecar.call(method('work'), {}), sidecar.call(echo, {})].map(collect);
    await new Promise<void>((resolve) => setImmediate(resolve));
    process.kill(sidecar.info.pid, 'SIGKILL');
    for (const call of calls) {
      const error: unknown = await call.catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(SidecarDiedError);
      expect(error).toMatchObject({ signal: 'SIGKILL', status: null });
    }
  });

  test('of another version or with other schemas is not let in', { timeout: MINUTE }, async () => {
    await expect(launch({ args: ['--other-version'] })).rejects.toThrow(/protocol version 99, this side has \d+/);
    const other = launch({ args: ['--other-schemas'] });
    await expect(other).rejects.toThrow(/schema hash (cd){32}, this side has [0-9a-f]{64}/);
    await expect(other).rejects.toBeInstanceOf(ProtocolError);
  });

  test('that cannot import what it needs says so', { timeout: MINUTE }, async () => {
    const error: unknown = await launch({ args: ['--fail-import'] }).catch((cause) => cause);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as Error).message).toMatch(/exit status 1.*No module named 'numpy'/s);
    await expect(launch({ python: join(scratch, 'no-python') })).rejects.toThrow(/ENOENT.*no-python/s);
  });

  test('that never says hello is given up, and ended', { timeout: MINUTE }, async () => {
    const pidFile = join(scratch, 'silent');
    const options = { module: 'silent_kind', args: [pidFile], helloTimeoutMs: 8_000 };
    const error: unknown = await launch(options).catch((cause) => cause);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as Error).message).toMatch(/not said hello within 8 s.*I say nothing/s);
    expect(runs(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  test('that is interrupted while it starts is ended', { timeout: MINUTE }, async () => {
    const pidFile = join(scratch, 'aborted');
    const controller = new AbortController();
    const starting = launch({ module: 'silent_kind', args: [pidFile], signal: controller.signal });
    const outcome = starting.catch((cause: unknown) => cause);
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    controller.abort();
    expect(await outcome).toBeInstanceOf(InterruptedError);
    expect(runs(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  test('closes while it works: its calls are interrupted, it tidies up, nothing is left', {
    timeout: MINUTE,
  }, async () => {
    const folder = mkdtempSync(join(scratch, 't'));
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder);
    const sidecar = await launch();
    vi.unstubAllEnvs();
    expect(readdirSync(folder)).toHaveLength(1);
    const tidied = join(scratch, 'closed');
    const parts = sidecar.call(method('work'), { tidied })[Symbol.asyncIterator]();
    await parts.next();
    const next = parts.next().catch((cause: unknown) => cause);
    await Promise.all([sidecar.close(), sidecar.close()]);
    expect(await next).toBeInstanceOf(InterruptedError);
    expect(readFileSync(tidied, 'utf8')).toBe('tidied up');
    expect(runs(sidecar.info.pid)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    await expect(collect(sidecar.call(echo, {}))).rejects.toBeInstanceOf(InterruptedError);
  });

  test.skipIf(windows)(
    'deaf to everything is ended by closing (Windows has no signals to be deaf to)',
    { timeout: MINUTE },
    async () => {
      const sidecar = await launch({ graceMs: 100 });
      await sidecar.call(method('work'), { deaf: true })[Symbol.asyncIterator]().next();
      await sidecar.close();
      expect(runs(sidecar.info.pid)).toBe(false);
    },
  );
});

describe.skipIf(windows)('a parent (Windows has no process groups)', () => {
  /** Starts one in a process group of its own, as a terminal does, and waits for its first line. */
  async function startParent(task: string) {
    const args = ['--conditions=twincell-source', parent, python, task];
    // One that is killed cannot remove its folder; here that goes with ours.
    const env = { ...process.env, TMPDIR: scratch };
    const child = spawn(process.execPath, args, { detached: true, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const read = async () => JSON.parse((await lines.next()).value ?? '{}') as { pid?: number; answered?: boolean };
    const { pid } = await read();
    if (pid === undefined || child.pid === undefined) throw new Error(`the parent did not start (${task})`);
    return { child, sidecar: pid, group: child.pid, read };
  }

  test.each(['idle', 'busy'])('that is killed takes its %s sidecar along', { timeout: MINUTE }, async (task) => {
    const { child, sidecar } = await startParent(task);
    expect(runs(sidecar)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !runs(sidecar));
  });

  // Elsewhere it ends when the handler next lets the interpreter go.
  test.skipIf(process.platform !== 'linux')(
    'that is killed takes along a sidecar that holds the interpreter (only Linux ends a child with its parent)',
    {
      timeout: MINUTE,
    },
    async () => {
      const { child, sidecar } = await startParent('deaf');
      child.kill('SIGKILL');
      await until(() => !runs(sidecar));
    },
  );

  test.each(['exit', 'throw'])('that ends without closing (%s) leaves nothing', { timeout: MINUTE }, async (task) => {
    const { sidecar } = await startParent(task);
    await until(() => !runs(sidecar));
  });

  test('decides what Ctrl-C means: the sidecar ignores it', { timeout: MINUTE }, async () => {
    const { sidecar, group, read } = await startParent('interrupt');
    process.kill(-group, 'SIGINT');
    expect(await read()).toEqual({ answered: true });
    await until(() => !runs(sidecar));
  });
});
