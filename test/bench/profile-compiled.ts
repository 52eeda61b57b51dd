/**
 * Where the time of modes exact and fast goes: the parts of a step as it runs, each pass taken apart by what it stores, and
 * the same cell without NMDA and without synapses. Its soma alone is recorded.
 */
import { compileKinds, type PlacedKind, probeFeatures, staticBytes } from '../../src/kernel/wasm/codegen/index.ts';
import type { ColumnSource, Graph } from '../../src/kernel/wasm/graph.ts';
import { CONSTANTS, compileTables, tabulate } from '../../src/kernel/wasm/tables/index.ts';
import { type SynapseSet, synapsesOf } from '../../src/model/synapses.ts';
import { cellCircuit } from '../../src/solver/cell.ts';
import type { Circuit } from '../../src/solver/circuit.ts';
import type { Arena } from '../../src/solver/compiled/arena.ts';
import { createTables, type ExactKind, type FastTables, LANES_BESIDE_TABLES } from '../../src/solver/compiled/fast.ts';
import { createCompiledSimulation } from '../../src/solver/compiled/index.ts';
import { FAST_TOLERANCE, type Mechanisms } from '../../src/solver/index.ts';
import { createStretches, type PartTimes, TIMES, TOGETHER } from './stretches.ts';
import type { Subject } from './subject.ts';

export interface CompiledProfile {
  readonly variants: Readonly<Record<string, PartTimes>>;
  /** Passes by themselves (ns per compartment and step); mode fast's are what its tables leave, and the tables. */
  readonly passes: Readonly<Record<string, number>>;
  readonly kinds: readonly KindOperations[];
}

export interface KindOperations {
  readonly compartments: number;
  readonly mechanisms: readonly string[];
  readonly left: number;
  readonly current: Readonly<Record<string, number>>;
  readonly state: Readonly<Record<string, number>>;
}

export interface CompiledOptions {
  readonly mode: 'exact' | 'fast';
  readonly dt: number;
  readonly steps: number;
  readonly repetitions: number;
}

interface Bound {
  readonly kinds: readonly PlacedKind[];
  readonly arena: Arena;
}

interface Variant {
  readonly circuit: Circuit;
  readonly bound: () => Bound;
  readonly run: (inParts: boolean) => void;
  readonly result: () => PartTimes;
}

export function profileCompiled(subject: Subject, mechanisms: Mechanisms, options: CompiledOptions): CompiledProfile {
  const make = (synapses: SynapseSet | null): Variant => createVariant(subject, mechanisms, synapses, options);
  const variants = {
    full: make(subject.cell.synapses),
    'without NMDA': make(synapsesOf('AMPA')),
    'without synapses': make(null),
  };
  const all = Object.entries(variants);
  for (let k = 0; k < options.repetitions; k++) {
    for (const [, one] of all) for (const inParts of [false, true]) one.run(inParts);
  }
  const { circuit, bound } = variants.full;
  const { kinds, arena } = bound();
  const exact = options.mode === 'exact';
  return {
    variants: Object.fromEntries(all.map(([name, one]) => [name, one.result()])),
    passes: leastOf(
      exact ? exactPasses(bound(), circuit) : fastPasses(bound()),
      new Uint8Array(arena.memory.buffer),
      subject.compartments,
    ),
    kinds: exact ? kinds.map((kind) => operations(kind, circuit)) : [],
  };
}

function createVariant(
  { snapshot, trials, compartments }: Subject,
  mechanisms: Mechanisms,
  synapses: SynapseSet | null,
  { mode, dt, steps }: CompiledOptions,
): Variant {
  const { circuit, channels } = cellCircuit({ cell: snapshot, mechanisms, synapses, clamps: [] });
  const events = trials[0]?.events;
  let found: Bound | undefined;
  const simulation = createCompiledSimulation(circuit, {
    mode,
    dt,
    order: 1,
    libm: 'native',
    channels,
    shown: [snapshot.somaNode],
    probe: {
      bound(kinds, arena) {
        found = { kinds, arena };
      },
      passed: (part) => stretches.passed(part),
    },
  });
  const stretches = createStretches({
    steps,
    compartments,
    stretch: 100,
    potential: () => simulation.v[snapshot.somaNode] as number,
    start: () => simulation.initialize(synapses === null ? undefined : events),
    step: () => simulation.step(),
  });
  return {
    circuit,
    run: stretches.run,
    result: stretches.result,
    bound() {
      if (found === undefined)
        throw new Error('the cell has mechanisms that no plan expresses: there are no passes to time');
      return found;
    },
  };
}

/** Mode fast's tables once more, on the same memory, so that they run apart from what they leave. */
function tablesOf(bound: Bound): FastTables {
  return createTables(exactKinds(bound), { tolerance: FAST_TOLERANCE }, bound.arena);
}

function exactKinds({ kinds, arena }: Bound): ExactKind[] {
  return kinds.map((placed) => ({
    placed,
    uniforms: new Float64Array(arena.memory.buffer, placed.uniforms, placed.plan.uniforms.length),
  }));
}

/** Where in its tables each compartment's potential and concentrations stand, without reading a row. */
function placesOf({ kinds, arena }: Bound): () => void {
  const places = exactKinds({ kinds, arena }).flatMap(({ placed: { plan, columns, count }, uniforms }) =>
    tabulate(plan, { tolerance: FAST_TOLERANCE, uniforms }).tables.map((table) => ({
      table: { ...table, entries: [] },
      compartments: count,
      columns,
      rows: 0,
      places: arena.numbers(2 * count).byteOffset,
      inside: arena.integers(1).byteOffset,
    })),
  );
  const constants = arena.numbers(CONSTANTS).byteOffset;
  return compileTables(places, { constants, fused: probeFeatures().relaxedMadd, memory: arena.memory }).states;
}

type Share = 'channels' | 'synapses' | 'calcium' | 'exponentials kept';
const SHARES: readonly Share[] = ['channels', 'synapses', 'calcium', 'exponentials kept'];

function shareOf(kind: PlacedKind, source: ColumnSource | undefined, { mechanisms }: Circuit): Share | null {
  if (source?.kind === 'kept') return 'exponentials kept';
  if (source?.kind === 'ion') return 'calcium';
  if (source?.kind !== 'field') return null;
  const program = mechanisms[kind.plan.slots[source.slot] ?? -1]?.kernel.program;
  if (program?.kind === 'point') return 'synapses';
  const writes = program?.ions.some((ion) => ion.writes.some(({ field }) => field !== 'current'));
  return writes === true ? 'calcium' : 'channels';
}

type Passes = Readonly<Record<string, () => void>>;

/** The usual passes, and with some of their stores only, by what those belong to. */
function exactPasses({ kinds, arena }: Bound, circuit: Circuit): Passes {
  const whole = compiled({ kinds, arena });
  const passes: Record<string, () => void> = { state: whole.nearState };
  for (const share of SHARES) {
    const some = kinds.map((kind) =>
      withStores(kind, (column) => shareOf(kind, kind.plan.columns[column], circuit) === share),
    );
    passes[`  of ${share}`] = compiled({ kinds: some, arena }).nearState;
  }
  return { ...passes, current: whole.nearCurrent };
}

function fastPasses(bound: Bound): Passes {
  const tables = tablesOf(bound);
  const left = compiled({ kinds: tables.kinds, arena: bound.arena }, LANES_BESIDE_TABLES);
  tables.values();
  return {
    'state, tables': tables.states,
    '  of which finding rows': placesOf(bound),
    'state, what they leave': left.nearState,
    current: left.nearCurrent,
  };
}

function compiled({ kinds, arena }: Bound, lanes: 2 | 4 = 4) {
  const statics = arena.numbers(Math.ceil(staticBytes(kinds.map(({ plan }) => plan)) / 8)).byteOffset;
  const options = { statics, features: probeFeatures(), contract: true, lanes };
  return compileKinds(kinds, options).instantiateTogether(arena.memory);
}

function withStores(kind: PlacedKind, wanted: (column: number) => boolean): PlacedKind {
  const only = <G extends Graph>(graph: G): G => ({
    ...graph,
    stores: graph.stores.filter(({ column }) => wanted(column)),
  });
  const { near, nearCurrent, ...plan } = kind.plan;
  return {
    ...kind,
    plan: {
      ...plan,
      state: only(plan.state),
      current: only(plan.current),
      ...(near && { near: only(near) }),
      ...(nearCurrent && { nearCurrent: only(nearCurrent) }),
    },
  };
}

/** Each pass by itself, always from the same memory (ns per compartment and step). */
function leastOf(passes: Passes, memory: Uint8Array, compartments: number): Record<string, number> {
  const least: Record<string, number> = {};
  const before = memory.slice();
  for (let k = 0; k < TIMES; k++) {
    for (const [name, pass] of Object.entries(passes)) {
      memory.set(before);
      pass();
      const started = performance.now();
      for (let i = 0; i < TOGETHER; i++) pass();
      const elapsed = performance.now() - started;
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, (1e6 * elapsed) / (TOGETHER * compartments));
    }
  }
  memory.set(before);
  return least;
}

/** Operations of a step of a kind, by pass, as its plan has them. */
function operations({ plan, count }: PlacedKind, { mechanisms }: Circuit): KindOperations {
  const countOf = (graph: Graph): Record<string, number> => {
    const counts: Record<string, number> = { stores: graph.stores.length };
    for (const { op } of graph.nodes) counts[op] = (counts[op] ?? 0) + 1;
    return counts;
  };
  return {
    compartments: count,
    mechanisms: plan.slots.map((slot) => mechanisms[slot]?.kernel.program.name ?? ''),
    left: plan.left.length,
    current: countOf(plan.nearCurrent ?? plan.current),
    state: countOf(plan.near ?? plan.state),
  };
}
