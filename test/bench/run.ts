/**
 * Times, side by side in one run: the solver against NEURON on the passive cell, and a trial's stimulus against simulating
 * it. Interleaved repetitions; minimum and spread, since other work on the machine only ever adds.
 *
 *     node --conditions=twincell-source test/bench/run.ts [--json]
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

const experiment = defineExperiment({ seed: 7, cell: { passive: true }, simulation: { seconds: SECONDS, trials: 1 } });
const prepared = await prepare(experiment);
const neuron = createNeuronEngine();
const snapshot = await neuron.describe(prepared.cell);
const solver = createSolverEngine({ describe: async () => snapshot });
const trial = prepared.trial(snapshot, 0);
const steps = Math.round((SECONDS * 1000) / experiment.simulation.dt);

async function simulate(engine: Engine): Promise<void> {
  const options = {
    dt: experiment.simulation.dt,
    order: 1,
    steps,
    recordings: [{ name: 'soma', sites: 'soma', everySteps: 1 }],
  } as const;
  for await (const _ of engine.run(prepared.cell, [trial], options));
}

const long = await prepare(defineExperiment({ seed: 7, simulation: { seconds: 6, trials: 1 } }));
const times = { neuron: [] as number[], solver: [] as number[], stimulus: [] as number[] };
// Once each before anything counts: compilation, caches, the sidecar's first trial.
await simulate(neuron);
await simulate(solver);
long.trial(snapshot, 0);
for (let k = 0; k < REPETITIONS; k++) {
  times.neuron.push(await timed(() => simulate(neuron)));
  times.solver.push(await timed(() => simulate(solver)));
  times.stimulus.push(await timed(() => long.trial(snapshot, k + 1)));
}
await Promise.all([neuron.close(), solver.close()]);

const perStep = (ms: number) => (1e6 * ms) / (steps * compartmentRows(snapshot).length);
const result = {
  cell: 'l5pc-bbp, passive, with all synapses',
  node: process.versions.node,
  neuron: summary(times.neuron),
  solver: summary(times.solver),
  nsPerCompartmentStep: { neuron: perStep(Math.min(...times.neuron)), solver: perStep(Math.min(...times.solver)) },
  speedupOverNeuron: { solver: Math.min(...times.neuron) / Math.min(...times.solver) },
  /** One trial of 6 s. */
  stimulus: summary(times.stimulus),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(`${result.cell}, ${SECONDS} s, Node ${result.node}; minimum of ${REPETITIONS} interleaved runs`);
  console.log(`NEURON   ${result.nsPerCompartmentStep.neuron.toFixed(1)} ns per compartment and step`);
  console.log(
    `solver   ${result.nsPerCompartmentStep.solver.toFixed(1)} ns, ${result.speedupOverNeuron.solver.toFixed(2)} times NEURON`,
  );
  console.log(`stimulus ${result.stimulus.minimumMs.toFixed(0)} ms for a trial of 6 s`);
}
