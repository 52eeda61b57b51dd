/**
 * Times, side by side in one run: the solver against NEURON on the passive and on the full active cell, and a trial's
 * stimulus. Interleaved repetitions; minimum and spread, since other work on the machine only ever adds.
 *
 *     node --conditions=twincell-source test/bench/run.ts [--libm glibc] [--json]
 */
import {
  compartmentRows,
  createNeuronEngine,
  createSolverEngine,
  defineExperiment,
  type Engine,
  prepare,
} from 'twincell';

const REPETITIONS = 3;
const SECONDS = 0.25;
// One a process: code that has met both runs slower with either.
const libm = process.argv.includes('glibc') ? 'glibc' : 'native';

interface Timing {
  readonly minimumMs: number;
  readonly maximumMs: number;
}

function summary(times: readonly number[]): Timing {
  return { minimumMs: Math.min(...times), maximumMs: Math.max(...times) };
}

async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** NEURON and the solver on the same cell and trial. */
async function compare(passive: boolean) {
  const experiment = defineExperiment({ seed: 7, cell: { passive }, simulation: { seconds: SECONDS, trials: 1 } });
  const prepared = await prepare(experiment);
  const neuron = createNeuronEngine();
  const snapshot = await neuron.describe(prepared.cell);
  const solver = createSolverEngine({ libm, describe: async () => snapshot });
  const trial = prepared.trial(snapshot, 0);
  const { dt } = experiment.simulation;
  const steps = Math.round((SECONDS * 1000) / dt);
  const recordings = [{ name: 'soma', sites: 'soma', everySteps: 1 }] as const;
  const simulate = async (engine: Engine): Promise<void> => {
    for await (const _ of engine.run(prepared.cell, [trial], { dt, order: 1, steps, recordings }));
  };
  const times = { neuron: [] as number[], solver: [] as number[] };
  // Once each before anything counts: compilation, caches, the sidecar's first trial.
  await simulate(neuron);
  await simulate(solver);
  for (let k = 0; k < REPETITIONS; k++) {
    times.neuron.push(await timed(() => simulate(neuron)));
    times.solver.push(await timed(() => simulate(solver)));
  }
  await Promise.all([neuron.close(), solver.close()]);
  const [least, other] = [Math.min(...times.solver), Math.min(...times.neuron)];
  const perStep = (ms: number) => (1e6 * ms) / (steps * compartmentRows(snapshot).length);
  return {
    neuron: summary(times.neuron),
    solver: summary(times.solver),
    nsPerCompartmentStep: { neuron: perStep(other), solver: perStep(least) },
    secondsPerSimulatedSecond: { neuron: other / 1000 / SECONDS, solver: least / 1000 / SECONDS },
    speedupOverNeuron: other / least,
  };
}

/** One trial of 6 s. */
async function stimulus(): Promise<Timing> {
  const prepared = await prepare(defineExperiment({ seed: 7, simulation: { seconds: 6, trials: 1 } }));
  const engine = prepared.createEngine('solver', 1);
  const snapshot = await engine.describe(prepared.cell);
  await engine.close();
  prepared.trial(snapshot, 0);
  const times: number[] = [];
  for (let k = 0; k < REPETITIONS; k++) times.push(await timed(() => prepared.trial(snapshot, k + 1)));
  return summary(times);
}

const result = {
  cell: 'l5pc-bbp with all synapses',
  node: process.versions.node,
  libm,
  active: await compare(false),
  passive: await compare(true),
  stimulus: await stimulus(),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(
    `${result.cell}, ${SECONDS} s, Node ${result.node}, libm ${libm}; minimum of ${REPETITIONS} interleaved runs`,
  );
  for (const kind of ['active', 'passive'] as const) {
    const { nsPerCompartmentStep: ns, secondsPerSimulatedSecond: seconds, speedupOverNeuron } = result[kind];
    console.log(
      `${kind}: NEURON ${ns.neuron.toFixed(0)} ns per compartment and step (${seconds.neuron.toFixed(2)} s a second), ` +
        `solver ${ns.solver.toFixed(0)} ns (${seconds.solver.toFixed(2)} s), ${speedupOverNeuron.toFixed(2)} times NEURON`,
    );
  }
  console.log(`stimulus: ${result.stimulus.minimumMs.toFixed(0)} ms for a trial of 6 s`);
}
