/** One pass over the compartments of a kind: a loop whose rounds take two or four of them through a graph. */
import type { FunctionBody } from '../assembler/index.ts';
import { type ConstantPool, vectorWriter } from '../functions/index.ts';
import type { Graph, GuardedGraph, NodeId } from '../graph.ts';
import { isDecay, withoutTraces } from './decay.ts';
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

/** @param near what a round does instead where the guard holds in all of its compartments */
export function writePass(
  body: FunctionBody,
  kind: PlacedKind,
  options: PassOptions,
  graph: Graph,
  near?: GuardedGraph,
): void {
  if ((graph.stores.length === 0 && near === undefined) || kind.count === 0) return;
  const pairs = options.lanes / 2;
  /** Bytes from a column's first compartment to the round's first. */
  const offset = body.local('i32');
  const firstTemporary = body.locals;
  const round: Round = { ...options, body, kind, pairs, offset };
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

interface Round extends PassOptions {
  readonly body: FunctionBody;
  readonly kind: PlacedKind;
  readonly pairs: number;
  /** The local that holds the round's offset. */
  readonly offset: number;
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

function valuesOf(
  { body, kind, pool, library, fused, pairs, offset }: Round,
  graph: Graph,
  guard?: NodeId,
): ValueWriter {
  const writer = vectorWriter(body, pool, fused);
  const source: ValueSource = {
    writer,
    library,
    pairs,
    uniform: (index) => writer.splat(kind.uniforms + 8 * index),
    load: (column, pair) => () => {
      body.get(offset);
      body.memory('v128.load', addressOf(kind, column, pair));
    },
  };
  return createValues(graph, source, guard);
}

/** Each is stored as soon as it is known, so that few values wait in registers. */
function writeStores({ body, kind, offset, pool, contract }: Round, graph: Graph, values: ValueWriter): void {
  const writer = vectorWriter(body, pool);
  for (const store of graph.stores) {
    const parts = values.of(store.value);
    values.secure(store.column);
    const decays = contract && isDecay(graph, store);
    for (const [pair, part] of parts.entries()) {
      body.get(offset);
      (decays ? withoutTraces(writer, part) : part)();
      body.memory('v128.store', addressOf(kind, store.column, pair));
    }
  }
}

function addressOf(kind: PlacedKind, column: number, pair: number): number {
  return (kind.columns[column] as number) + BYTES_PER_PAIR * pair;
}
