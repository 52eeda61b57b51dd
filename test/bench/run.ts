/**
 * Times, side by side in one run: the solver's modes against NEURON on the passive and on the full active cell, and a trial's
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
/** Trials of a repetition, after one that is not counted: a data set's cost, without what starts it. */
const TRIALS = 2;
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

type EngineName = 'neuron' | 'javascript' | 'exact';

/** NEURON and the solver's modes on the same cell and trial. */
async function compare(passive: boolean) {
  const experiment = defineExperiment({ seed: 7, cell: { passive }, simulation: { seconds: SECONDS, trials: 1 } });
  const prepared = await prepare(experiment);
  const neuron = createNeuronEngine();
  const snapshot = await neuron.describe(prepared.cell);
  const describe = async () => snapshot;
  const engines: Record<EngineName, Engine> = {
    neuron,
    javascript: createSolverEngine({ libm, describe }),
    exact: createSolverEngine({ mode: 'exact', describe }),
  };
  const names = Object.keys(engines) as EngineName[];
  const trials = Array.from({ length: 1 + TRIALS }, (_, index) => ({ ...prepared.trial(snapshot, 0), index }));
  const { dt } = experiment.simulation;
  const steps = Math.round((SECONDS * 1000) / dt);
  const recordings = [{ name: 'soma', sites: 'soma', everySteps: 1 }] as const;
  /** Time of a trial (ms), and until the end of the first one, which includes what comes before it. */
  const simulate = async (engine: Engine): Promise<{ readonly first: number; readonly each: number }> => {
    const started = performance.now();
    let first = started;
    for await (const { trial } of engine.run(prepared.cell, trials, { dt, order: 1, steps, recordings })) {
      if (trial === 0) first = performance.now();
    }
    return { first: first - started, each: (performance.now() - first) / TRIALS };
  };
  const times: Record<EngineName, number[]> = { neuron: [], javascript: [], exact: [] };
  // Once each before anything counts: compilation, caches, the sidecar's first trial.
  const firstTrialMs = {} as Record<EngineName, number>;
  for (const name of names) firstTrialMs[name] = (await simulate(engines[name])).first;
  for (let k = 0; k < REPETITIONS; k++) {
    for (const name of names) times[name].push((await simulate(engines[name])).each);
  }
  await Promise.all(names.map((name) => engines[name].close()));
  const byName = <Value>(of: (name: EngineName) => Value) =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Record<EngineName, Value>;
  const least = byName((name) => Math.min(...times[name]));
  const { neuron: _, ...speedupOverNeuron } = byName((name) => least.neuron / least[name]);
  return {
    times: byName((name) => summary(times[name])),
    firstTrialMs,
    nsPerCompartmentStep: byName((name) => (1e6 * least[name]) / (steps * compartmentRows(snapshot).length)),
    secondsPerSimulatedSecond: byName((name) => least[name] / 1000 / SECONDS),
    speedupOverNeuron,
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

const active = await compare(false);
const result = {
  cell: 'l5pc-bbp with all synapses',
  node: process.versions.node,
  libm,
  speedupOverNeuron: active.speedupOverNeuron,
  nsPerCompartmentStep: active.nsPerCompartmentStep,
  active,
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
      `${kind}: NEURON ${ns.neuron.toFixed(0)} ns per compartment and step (${seconds.neuron.toFixed(2)} s a second)`,
    );
    for (const name of ['javascript', 'exact'] as const) {
      console.log(
        `  ${name.padEnd(10)} ${ns[name].toFixed(0)} ns (${seconds[name].toFixed(2)} s), ` +
          `${speedupOverNeuron[name].toFixed(2)} times NEURON`,
      );
    }
  }
  console.log(`stimulus: ${result.stimulus.minimumMs.toFixed(0)} ms for a trial of 6 s`);
}
