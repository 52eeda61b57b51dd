/** One pass over the compartments of a kind: a loop whose rounds take two or four of them through a graph. */
import type { FunctionBody } from '../assembler/index.ts';
import { type ConstantPool, type Part, type VectorWriter, vectorWriter } from '../functions/index.ts';
import { argumentsOf, type Graph, type GuardedGraph, type NodeId } from '../graph.ts';
import { withoutTraces } from './decay.ts';
import type { PlacedKind } from './layout.ts';
import type { Library } from './library.ts';
import { createValues, type ValueSource, type ValueWriter } from './values.ts';

export interface PassOptions {
  readonly pool: ConstantPool;
  readonly library: Library;
  /** Whether results may differ from the interpreter's by rounding. */
  readonly contract: boolean;
  /** Whether products and sums are rounded together. */
  readonly fused: boolean;
  readonly lanes: 2 | 4;
  /** Whether V8's 256-bit revectorizer shall be able to join the halves of a round. */
  readonly pairable: boolean;
}

const BYTES_PER_PAIR = 16;

/** @param guarded what a round does instead where the guard holds in all of its compartments */
export function writePass(
  body: FunctionBody,
  kind: PlacedKind,
  options: PassOptions,
  full: Graph,
  guarded?: GuardedGraph,
): void {
  if ((full.stores.length === 0 && guarded === undefined) || kind.count === 0) return;
  const kept = <G extends Graph>(graph: G): G =>
    options.contract ? withoutTraces(graph, (column) => kind.plan.columns[column]?.kind !== 'kept') : graph;
  const graph = kept(full);
  const near = guarded && kept(guarded);
  const pairs = options.lanes / 2;
  /** Bytes from a column's first compartment to the round's first. */
  const offset = body.local('i32');
  const writer = vectorWriter(body, options.pool, options.fused, options.pairable);
  // V8's revectorizer joins what it sees loaded.
  const often = options.pairable ? [] : constantsOf(near === undefined ? [graph] : [graph, near]);
  const constants = new Map(often.map((value) => [value, writer.keep(writer.constant(value))]));
  const firstTemporary = body.locals;
  const round: Round = { ...options, body, kind, pairs, offset, writer, constants };
  body.i32(0);
  body.set(offset);
  body.loop(() => {
    if (near === undefined) writeStores(round, graph, valuesOf(round, graph));
    else writeGuarded(round, graph, near);
    if (options.pairable) for (let local = firstTemporary; local < body.locals; local++) body.clear(local);
    body.get(offset);
    body.i32(BYTES_PER_PAIR * pairs);
    body.op('i32.add');
    body.tee(offset);
    body.i32(8 * kind.count);
    body.op('i32.lt_u');
    body.branchIf(0);
  });
}

/** Numbers that so many operations want stand in locals; more of them than a few would only wait on the stack. */
const OFTEN = 3;
const FEW = 2;

/** What is wanted most often. */
function constantsOf(graphs: readonly Graph[]): number[] {
  const wanted = new Map<number, number>();
  for (const { nodes } of graphs) {
    for (const id of nodes.flatMap(argumentsOf)) {
      const node = nodes[id];
      if (node?.op === 'constant') wanted.set(node.value, (wanted.get(node.value) ?? 0) + 1);
    }
  }
  const often = [...wanted].filter(([, times]) => times >= OFTEN).sort(([, one], [, other]) => other - one);
  return often.slice(0, FEW).map(([value]) => value);
}

interface Round extends PassOptions {
  readonly body: FunctionBody;
  readonly kind: PlacedKind;
  readonly pairs: number;
  /** The local that holds the round's offset. */
  readonly offset: number;
  readonly writer: VectorWriter;
  /** Those that stand in locals. */
  readonly constants: ReadonlyMap<number, Part>;
}

function writeGuarded(round: Round, graph: Graph, near: GuardedGraph): void {
  const { body } = round;
  const values = valuesOf(round, near, near.guard);
  for (const [pair, part] of values.of(near.guard).entries()) {
    part();
    if (pair > 0) body.op('v128.and');
  }
  body.op('i64x2.all_true');
  body.if(
    () => writeStores(round, near, values),
    () => writeStores(round, graph, valuesOf(round, graph)),
  );
}

function valuesOf(round: Round, graph: Graph, guard?: NodeId): ValueWriter {
  const { body, kind, library, pairs, offset, writer, constants } = round;
  const source: ValueSource = {
    writer,
    library,
    pairs,
    constant: (value) => constants.get(value) ?? writer.constant(value),
    uniform: (index) => writer.splat(kind.uniforms + 8 * index),
    load: (column, pair) => () => {
      body.get(offset);
      body.memory('v128.load', addressOf(kind, column, pair));
    },
  };
  return createValues(graph, source, guard);
}

/** Each is stored soon after it is known, so that few values wait in registers. */
function writeStores({ body, kind, offset }: Round, graph: Graph, values: ValueWriter): void {
  for (const task of values.tasks()) {
    if ('value' in task) {
      values.of(task.value);
      continue;
    }
    const { column, value } = graph.stores[task.store] as Graph['stores'][number];
    const parts = values.of(value);
    values.secure(column);
    for (const [pair, part] of parts.entries()) {
      body.get(offset);
      part();
      body.memory('v128.store', addressOf(kind, column, pair));
    }
  }
}

function addressOf(kind: PlacedKind, column: number, pair: number): number {
  return (kind.columns[column] as number) + BYTES_PER_PAIR * pair;
}
