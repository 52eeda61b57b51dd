/** One pass over the compartments of a kind: a loop whose rounds take two or four of them through a graph. */
import type { FunctionBody } from '../assembler/index.ts';
import { type ConstantPool, type TableAddresses, vectorWriter } from '../functions/index.ts';
import type { Graph } from '../graph.ts';
import type { PlacedKind } from './layout.ts';
import { createValues } from './values.ts';

export interface PassOptions {
  readonly pool: ConstantPool;
  readonly tables: TableAddresses;
  /** Whether products and sums may be rounded together. */
  readonly fused: boolean;
  readonly lanes: 2 | 4;
  /** Whether V8's 256-bit revectorizer shall be able to join the halves of a round. */
  readonly pairable: boolean;
}

const BYTES_PER_PAIR = 16;

export function writePass(body: FunctionBody, graph: Graph, kind: PlacedKind, options: PassOptions): void {
  if (graph.stores.length === 0 || kind.count === 0) return;
  const pairs = options.lanes / 2;
  /** Bytes from a column's first compartment to the round's first. */
  const offset = body.local('i32');
  const firstTemporary = body.locals;
  body.i32(0);
  body.set(offset);
  body.loop(() => {
    writeRound(body, graph, kind, { ...options, pairs, offset });
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
  readonly pairs: number;
  /** The local that holds the round's offset. */
  readonly offset: number;
}

function writeRound(body: FunctionBody, graph: Graph, kind: PlacedKind, round: Round): void {
  const { pool, tables, fused, pairs, offset } = round;
  const writer = vectorWriter(body, pool, fused);
  const addressOf = (column: number, pair: number): number => (kind.columns[column] as number) + BYTES_PER_PAIR * pair;
  const values = createValues(graph, {
    writer,
    tables,
    pairs,
    uniform: (index) => writer.splat(kind.uniforms + 8 * index),
    load: (column, pair) => () => {
      body.get(offset);
      body.memory('v128.load', addressOf(column, pair));
    },
  });
  // Each is stored as soon as it is known, so that few values wait in registers.
  for (const { column, value } of graph.stores) {
    const parts = values.of(value);
    values.secure(column);
    for (const [pair, part] of parts.entries()) {
      body.get(offset);
      part();
      body.memory('v128.store', addressOf(column, pair));
    }
  }
}
