/** NEURON's side of a probe: a sidecar with one library, asked probe after probe; a sidecar that died is replaced. */
import type { Table } from 'apache-arrow';
import {
  firstPart,
  float64Column,
  int32Column,
  type Method,
  type Sidecar,
  startSidecar,
  tableNamed,
} from '../../bridge/index.ts';
import { UNFUSED } from '../../engine/bitwise.ts';
import { isTwincellError } from '../../errors.ts';
import { Probe, type ProbeColumn, ProbeResult } from './protocol.ts';

/** The tree as NEURON made it: one entry a node. */
export interface ProbeNodes {
  readonly parent: Int32Array;
  /** Number of the section, and of the segment in it; -1 where a node has no membrane. */
  readonly section: Int32Array;
  readonly segment: Int32Array;
  /** µm², µm, µF/cm². */
  readonly area: Float64Array;
  readonly diameter: Float64Array;
  readonly cm: Float64Array;
  /** Of the compartment (µm). */
  readonly length: Float64Array;
  /** Off-diagonal terms of the matrix (mS/cm²). */
  readonly axialA: Float64Array;
  readonly axialB: Float64Array;
}

/** A probe that NEURON ran. */
export interface ProbeRecord {
  readonly status: 'ran';
  readonly mechanismOrder: readonly string[];
  readonly instances: Readonly<Record<string, readonly number[]>>;
  readonly valences: Readonly<Record<string, number>>;
  readonly columns: readonly ProbeColumn[];
  readonly nodes: ProbeNodes;
  /** Row-major: `columns.length` numbers a step, from step 0 on. */
  readonly samples: Float64Array;
  /** Times (ms) of the events of each source. */
  readonly events: readonly {
    readonly mechanism: string;
    readonly instance: number;
    readonly times: readonly number[];
  }[];
}

/** A probe that NEURON did not run to its end, and why. */
export interface ProbeFailure {
  /** `unloadable`: the library cannot be loaded, whatever the probe. */
  readonly status: 'failed' | 'crashed' | 'timeout' | 'unloadable';
  readonly message: string;
}

const PROBE = { name: 'probe', params: Probe, result: ProbeResult } as const satisfies Method;

export interface NeuronProbesOptions {
  /** Absolute path of the Python with NEURON. */
  readonly python: string;
  /** The compiled mechanisms; NEURON's own only, where absent. */
  readonly library: string | null;
  /** A second library, of drives. */
  readonly drives: string | null;
  readonly signal?: AbortSignal;
}

/** NEURON with one library of mechanisms. */
export interface NeuronProbes {
  run(probe: Probe): Promise<ProbeRecord | ProbeFailure>;
  close(): Promise<void>;
}

export function createNeuronProbes(options: NeuronProbesOptions): NeuronProbes {
  let sidecar: Promise<Sidecar> | null = null;
  const start = () =>
    startSidecar({
      python: options.python,
      kind: 'neuron',
      args: [
        ...(options.library === null ? [] : ['--mechanisms', options.library]),
        ...(options.drives === null ? [] : ['--drives', options.drives]),
      ],
      // Elsewhere than on Linux with glibc it means nothing and does no harm.
      env: UNFUSED,
      ...(options.signal && { signal: options.signal }),
    });
  return {
    async run(probe) {
      sidecar ??= start();
      try {
        return await ask(await sidecar, probe, options.signal);
      } catch (error) {
        return failureOf(error);
      }
    },
    async close() {
      await sidecar?.then(
        (one) => one.close(),
        () => undefined,
      );
      sidecar = null;
    },
  };
}

/** The sidecar itself only loads the library: where it fails or dies, the library is why. */
function failureOf(error: unknown): ProbeFailure {
  if (isTwincellError(error, 'SidecarDied')) return { status: 'unloadable', message: error.message };
  if (!isTwincellError(error, 'Remote')) throw error;
  return { status: error.code === 'library-unreadable' ? 'unloadable' : 'failed', message: error.message };
}

async function ask(
  sidecar: Sidecar,
  probe: Probe,
  signal: AbortSignal | undefined,
): Promise<ProbeRecord | ProbeFailure> {
  const { value, tables } = await firstPart(sidecar.call(PROBE, probe, signal && { signal }), PROBE.name);
  return value.status === 'ran' ? recordOf(value, tables) : { status: value.status, message: value.message };
}

function recordOf(value: ProbeResult, tables: Readonly<Record<string, Table>>): ProbeRecord {
  const nodes = tableNamed(tables, 'nodes');
  const events = tableNamed(tables, 'events');
  const sources = int32Column(events, 'source');
  const times = float64Column(events, 'time');
  return {
    status: 'ran',
    mechanismOrder: value.mechanismOrder,
    instances: value.instances,
    valences: value.valences,
    columns: value.columns,
    nodes: {
      parent: int32Column(nodes, 'parent'),
      section: int32Column(nodes, 'section'),
      segment: int32Column(nodes, 'segment'),
      area: float64Column(nodes, 'area'),
      diameter: float64Column(nodes, 'diameter'),
      cm: float64Column(nodes, 'cm'),
      length: float64Column(nodes, 'length'),
      axialA: float64Column(nodes, 'axialA'),
      axialB: float64Column(nodes, 'axialB'),
    },
    samples: float64Column(tableNamed(tables, 'samples'), 'value'),
    events: value.sources.map((source, index) => ({
      ...source,
      times: Array.from(times).filter((_, k) => sources[k] === index),
    })),
  };
}
