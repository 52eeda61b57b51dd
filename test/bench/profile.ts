/**
 * Where the nanoseconds of a compartment-step of mode exact go: the parts of a step as it runs, each pass taken apart by what
 * it stores, and the same cell without NMDA and without synapses. Its soma alone is recorded.
 *
 *     node --conditions=twincell-source test/bench/profile.ts [--model l5pc-hay] [--models DIR] [--seconds 0.3]
 *       [--repetitions 5] [--json]
 *
 * Every stretch of a trial counts as its fastest repetition, since other work on the machine only ever adds.
 */
import { parseArgs } from 'node:util';
import { compartmentRows, defineExperiment, prepare } from 'twincell';
import { compileFiles } from '../../src/engine/mechanisms.ts';
import { compileKinds, type PlacedKind, probeFeatures, staticBytes } from '../../src/kernel/wasm/codegen/index.ts';
import type { ColumnSource, Graph } from '../../src/kernel/wasm/graph.ts';
import { type SynapseSet, synapsesOf } from '../../src/model/synapses.ts';
import { cellCircuit } from '../../src/solver/cell.ts';
import type { Arena } from '../../src/solver/compiled/arena.ts';
import { createCompiledSimulation, type StepPart } from '../../src/solver/compiled/index.ts';

const DT = 0.025;
/** Steps between two looks at the clock in runs that are timed as a whole. */
const STRETCH = 100;
/** Runs of a part of a pass that are timed together, and how often they are. */
const TOGETHER = 50;
const TIMES = 60;

const { values: given } = parseArgs({
  options: {
    model: { type: 'string', default: 'l5pc-bbp' },
    models: { type: 'string' },
    seconds: { type: 'string', default: '0.3' },
    repetitions: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(given.seconds);
const repetitions = Number(given.repetitions);
const steps = Math.round((seconds * 1000) / DT);

const experiment = defineExperiment({
  seed: 1,
  cell: { model: given.model },
  simulation: { seconds, trials: 1, engine: 'solver' },
});
const prepared = await prepare(experiment, given.models === undefined ? {} : { models: given.models });
const engine = prepared.createEngine('solver', 1);
const snapshot = await engine.describe(prepared.cell);
await engine.close();
const { events } = prepared.trial(snapshot, 0);
const mechanisms = await compileFiles(prepared.cell.mechanisms, [
  ...snapshot.mechanismOrder,
  'TwincellExcitatory',
  'TwincellGaba',
]);
const compartments = compartmentRows(snapshot).length;
/** ns per compartment and step of so many ms in so many steps. */
const perStep = (ms: number, count: number): number => (1e6 * ms) / (count * compartments);

interface Bound {
  readonly kinds: readonly PlacedKind[];
  readonly arena: Arena;
}

function variant(synapses: SynapseSet | null) {
  const { circuit, channels } = cellCircuit({ cell: snapshot, mechanisms, synapses, clamps: [] });
  const parts = new Map<StepPart, number>();
  let last = 0;
  let bound: Bound | undefined;
  let watched = false;
  const simulation = createCompiledSimulation(circuit, {
    mode: 'exact',
    dt: DT,
    order: 1,
    libm: 'native',
    channels,
    shown: [snapshot.somaNode],
    probe: {
      bound(kinds, arena) {
        bound = { kinds, arena };
      },
      passed(part) {
        if (!watched) return;
        const now = performance.now();
        parts.set(part, (parts.get(part) ?? 0) + now - last);
        last = now;
      },
    },
  });
  const start = (): void => simulation.initialize(synapses === null ? undefined : events);
  start();
  const stretches = Math.floor(steps / STRETCH);
  const whole = new Float64Array(stretches).fill(Number.POSITIVE_INFINITY);
  const byPart = new Map<StepPart, Float64Array>();
  let spikes = 0;

  /** One trial; each stretch's time is kept where it is less than before. */
  function run(inParts: boolean): void {
    watched = inParts;
    start();
    spikes = 0;
    let above = false;
    for (let stretch = 0; stretch < stretches; stretch++) {
      parts.clear();
      const started = performance.now();
      last = started;
      for (let k = 0; k < STRETCH; k++) {
        simulation.step();
        const high = (simulation.v[snapshot.somaNode] as number) > 0;
        if (high && !above) spikes++;
        above = high;
        if (inParts) last = performance.now();
      }
      const elapsed = performance.now() - started;
      if (!inParts) whole[stretch] = Math.min(whole[stretch] as number, elapsed);
      for (const [part, ms] of parts) {
        const least = byPart.get(part) ?? new Float64Array(stretches).fill(Number.POSITIVE_INFINITY);
        least[stretch] = Math.min(least[stretch] as number, ms);
        byPart.set(part, least);
      }
    }
    watched = false;
  }
  const total = (least: Float64Array): number =>
    perStep(
      // The first stretches are compiled while they run.
      least.subarray(5).reduce((sum, ms) => sum + ms, 0),
      (stretches - 5) * STRETCH,
    );
  return {
    run,
    simulation,
    bound: () => bound as Bound,
    result: () => ({
      whole: total(whole),
      parts: Object.fromEntries([...byPart].map(([part, least]) => [part, total(least)])),
      spikes,
    }),
  };
}

/** What looking at the clock adds to a part (ns per compartment and step, each time). */
function clockCost(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 200; k++) {
    const started = performance.now();
    for (let i = 0; i < 100; i++) performance.now();
    least = Math.min(least, performance.now() - started);
  }
  return perStep(least, 100);
}

type Share = 'channels' | 'synapses' | 'calcium' | 'exponentials kept';

function shareOf(kind: PlacedKind, source: ColumnSource): Share | null {
  if (source.kind === 'kept') return 'exponentials kept';
  if (source.kind === 'ion') return 'calcium';
  if (source.kind !== 'field') return null;
  const index = kind.plan.slots[source.slot];
  const placement = circuitOf.mechanisms[index ?? -1];
  const program = placement?.kernel.program;
  if (program?.kind === 'point') return 'synapses';
  const writes = program?.ions.some((ion) => ion.writes.some(({ field }) => field !== 'current'));
  return writes === true ? 'calcium' : 'channels';
}

const circuitOf = cellCircuit({ cell: snapshot, mechanisms, synapses: prepared.cell.synapses, clamps: [] }).circuit;

/** The usual passes with some of their stores only, by what those belong to. */
function apart({ kinds, arena }: Bound): Record<string, number> {
  const shares: Share[] = ['channels', 'synapses', 'calcium', 'exponentials kept'];
  const only = <G extends Graph>(kind: PlacedKind, graph: G, wanted: (share: Share | null) => boolean): G => ({
    ...graph,
    stores: graph.stores.filter(({ column }) => wanted(shareOf(kind, kind.plan.columns[column] as ColumnSource))),
  });
  const build = (wanted: (share: Share | null) => boolean) => {
    const some = kinds.map((kind): PlacedKind => {
      const { plan } = kind;
      const { near, nearCurrent } = plan;
      return {
        ...kind,
        plan: {
          ...plan,
          state: only(kind, plan.state, wanted),
          current: only(kind, plan.current, wanted),
          ...(near && { near: only(kind, near, wanted) }),
          ...(nearCurrent && { nearCurrent: only(kind, nearCurrent, wanted) }),
        },
      };
    });
    const statics = arena.numbers(Math.ceil(staticBytes(some.map(({ plan }) => plan)) / 8)).byteOffset;
    return compileKinds(some, { statics, features: probeFeatures(), contract: true }).instantiateTogether(arena.memory);
  };
  const passes: Record<string, () => void> = { 'state, all': build(() => true).nearState };
  for (const share of shares) passes[`state, ${share}`] = build((one) => one === share).nearState;
  passes['current, all'] = build(() => true).nearCurrent;
  const least: Record<string, number> = {};
  const memory = new Uint8Array(arena.memory.buffer);
  const before = memory.slice();
  for (let k = 0; k < TIMES; k++) {
    for (const [name, pass] of Object.entries(passes)) {
      memory.set(before);
      pass();
      const started = performance.now();
      for (let i = 0; i < TOGETHER; i++) pass();
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, perStep(performance.now() - started, TOGETHER));
    }
  }
  memory.set(before);
  return least;
}

/** Operations of a step of each kind, by pass, as its plan has them. */
function operations({ kinds }: Bound) {
  return kinds.map(({ plan, count }) => {
    const countOf = (graph: Graph | undefined) => {
      const counts: Record<string, number> = { stores: graph?.stores.length ?? 0 };
      for (const { op } of graph?.nodes ?? []) counts[op] = (counts[op] ?? 0) + 1;
      return counts;
    };
    return {
      compartments: count,
      mechanisms: plan.slots.map((slot) => circuitOf.mechanisms[slot]?.kernel.program.name),
      left: plan.left.length,
      current: countOf(plan.nearCurrent ?? plan.current),
      state: countOf(plan.near ?? plan.state),
    };
  });
}

const variants = {
  full: variant(prepared.cell.synapses),
  'without NMDA': variant(synapsesOf('AMPA')),
  'without synapses': variant(null),
};
for (let k = 0; k < repetitions; k++) {
  for (const one of Object.values(variants)) {
    one.run(false);
    one.run(true);
  }
}
const clock = clockCost();
const bound = variants.full.bound();
const result = {
  model: given.model,
  node: process.versions.node,
  compartments,
  kinds: operations(bound),
  clock,
  variants: Object.fromEntries(Object.entries(variants).map(([name, one]) => [name, one.result()])),
  passes: apart(bound),
};
if (given.json) console.log(JSON.stringify(result));
else {
  const ns = (value: number): string => value.toFixed(2).padStart(8);
  console.log(`${result.model}, ${compartments} compartments, ns per compartment and step, Node ${result.node}`);
  for (const [name, { whole, parts, spikes }] of Object.entries(result.variants)) {
    console.log(`${ns(whole)}  ${name} (${spikes} spikes)`);
    for (const [part, value] of Object.entries(parts)) {
      console.log(`  ${ns(value - clock * (part === 'events' ? 2 : 1))}  ${part}`);
    }
  }
  console.log('passes by themselves, with some of their stores:');
  for (const [name, value] of Object.entries(result.passes)) console.log(`  ${ns(value)}  ${name}`);
  for (const kind of result.kinds) {
    console.log(`${kind.compartments} × ${kind.mechanisms.join(' ')}${kind.left > 0 ? `, ${kind.left} left` : ''}`);
    for (const pass of ['current', 'state'] as const) {
      console.log(
        `  ${pass}: ${Object.entries(kind[pass])
          .map(([op, count]) => `${count} ${op}`)
          .join(', ')}`,
      );
    }
  }
}
