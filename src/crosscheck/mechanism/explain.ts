/** Where in a probe the solver and NEURON part first, and why. */
import { ionVariableName, mechanismVariableName, recordEverything } from '../../engine/everything.ts';
import type { RecordedVariable, WindowRecord } from '../../engine/window.ts';
import { isTwincellError } from '../../errors.ts';
import type { LibmName } from '../../libm/index.ts';
import {
  type DivergenceJson,
  divergenceJson,
  findCause,
  locateDivergence,
  pairRecords,
  type Refinement,
  ROUNDING_FLOOR,
} from '../divergence/index.ts';
import type { NeuronProbes, ProbeRecord } from './neuron-side.ts';
import type { Probe, ProbeColumn } from './protocol.ts';
import { type Kernels, simulationOf } from './solver-side.ts';

export interface ProbeToExplain {
  readonly probe: Probe;
  /** What NEURON recorded of it. */
  readonly record: ProbeRecord;
  readonly neuron: NeuronProbes;
  readonly kernels: Kernels;
  readonly libm: LibmName;
}

/** The potentials are compared until this long after the divergence, to see whether a finer run brings them together (ms). */
const HORIZON_MS = 2;

/** The first divergence of a probe; null where no variable differs (events may). */
export async function explainProbe(one: ProbeToExplain): Promise<DivergenceJson | null> {
  const solver = solverRecord(one.probe, one.record, one.kernels, one.libm);
  const steps = solver.timesMs.length;
  const reference = neuronRecord(one.record, solver.timesMs);
  const paired = pairRecords(reference, solver);
  const found = locateDivergence(paired, { floor: ROUNDING_FLOOR }) ?? locateDivergence(paired, { floor: 0 });
  if (found === null) return null;
  const until = Math.max(1, Math.min(steps - 1, found.step + Math.round(HORIZON_MS / one.probe.dt)));
  const measure = (refinement: Refinement): Promise<number | null> => difference(one, refinement, until);
  return divergenceJson(found, await findCause(largestOfVoltages(reference, solver, until, 1), measure));
}

/** Everything the solver does in the probe, as far as its voltages are numbers. */
function solverRecord(probe: Probe, record: ProbeRecord, kernels: Kernels, libm: LibmName): WindowRecord {
  const { circuit, simulation } = simulationOf(probe, record, kernels, libm);
  const recorder = recordEverything(circuit, simulation, (node) => siteName(record, node));
  simulation.initialize();
  recorder.take(simulation.t);
  try {
    for (let step = 0; step < probe.steps; step++) {
      simulation.step();
      recorder.take(simulation.t);
    }
  } catch (error) {
    if (!isTwincellError(error, 'NotFinite')) throw error;
  }
  return recorder.record(0);
}

/** Section and segment of a node of a probe. */
function siteName({ nodes }: ProbeRecord, node: number): string {
  const segment = nodes.segment[node] ?? -1;
  const section = `section ${nodes.section[node] ?? '?'}`;
  return segment < 0 ? `${section}, end (node ${node})` : `${section}, segment ${segment} (node ${node})`;
}

/** NEURON's samples of as many steps as the solver has. */
function neuronRecord(record: ProbeRecord, timesMs: Float64Array): WindowRecord {
  const { columns, samples, instances } = record;
  const lengths = new Map<string, number>();
  const key = ({ kind, owner, variable }: ProbeColumn): string => `${kind} ${owner} ${variable}`;
  for (const column of columns) {
    lengths.set(key(column), Math.max(lengths.get(key(column)) ?? 1, column.element + 1));
  }
  const variables = columns.map((column): RecordedVariable => {
    const { kind, owner, variable, place, element } = column;
    const node = kind === 'global' ? -1 : kind === 'instance' ? (instances[owner]?.[place] ?? -1) : place;
    const mechanism = kind === 'instance' || kind === 'global' ? owner : null;
    const nth = (instances[owner] ?? []).slice(0, place).filter((other) => other === node).length;
    const name =
      mechanism === null
        ? kind === 'v'
          ? 'v'
          : ionVariableName(owner, variable)
        : mechanismVariableName(owner, variable, lengths.get(key(column)) ?? 1, element);
    const instance = kind === 'instance' ? nth : null;
    return { name, kind: 'assigned', mechanism, writers: [], order: -1, node, instance, site: siteName(record, node) };
  });
  return { firstStep: 0, timesMs, variables, samples: samples.subarray(0, timesMs.length * columns.length) };
}

/** Largest difference of any potential at the first steps (mV), where one record may take several steps for one. */
function largestOfVoltages(a: WindowRecord, b: WindowRecord, steps: number, stride: number): number {
  const paired = pairRecords(a, b);
  let largest = 0;
  for (const [k, { name }] of paired.variables.entries()) {
    const columns = paired.columns[k];
    if (name !== 'v' || columns === undefined) continue;
    for (let step = 0; step <= steps; step++) {
      const x = a.samples[step * stride * a.variables.length + columns.reference] ?? Number.NaN;
      const y = b.samples[step * stride * b.variables.length + columns.other] ?? Number.NaN;
      const apart = Math.abs(x - y);
      if (!(apart <= largest)) largest = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
    }
  }
  return largest;
}

/** The same of a refined probe; null where NEURON does not run it. */
async function difference(
  { probe, neuron, kernels, libm }: ProbeToExplain,
  { step, segments }: Refinement,
  steps: number,
): Promise<number | null> {
  const refined: Probe = {
    ...probe,
    dt: probe.dt / step,
    steps: steps * step,
    sections: probe.sections.map((section) => ({ ...section, nseg: section.nseg * segments })),
  };
  const record = await neuron.run(refined);
  if (record.status !== 'ran') return null;
  const solver = solverRecord(refined, record, kernels, libm);
  return largestOfVoltages(neuronRecord(record, solver.timesMs), solver, steps, step);
}
