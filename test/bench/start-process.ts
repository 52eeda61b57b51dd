/** One process of the bench of start-up: SUBJECT MODE FOLDER MODEL [MODELS], the folder for a kept cell; prints a Measurement. */
import { defineExperiment, prepare, type SolverMode } from 'twincell';
import { compileSources, createSolver, type KeptStore, type Mechanisms, type Solver } from 'twincell/solver';
import { createStore } from '../../src/engine/kept.ts';
import { compileFiles } from '../../src/engine/mechanisms.ts';
import { cellOfNodes } from '../fixtures/synthetic-cell.ts';
import { type Measurement, STAGES, type Stage, type SubjectName, type Times } from './start-stages.ts';

interface Work {
  compile(): Mechanisms | Promise<Mechanisms>;
  create(mechanisms: Mechanisms): Solver;
  initialize(solver: Solver): void;
}

/** Of the main thread (ms). */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** With a name of its own in every process. */
function newChannel(name: string): string {
  return `
NEURON { SUFFIX ${name} USEION na READ ena WRITE ina RANGE gbar }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.1 (S/cm2) }
ASSIGNED { v (mV) ena (mV) ina (mA/cm2) minf htau (ms) mtau (ms) hinf }
STATE { m h }
BREAKPOINT {
  SOLVE states METHOD cnexp
  ina = gbar * m^3 * h * (v - ena)
}
INITIAL { rates() m = minf h = hinf }
DERIVATIVE states {
  rates()
  m' = (minf - m) / mtau
  h' = (hinf - h) / htau
}
PROCEDURE rates() {
  LOCAL a, b
  a = 0.182 * (v + 38.003) / (1 - exp(-(v + 38.003) / 6))
  b = 0.124 * (-v - 38.003) / (1 - exp((v + 38.003) / 6))
  mtau = 1 / (a + b)
  minf = a / (a + b)
  a = 0.015 * (-v - 66.003) / (1 - exp((v + 66.003) / 6))
  b = 0.015 * (v + 66.003) / (1 - exp(-(v + 66.003) / 6))
  htau = 1 / (a + b)
  hinf = a / (a + b)
}
`;
}

function channel(mode: SolverMode): Work {
  const name = `new${process.pid}`;
  const bare = cellOfNodes([{ parent: -1, area: 1000, resistance: 0, cm: 1, g: 1e-4, e: -70, dendrite: -1 }], -70);
  const cell = {
    ...bare,
    segment: Int32Array.of(0),
    mechanismOrder: ['pas', name],
    parameters: new Map([...bare.parameters, [`${name}.gbar`, Float64Array.of(0.1)]]),
  };
  const source = { file: `${name}.mod`, text: newChannel(name) };
  return {
    compile: () => compileSources([source], { wanted: cell.mechanismOrder }),
    create: (mechanisms) => createSolver(cell, { dt: 0.025, order: 1, synapses: null, mechanisms, mode }),
    initialize: (solver) => solver.initialize({ dendrites: 0, channel: new Int32Array(), time: new Float64Array() }),
  };
}

async function wholeCell(mode: SolverMode, kept: KeptStore | null, model: string, models?: string): Promise<Work> {
  const experiment = defineExperiment({ seed: 1, cell: { model }, simulation: { seconds: 0.1, trials: 1 } });
  const prepared = await prepare(experiment, models === undefined ? {} : { models });
  const { cell } = prepared;
  const engine = prepared.createEngine('solver', 1);
  const snapshot = await engine.describe(cell);
  await engine.close();
  const { events } = prepared.trial(snapshot, 0);
  return {
    compile: () => compileFiles(cell.mechanisms, [...snapshot.mechanismOrder, 'TwincellExcitatory', 'TwincellGaba']),
    create: (mechanisms) =>
      createSolver(snapshot, { dt: 0.025, order: 1, synapses: cell.synapses, mechanisms, mode, ...(kept && { kept }) }),
    initialize: (solver) => solver.initialize(events),
  };
}

async function fromTextToStep(work: Work): Promise<Times> {
  const times: Partial<Record<Stage, { cpuMs: number; wallMs: number }>> = {};
  let [cpu, wall] = [cpuMs(), performance.now()];
  const passed = (stage: Stage): void => {
    const [cpuNow, wallNow] = [cpuMs(), performance.now()];
    times[stage] = { cpuMs: cpuNow - cpu, wallMs: wallNow - wall };
    [cpu, wall] = [cpuNow, wallNow];
  };
  const mechanisms = await work.compile();
  passed('compile');
  const solver = work.create(mechanisms);
  passed('create');
  work.initialize(solver);
  passed('initialize');
  solver.step();
  passed('step');
  const parts = STAGES.flatMap((stage) => times[stage] ?? []);
  const total = (unit: 'cpuMs' | 'wallMs'): number => parts.reduce((sum, one) => sum + one[unit], 0);
  return { ...times, total: { cpuMs: total('cpuMs'), wallMs: total('wallMs') } } as Times;
}

const processMs = cpuMs();
const [subject, mode, folder, model, models] = process.argv.slice(2) as [
  SubjectName,
  SolverMode,
  string,
  string,
  string?,
];
const kept = subject === 'kept cell' ? createStore(folder) : null;
const work = subject === 'channel' ? channel(mode) : await wholeCell(mode, kept, model, models);
const first = await fromTextToStep(work);
const again = await fromTextToStep(work);
console.log(JSON.stringify({ processMs, first, again } satisfies Measurement));
