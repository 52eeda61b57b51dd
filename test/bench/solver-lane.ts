/**
 * The solver as a contestant: `node solver-lane.ts OPTIONS`, a JSON object (see `SolverLaneOptions`). See `lane.ts` for what is
 * asked and answered.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cellCircuit, createCompiledSimulation, createSimulation, type SolverMode } from 'twincell/solver';
import type { LaneAnswer, LaneRequest } from './lane.ts';
import { createSubject, type Subject, type SubjectOptions, solverMechanisms } from './subject.ts';
import { manySynapses } from './synapses.ts';

export interface SolverLaneOptions {
  readonly subject: SubjectOptions;
  readonly mode: SolverMode;
  /** Whether code is made for V8's revectorizer, whose flags the process was started with. */
  readonly pairable: boolean;
  /** Synapses of each kind on every dendritic segment. */
  readonly pairs: number;
}

/** Steps a trial; kept for the next of the same step. */
type Trialist = (request: LaneRequest) => { readonly times: Float64Array; readonly voltages: Float64Array };

async function createTrialist(subject: Subject, { mode, pairable, pairs }: SolverLaneOptions): Promise<Trialist> {
  const mechanisms = await solverMechanisms(subject);
  const { snapshot, cell } = subject;
  const synapses = pairs === 0 ? null : cell.synapses;
  const built = manySynapses(cellCircuit({ cell: snapshot, mechanisms, synapses }), pairs);
  const simulations = new Map<string, ReturnType<typeof createSimulation>>();
  const simulationOf = (dt: number, order: 1 | 2) => {
    const key = `${dt} ${order}`;
    const parts = { dt, order, libm: 'native', channels: built.channels, shown: [snapshot.somaNode] } as const;
    const simulation =
      simulations.get(key) ??
      (mode === 'reference'
        ? createSimulation(built.circuit, parts)
        : createCompiledSimulation(built.circuit, { ...parts, mode, pairable }));
    simulations.set(key, simulation);
    return simulation;
  };
  return ({ trial, duration, dt = 0.025, order = 1 }) => {
    const simulation = simulationOf(dt, order);
    const events = subject.trials[trial]?.events;
    const steps = Math.round(duration / dt);
    const times = new Float64Array(steps + 1);
    const voltages = new Float64Array(steps + 1);
    simulation.initialize(events === undefined || synapses === null ? undefined : built.play(events));
    voltages[0] = simulation.v[snapshot.somaNode] as number;
    for (let step = 1; step <= steps; step++) {
      simulation.step();
      times[step] = simulation.t;
      voltages[step] = simulation.v[snapshot.somaNode] as number;
    }
    return { times, voltages };
  };
}

function answer(run: Trialist, request: LaneRequest): LaneAnswer {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { times, voltages } = run(request);
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  if (request.trace !== undefined) writeFileSync(request.trace, Buffer.concat([bytesOf(times), bytesOf(voltages)]));
  return {
    cpu: (user + system) / 1e6,
    wall,
    steps: times.length - 1,
    samples: times.length,
    spikes: voltages.filter((v, k) => v > -25 && k > 0 && (voltages[k - 1] as number) <= -25).length,
    peakMb: process.resourceUsage().maxRSS / 1e3,
    residentMb: process.memoryUsage().rss / 1e6,
    digest: createHash('sha256').update(bytesOf(voltages)).digest('hex'),
  };
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

const options = JSON.parse(process.argv[2] ?? '{}') as SolverLaneOptions;
const subject = await createSubject(options.subject);
const run = await createTrialist(subject, options);
console.log(JSON.stringify({ compartments: subject.compartments }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(run, JSON.parse(line) as LaneRequest)));
}
