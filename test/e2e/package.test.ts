/**
 * The package in somebody else's project: packed, installed from its tarball, used there by its command and by its types;
 * then the same with the network unreachable and a full cache. Nothing may be written but in the cache and that project.
 */
import { type ExecFileException, execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder, ensureEnvironment, ensureModelFiles, packageFolder } from '../../env/index.mjs';

const ROOT = packageFolder();
/** Long: on two cores the first use may compile the mechanisms, beside other tests. */
const TIMEOUT = { timeout: 600_000 };
/** One command's limit (ms), below a test's: npm that waits for a dead connection is stopped and named, and leaves no process. */
const COMMAND_MS = 420_000;

interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly output: string;
}

/** A place outside the checkout: a home and a folder for temporary files, both empty, and a project. */
interface Place {
  readonly folder: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  /** What every command here is run through. */
  readonly through: readonly string[];
}

function createPlace(name: string, through: readonly string[] = []): Place {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `twincell-${name}-`));
  for (const part of ['home', 'tmp', 'project']) mkdirSync(join(folder, part));
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^(npm_|XDG_|VITEST|NODE_OPTIONS|UV_CACHE_DIR)/i.test(key),
  );
  const env = {
    ...Object.fromEntries(kept),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    TWINCELL_CACHE: cacheFolder(),
    npm_config_cache: join(cacheFolder(), 'npm'),
    npm_config_update_notifier: 'false',
    // npx and tsc, the user's own tools, keep one among the temporary files
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
  return { folder, project: join(folder, 'project'), env, through };
}

function execute(place: Place, command: readonly string[]): Promise<Outcome> {
  const [file = '', ...args] = [...place.through, ...command];
  return new Promise((done) => {
    const options = { cwd: place.project, env: place.env, maxBuffer: 2 ** 26, timeout: COMMAND_MS };
    execFile(file, args, options, (error: ExecFileException | null, stdout, stderr) => {
      const stopped = error?.killed ? `\nstopped after ${COMMAND_MS / 1000} s` : '';
      done({ code: error?.code ?? (error === null ? 0 : 1), stdout, output: `${stdout}${stderr}${stopped}` });
    });
  });
}

async function succeeds(place: Place, ...command: string[]): Promise<Outcome> {
  const outcome = await execute(place, command);
  expect(outcome.code, `${command.join(' ')}\n${outcome.output}`).toBe(0);
  return outcome;
}

/** The JSON object that a command with `--json` ends with. */
function lastObject(outcome: Outcome): Record<string, unknown> {
  return JSON.parse(outcome.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

/** What has come to be in a place beside what was asked for. */
function expectNothingElse(place: Place, installed: readonly string[]): void {
  expect(readdirSync(place.folder).sort()).toEqual(['home', 'project', 'tmp']);
  expect(filesUnder(join(place.folder, 'home'))).toEqual([]);
  expect(filesUnder(join(place.folder, 'tmp'))).toEqual([]);
  expect(filesUnder(join(place.project, 'node_modules', 'twincell'))).toEqual(installed);
}

const TYPED = `
import { defineExperiment } from 'twincell';
import schema from 'twincell/schemas/Experiment.json' with { type: 'json' };
import * as solver from 'twincell/solver';

export const experiment = defineExperiment({ seed: 3, simulation: { trials: 1, seconds: 0.2 } });
export const seed: number = experiment.seed;
export const id: string = schema.$id;
export const names: string[] = Object.keys(solver);
// @ts-expect-error the seed is a number: the types have arrived, and are not any
export const wrong: string = experiment.seed;
// @ts-expect-error a number of trials is a number
defineExperiment({ simulation: { trials: 'three' } });
`;

const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const TSC_OPTIONS = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--resolveJsonModule'];
const NODE_TYPES = ['--typeRoots', join(ROOT, 'node_modules', '@types'), '--types', 'node', '--skipLibCheck'];

/** The path of a user: a command that starts, a first experiment, a look at the machine, trials, a comparison. */
async function useThePackage(place: Place): Promise<void> {
  const installed = filesUnder(join(place.project, 'node_modules', 'twincell'));
  await succeeds(place, 'npx', 'twincell', 'init');
  expect(readdirSync(place.project)).toContain('experiment.mts');

  const doctor = lastObject(await succeeds(place, 'npx', 'twincell', 'doctor', '--json'));
  expect(doctor).toMatchObject({ command: 'doctor', twincell: expect.any(String) });

  const short = ['--model', 'l5pc-bbp', '--trials', '1', '--seconds', '0.2', '--seed', '7'];
  await succeeds(place, 'npx', 'twincell', 'simulate', ...short, '--out', 'trials', '--json');
  expect(filesUnder(join(place.project, 'trials'))).toContain('manifest.json');

  const solver = ['--engine', 'solver', '--mode', 'exact', '--neuron-share', '0'];
  await succeeds(place, 'npx', 'twincell', 'simulate', ...short, ...solver, '--out', 'solved');
  expect(filesUnder(join(place.project, 'solved'))).toContain('trials/000000.arrow');

  const compared = await succeeds(place, 'npx', 'twincell', 'crosscheck', '--passive', ...short, '--json');
  const { status, maxAbsDiffMv } = lastObject(compared);
  expect(status).toBe('agrees');
  expect(maxAbsDiffMv).toBeLessThanOrEqual(1e-9);
  expectNothingElse(place, installed);
}

const canUnshare = await new Promise<boolean>((done) => {
  execFile('unshare', ['-rn', 'true'], (error) => done(error === null));
});

describe('the package in an empty project', () => {
  const places = {
    online: createPlace('package'),
    offline: createPlace('offline', ['unshare', '-rn']),
    team: createPlace('team'),
  };
  let tarball = '';

  beforeAll(async () => {
    await ensureEnvironment('neuron');
    await ensureModelFiles();
    const packing = { ...places.online, project: ROOT };
    const folder = join(places.online.folder, 'project');
    await succeeds(packing, 'npm', 'pack', '--pack-destination', folder);
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
  }, TIMEOUT.timeout);

  afterAll(() => {
    for (const { folder } of Object.values(places)) rmSync(folder, { recursive: true, force: true });
  });

  it('installs without scripts, has types, and runs', TIMEOUT, async () => {
    const place = places.online;
    await succeeds(place, 'npm', 'init', '-y');
    await succeeds(place, 'npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', tarball);
    writeFileSync(join(place.project, 'typed.mts'), TYPED);
    await succeeds(place, process.execPath, TSC, ...TSC_OPTIONS, ...NODE_TYPES, 'typed.mts');
    await useThePackage(place);
    await succeeds(place, process.execPath, TSC, ...TSC_OPTIONS, ...NODE_TYPES, 'experiment.mts');
  });

  it('carries a team’s conformance tests of their own cell', TIMEOUT, async () => {
    const place = places.team;
    cpSync(join(ROOT, 'examples', 'conformance-project'), place.project, { recursive: true });
    await succeeds(place, 'npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', tarball);
    const tested = await succeeds(place, 'npm', 'test');
    expect(stripVTControlCharacters(tested.output)).toMatch(/Tests +2 passed \(2\)/);
  });

  it('runs with the network unreachable and a full cache', TIMEOUT, async (context) => {
    if (!canUnshare) context.skip('this system lets nobody make a network namespace (unshare -rn)');
    const place = places.offline;
    await succeeds(place, 'npm', 'init', '-y');
    await succeeds(place, 'npm', 'install', '--ignore-scripts', '--offline', '--no-audit', tarball);
    await useThePackage(place);
  });
});
