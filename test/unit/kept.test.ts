/** What the solver keeps in the cache folder: the same bits as without, and never half of anything. */
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { CODE_FOLDERS, createStore } from '../../src/engine/kept.ts';
import type { KeptStore } from '../../src/kernel/wasm/kept.ts';
import type { Circuit } from '../../src/solver/index.ts';
import { circuits } from '../fixtures/random-circuit.ts';

const root = mkdtempSync(join(tmpdir(), 'twincell-kept-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(root, `folder-${folders++}`);

/** Where hh stands in these circuits. */
const HH = 2;

function circuitWithChannels(seed: number): Circuit {
  const [found] = fc.sample(
    circuits(12).filter(({ mechanisms }) => (mechanisms[HH]?.nodes.length ?? 0) > 2),
    { numRuns: 1, seed },
  );
  return found as Circuit;
}

interface Use {
  readonly asked: number;
  readonly kept: number;
}

/** The bits of all potentials of a run in modules that remember nothing of other runs, and what it asked of the store. */
async function runAnew(
  circuit: Circuit,
  store?: KeptStore,
  mode: 'exact' | 'fast' = 'fast',
): Promise<{ readonly bits: BigUint64Array; readonly use: Use }> {
  vi.resetModules();
  const { createCompiledSimulation } = await import('../../src/solver/compiled/index.ts');
  const use = { asked: 0, kept: 0 };
  const kept: KeptStore | undefined = store && {
    find(key) {
      use.asked++;
      return store.find(key);
    },
    keep(key, bytes) {
      use.kept++;
      store.keep(key, bytes);
    },
  };
  const simulation = createCompiledSimulation(circuit, {
    dt: 0.025,
    order: 1,
    libm: 'native',
    mode,
    ...(kept && { kept }),
  });
  simulation.initialize();
  const all: number[] = [];
  for (let step = 0; step < 200; step++) {
    simulation.step();
    all.push(...simulation.v);
  }
  return { bits: new BigUint64Array(Float64Array.from(all).buffer), use };
}

test.each(['exact', 'fast'] as const)(
  'mode %s has the same bits whether its plans and tables are made, kept or found',
  async (mode) => {
    const circuit = circuitWithChannels(3);
    const folder = newFolder();
    const without = await runAnew(circuit, undefined, mode);
    const first = await runAnew(circuit, createStore(folder), mode);
    const again = await runAnew(circuit, createStore(folder), mode);
    expect(first.use.kept).toBe(readdirSync(folder).length);
    expect(first.use.kept).toBeGreaterThan(0);
    expect(again.use).toEqual({ asked: first.use.kept, kept: 0 });
    expect(first.bits).toEqual(without.bits);
    expect(again.bits).toEqual(without.bits);
  },
);

test('what was kept and is damaged is made again', async () => {
  const circuit = circuitWithChannels(3);
  const folder = newFolder();
  const first = await runAnew(circuit, createStore(folder));
  const contents = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  for (const [k, [name, bytes]] of [...contents].entries()) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1 - k) ^ 1, damaged.length - 1 - k);
    writeFileSync(join(folder, name), damaged);
  }
  const again = await runAnew(circuit, createStore(folder));
  expect(again.use).toEqual(first.use);
  expect(again.bits).toEqual(first.bits);
  for (const [name, bytes] of contents) expect(readFileSync(join(folder, name))).toEqual(bytes);
});

test('bytes that have the form of nothing kept are not taken for it', async () => {
  const circuit = circuitWithChannels(3);
  const { bits } = await runAnew(circuit);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
      const strange: KeptStore = { find: () => bytes.slice(), keep: () => undefined };
      expect((await runAnew(circuit, strange)).bits).toEqual(bits);
    }),
    { numRuns: 5, examples: [[new Uint8Array()], [new Uint8Array(new Float64Array([0, 1, 0, 0, 1]).buffer)]] },
  );
});

test('only the whole of what was kept is found, whatever becomes of its file', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (bytes, at, flip) => {
        const folder = newFolder();
        const store = createStore(folder);
        expect(store.find('a')).toBeNull();
        store.keep('a', bytes);
        expect(store.find('a')).toEqual(Buffer.from(bytes));
        expect((store.find('a') as Uint8Array).byteOffset % 8).toBe(0);
        expect(store.find('b')).toBeNull();
        const [name = ''] = readdirSync(folder);
        const path = join(folder, name);
        const file = readFileSync(path);
        const place = at % file.length;
        const flipped = Buffer.from(file);
        flipped.writeUInt8(flipped.readUInt8(place) ^ flip, place);
        for (const other of [flipped, file.subarray(0, place), Buffer.concat([file, Buffer.of(0)])]) {
          writeFileSync(path, other);
          expect(store.find('a')).toBeNull();
        }
        // Another thing's file under this one's name.
        store.keep('b', bytes);
        const [foreign = ''] = readdirSync(folder).filter((one) => one !== name);
        writeFileSync(path, readFileSync(join(folder, foreign)));
        expect(store.find('a')).toBeNull();
        store.keep('a', bytes);
        expect(store.find('a')).toEqual(Buffer.from(bytes));
        expect(readdirSync(folder).length).toBe(2);
      },
    ),
    { numRuns: 40 },
  );
});

test('processes that keep the same at once leave it whole at every moment', async () => {
  const folder = newFolder();
  const script = fileURLToPath(new URL('../fixtures/keeping.ts', import.meta.url));
  const run = (fill: number) =>
    promisify(execFile)(process.execPath, [
      '--conditions=twincell-source',
      script,
      folder,
      'a key',
      String(fill),
      '300000',
      '40',
    ]);
  // A child that finds anything else fails.
  await Promise.all([run(1), run(2), run(3)]);
  expect(readdirSync(folder).length).toBe(1);
  expect([1, 2, 3]).toContain(createStore(folder).find('a key')?.[0]);
});

test('a folder that cannot be used is as one without anything', async () => {
  const file = newFolder();
  writeFileSync(file, 'no folder');
  const store = createStore(join(file, 'below'));
  store.keep('a', Uint8Array.of(1));
  expect(store.find('a')).toBeNull();
  const circuit = circuitWithChannels(3);
  expect((await runAnew(circuit, store)).bits).toEqual((await runAnew(circuit)).bits);
  // A folder stands where a file would be put.
  const folder = newFolder();
  createStore(folder).keep('a', Uint8Array.of(1));
  const [name = ''] = readdirSync(folder);
  rmSync(join(folder, name));
  mkdirSync(join(folder, name));
  createStore(folder).keep('a', Uint8Array.of(1));
  expect(createStore(folder).find('a')).toBeNull();
  expect(readdirSync(folder)).toEqual([name]);
});

test('the oldest go where there is no room', () => {
  const folder = newFolder();
  const store = createStore(folder, 2500);
  const kept = (): string[] => ['a', 'b', 'c'].filter((key) => store.find(key) !== null);
  store.keep('a', new Uint8Array(1000));
  const [first = ''] = readdirSync(folder);
  utimesSync(join(folder, first), new Date(1e12), new Date(1e12));
  store.keep('b', new Uint8Array(1000));
  expect(readdirSync(folder).length).toBe(2);
  // What is used counts as new.
  expect(kept()).toEqual(['a', 'b']);
  expect(statSync(join(folder, first)).mtimeMs).toBeGreaterThan(1e12 + 1);
  const [second = ''] = readdirSync(folder).filter((name) => name !== first);
  utimesSync(join(folder, second), new Date(1e12), new Date(1e12));
  store.keep('c', new Uint8Array(1000));
  expect(kept()).toEqual(['a', 'c']);
});

test('all code that kept things depend on is part of their keys', () => {
  const source = join(packageFolder(), 'src');
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [statement, from = ''] of text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';/gms)) {
      if (from.startsWith('.') && !/^(?:import|export) type\b/.test(statement)) visit(join(dirname(file), from));
    }
  };
  for (const maker of ['plan/kept.ts', 'tables/choose.ts']) visit(join(source, 'kernel/wasm', maker));
  const parts = new Set([...seen].map((file) => dirname(relative(source, file))));
  expect(parts.size).toBeGreaterThan(2);
  for (const part of parts) expect(CODE_FOLDERS).toContain(part);
});
