/** Who takes part: how each is started, or why it is left out. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SolverMode } from 'twincell/solver';
import { ensureCoreNeuron, ensureEnvironment, locateEnvironment, packageFolder } from '../../env/index.mjs';
import { REVECTORIZE } from '../../src/engine/pool/accelerate.ts';
import { arborCompartments } from './arbor-cell.ts';
import { type Lane, openLane } from './lane.ts';
import type { Contestant } from './result.ts';
import { neuronLibrary, ownMechanisms, type Subject, specOf } from './subject.ts';

const SOLVERS: Partial<Record<Contestant, { readonly mode: SolverMode; readonly pairable: boolean }>> = {
  javascript: { mode: 'reference', pairable: false },
  exact: { mode: 'exact', pairable: false },
  fast: { mode: 'fast', pairable: false },
  exactRevectorized: { mode: 'exact', pairable: true },
  fastRevectorized: { mode: 'fast', pairable: true },
};

export interface OpenOptions {
  /** Whether what peers need is made where it is not there. */
  readonly peers: boolean;
  /** Synapses of each kind on every dendritic segment; 1 unless given. */
  readonly pairs?: number;
}

/**
 * Starts a contestant on the subject.
 * @throws Error with the reason where it cannot take part
 */
export async function openContestant(name: Contestant, subject: Subject, options: OpenOptions): Promise<Lane> {
  const solver = SOLVERS[name];
  if (solver !== undefined) return openSolver(subject, solver, options.pairs ?? 1);
  if (name === 'arbor') return openArbor(subject, options.peers);
  if (name === 'coreneuron') return openCoreNeuron(subject, options.peers);
  const { python, library } = await neuronLibrary(subject);
  return openPython(python, 'neuron', specOf(subject, { library, pairs: options.pairs ?? 1 }));
}

function openSolver(
  subject: Subject,
  { mode, pairable }: { readonly mode: SolverMode; readonly pairable: boolean },
  pairs: number,
): Promise<Lane> {
  const { report: _, ...plain } = subject.options;
  const flags = ['--conditions=twincell-source', ...(pairable ? REVECTORIZE : [])];
  const program = fileURLToPath(new URL('solver-lane.ts', import.meta.url));
  const options = JSON.stringify({ subject: plain, mode, pairable, pairs });
  return openLane({ file: process.execPath, args: [...flags, program, options] });
}

async function openArbor(subject: Subject, peers: boolean): Promise<Lane> {
  const { python, folder } = await locateEnvironment('peers');
  if (!peers && !existsSync(folder)) throw new Error('not installed; npm run bench -- --peers sets it up');
  if (peers) await ensureEnvironment('peers', setupOf(subject));
  const { snapshot, cell } = subject;
  const compartments = arborCompartments(snapshot, cell.card);
  const { vInit, celsius } = snapshot;
  return openPython(python, 'arbor', specOf(subject, { compartments, vInit, celsius }));
}

async function openCoreNeuron(subject: Subject, peers: boolean): Promise<Lane> {
  const setup = setupOf(subject);
  const environment = await ensureEnvironment('neuron', setup);
  const modFiles = [...subject.cell.mechanisms, ...ownMechanisms()];
  const libraries = await ensureCoreNeuron({ modFiles, environment, ...setup }, { make: peers });
  if (libraries === null) throw new Error('not compiled; npm run bench -- --peers does it');
  return openPython(environment.python, 'coreneuron', specOf(subject, libraries));
}

function setupOf({ options: { report } }: Subject) {
  return report === undefined ? {} : { report };
}

/** A simulator of `python/bench`; its specification goes by file, and is removed with the contestant. */
async function openPython(python: string, engine: string, spec: string): Promise<Lane> {
  const folder = await mkdtemp(join(tmpdir(), 'twincell-bench-'));
  const clean = () => rm(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'spec.json');
    await writeFile(file, spec);
    const lane = await openLane({
      file: python,
      args: ['-m', 'bench.lane', engine, file],
      cwd: join(packageFolder(), 'python'),
      env: { PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    const close = async () => {
      await lane.close();
      await clean();
    };
    return { ...lane, close };
  } catch (error) {
    await clean();
    throw error;
  }
}
