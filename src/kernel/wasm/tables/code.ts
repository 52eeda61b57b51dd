/**
 * States moved on by tables, as WebAssembly. Lanes are two states of one compartment, so that the coefficients of an interval
 * are one contiguous row and need no gathering; compartments go two by two, since their states stand in columns.
 */
import { type FunctionBody, ModuleBuilder } from '../assembler/index.ts';
import { ConstantPool, type Part, type VectorWriter, vectorWriter } from '../functions/index.ts';
import { COEFFICIENTS, type Grid, intervalsOf } from './fit.ts';

/** States of the compartments of a kind, and where their numbers stand; addresses in bytes. */
export interface PlacedTable {
  /** A multiple of 4. */
  readonly compartments: number;
  readonly v: number;
  /** Of the first compartment's number of each state. */
  readonly states: readonly number[];
  readonly grid: Grid;
  /** The row of the lowest interval. */
  readonly rows: number;
  /** Room for two numbers of each compartment. */
  readonly places: number;
  /** An integer that becomes 0 where a potential is outside the grid, and then no state is moved on. */
  readonly inside: number;
}

/** Numbers of constants that the code loads. */
export const CONSTANTS = 64;

export interface TableCode {
  /** Gives whether all potentials of all kinds were inside. */
  instantiate(memory: WebAssembly.Memory): () => boolean;
}

/** Added to a number below 2^31, it leaves the nearest integer in the low bits. */
const ROUNDING = 1.5 * 2 ** 52;
const PAIR_BYTES = 16;

/** Numbers of a row: coefficients of a and w for each pair of states. */
export function rowLength(states: number): number {
  return 4 * COEFFICIENTS * Math.ceil(states / 2);
}

/** @param constants byte address of room for `CONSTANTS` numbers */
export function compileTables(tables: readonly PlacedTable[], constants: number, fused: boolean): TableCode {
  const module = new ModuleBuilder();
  const pool = new ConstantPool(constants);
  const passes = tables.map((table) => {
    const index = module.function(null, { parameters: [], results: ['i32'] }, (body) =>
      writePlaces(body, vectorWriter(body, pool, fused), table),
    );
    const update = module.function(null, { parameters: [], results: [] }, (body) =>
      writeUpdates(body, vectorWriter(body, pool, fused), table),
    );
    return { index, update, inside: table.inside };
  });
  module.function('states', { parameters: [], results: ['i32'] }, (body) => {
    const all = body.local('i32');
    const inside = body.local('i32');
    body.i32(1);
    body.set(all);
    for (const pass of passes) {
      body.call(pass.index);
      body.set(inside);
      body.i32(0);
      body.get(inside);
      body.memory('i32.store', pass.inside);
      body.get(inside);
      body.if(() => body.call(pass.update));
      body.get(all);
      body.get(inside);
      body.op('i32.and');
      body.set(all);
    }
    body.get(all);
  });
  const bytes = module.bytes();
  return {
    instantiate(memory) {
      new Float64Array(memory.buffer, constants, CONSTANTS).set(pool.values());
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { twincell: { memory } });
      const states = exports.states as () => number;
      return () => states() !== 0;
    },
  };
}

/** Runs `build` with a byte offset that goes through numbers in steps of two. */
function pairs(body: FunctionBody, count: number, build: (offset: number) => void): void {
  const offset = body.local('i32');
  body.loop(() => {
    build(offset);
    body.get(offset);
    body.i32(PAIR_BYTES);
    body.op('i32.add');
    body.tee(offset);
    body.i32(8 * count);
    body.op('i32.lt_u');
    body.branchIf(0);
  });
}

/** Of each compartment, the number whose low bits are its interval and its place in it; leaves whether all are inside. */
function writePlaces(body: FunctionBody, w: VectorWriter, table: PlacedTable): void {
  const { low, width } = table.grid;
  const inside = body.local('v128');
  body.i64(-1n);
  body.op('i64x2.splat');
  body.set(inside);
  const put = (offset: number, address: number, part: Part): void => {
    body.get(offset);
    part();
    body.memory('v128.store', address);
  };
  pairs(body, table.compartments, (offset) => {
    const v = load(body, offset, table.v);
    // Intervals are counted from their middles.
    const at = w.keep(w.sub(w.mul(w.sub(v, w.constant(low)), w.constant(1 / width)), w.constant(0.5)));
    const rounded = w.keep(w.add(at, w.constant(ROUNDING)));
    put(offset, table.places, rounded);
    put(offset, table.places + 8 * table.compartments, w.sub(at, w.sub(rounded, w.constant(ROUNDING))));
    w.apply('f64x2.ge', at, w.constant(-0.5))();
    w.apply('f64x2.lt', at, w.constant(intervalsOf(table.grid) - 0.5))();
    body.op('v128.and');
    body.get(inside);
    body.op('v128.and');
    body.set(inside);
  });
  body.get(inside);
  body.op('i64x2.all_true');
}

function load(body: FunctionBody, offset: number, address: number): Part {
  return () => {
    body.get(offset);
    body.memory('v128.load', address);
  };
}

function writeUpdates(body: FunctionBody, w: VectorWriter, table: PlacedTable): void {
  const rowBytes = 8 * rowLength(table.states.length);
  const places = table.places + 8 * table.compartments;
  const rows = [body.local('i32'), body.local('i32')] as const;
  pairs(body, table.compartments, (offset) => {
    const fractions = rows.map((row, lane) => {
      body.get(offset);
      body.memory('i32.load', table.places + 8 * lane);
      body.i32(rowBytes);
      body.op('i32.mul');
      body.set(row);
      return w.keep(() => {
        body.get(offset);
        body.memory('v128.load64_splat', places + 8 * lane);
      });
    });
    for (let k = 0; k < table.states.length; k += 2) {
      const [first, second] = [table.states[k] as number, table.states[k + 1]];
      const coefficients = table.rows + 16 * COEFFICIENTS * k;
      const x = w.keep(load(body, offset, first));
      const y = second === undefined ? x : w.keep(load(body, offset, second));
      const moved = rows.map((row, lane) => {
        const both = w.keep(shuffled(body, x, y, lane as 0 | 1));
        return w.keep(
          updated(w, both, fractions[lane] as Part, (number) => load(body, row, coefficients + 16 * number)),
        );
      });
      const [a, b] = moved as [Part, Part];
      const put = (address: number, lane: 0 | 1): void => {
        body.get(offset);
        shuffled(body, a, b, lane)();
        body.memory('v128.store', address);
      };
      put(first, 0);
      if (second !== undefined) put(second, 1);
    }
  });
}

/** One lane of each. */
function shuffled(body: FunctionBody, a: Part, b: Part, lane: 0 | 1): Part {
  return () => {
    a();
    b();
    body.shuffle(lane, lane === 0 ? 2 : 3);
  };
}

/** x + a(u) - w(u)·x; coefficients go from the highest power, a's before w's. */
function updated(w: VectorWriter, x: Part, u: Part, coefficient: (number: number) => Part): Part {
  const cubic = (first: 0 | 1): Part => {
    let sum = coefficient(first);
    for (let power = 1; power < COEFFICIENTS; power++) sum = w.fma(sum, u, coefficient(2 * power + first));
    return w.keep(sum);
  };
  const [a, less] = [cubic(0), cubic(1)];
  return w.add(x, w.fnma(less, x, a));
}
