/**
 * Tables as WebAssembly. Lanes are two numbers of one compartment, so that the coefficients of an interval are one contiguous
 * row and need no gathering; compartments go two by two, since their numbers stand in columns.
 */
import { type FunctionBody, ModuleBuilder } from '../assembler/index.ts';
import { bitsOf, ConstantPool, type Part, type VectorWriter, vectorWriter } from '../functions/index.ts';
import { COEFFICIENTS } from './fit.ts';
import { type Grid, intervalsOf } from './grid.ts';
import { type Entry, type Group, groupsOf, rowLength, type Table } from './tables.ts';

/** A table of a kind of compartments, and where its numbers stand; addresses in bytes. */
export interface PlacedTable {
  readonly table: Table;
  /** A multiple of 4. */
  readonly compartments: number;
  /** Of the first compartment's number, by index into the plan's columns. */
  readonly columns: readonly number[];
  /** The row of the lowest interval. */
  readonly rows: number;
  /** Room for two numbers of each compartment. */
  readonly places: number;
  /** An integer that becomes 0 where a variable is outside the grid, and then nothing is done. */
  readonly inside: number;
}

/** Numbers of constants that the code loads. */
export const CONSTANTS = 512;

export interface TableCode {
  /** Gives whether all variables were inside. */
  states(): boolean;
  /** Of values alone, which need no state. */
  values(): boolean;
}

/** Added to a number below 2^31, it leaves the nearest integer in the low bits. */
const ROUNDING = 1.5 * 2 ** 52;
const VECTOR = 16;
/** A double's bits of mantissa. */
const MANTISSA = 52;

export interface TableCodeOptions {
  /** Byte address of room for `CONSTANTS` numbers. */
  readonly constants: number;
  readonly fused: boolean;
  readonly memory: WebAssembly.Memory;
}

export function compileTables(tables: readonly PlacedTable[], options: TableCodeOptions): TableCode {
  const { constants, fused, memory } = options;
  const module = new ModuleBuilder();
  const pool = new ConstantPool(constants);
  const write = (body: FunctionBody) => vectorWriter(body, pool, fused);
  const passes = tables.map((placed) => {
    const groups = groupsOf(placed.table);
    const rowsPass = (wants: (entry: Entry) => boolean) =>
      module.function(null, { parameters: [], results: [] }, (body) => writeGroups(write(body), placed, groups, wants));
    const places = module.function(null, { parameters: [], results: ['i32'] }, (body) =>
      writePlaces(write(body), placed),
    );
    const isValue = ({ moves }: Entry): boolean => !moves;
    return {
      places,
      states: rowsPass(() => true),
      values: placed.table.entries.some(isValue) ? rowsPass(isValue) : null,
      inside: placed.inside,
    };
  });
  for (const name of ['states', 'values'] as const) {
    module.function(name, { parameters: [], results: ['i32'] }, (body) => {
      const all = body.local('i32');
      body.i32(1);
      body.set(all);
      for (const { places, inside, [name]: pass } of passes)
        if (pass !== null) runPass(body, { places, inside, pass, all });
      body.get(all);
    });
  }
  new Float64Array(memory.buffer, constants, CONSTANTS).set(pool.values());
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { twincell: { memory } });
  const [states, values] = [exports.states as () => number, exports.values as () => number];
  return { states: () => states() !== 0, values: () => values() !== 0 };
}

interface Pass {
  readonly places: number;
  readonly inside: number;
  readonly pass: number;
  readonly all: number;
}

function runPass(body: FunctionBody, { places, inside, pass, all }: Pass): void {
  body.i32(0);
  body.call(places);
  body.memory('i32.store', inside);
  const load = (): void => {
    body.i32(0);
    body.memory('i32.load', inside);
  };
  load();
  body.if(() => body.call(pass));
  load();
  body.get(all);
  body.op('i32.and');
  body.set(all);
}

/** Runs `build` with a byte offset that goes through numbers, so many pairs a round. */
function rounds(body: FunctionBody, count: number, pairs: number, build: (offset: number) => void): void {
  const offset = body.local('i32');
  body.loop(() => {
    build(offset);
    body.get(offset);
    body.i32(VECTOR * pairs);
    body.op('i32.add');
    body.tee(offset);
    body.i32(8 * count);
    body.op('i32.lt_u');
    body.branchIf(0);
  });
}

function load({ body }: VectorWriter, offset: number, address: number): Part {
  return () => {
    body.get(offset);
    body.memory('v128.load', address);
  };
}

/** Pairs of compartments in a round of little work. */
const PAIRS = 2;
const FEW_GROUPS = 4;

/** Of each compartment, a number whose low bits are its interval, and where in it the variable is; leaves whether all are inside. */
function writePlaces(w: VectorWriter, placed: PlacedTable): void {
  const { body } = w;
  const { grid, variable } = placed.table;
  /** Bits that are clear as long as all are inside. */
  const beyond = body.local('v128');
  body.i64(0n);
  body.op('i64x2.splat');
  body.set(beyond);
  rounds(body, placed.compartments, PAIRS, (offset) => {
    for (let pair = 0; pair < PAIRS; pair++) {
      const x = w.keep(load(w, offset, (placed.columns[variable] as number) + VECTOR * pair));
      const { number, interval, u } = placeOf(w, x, grid);
      const put = (part: Part, address: number): void => {
        body.get(offset);
        part();
        body.memory('v128.store', address + VECTOR * pair);
      };
      put(number, placed.places);
      put(u, placed.places + 8 * placed.compartments);
      body.get(beyond);
      interval();
      body.op('v128.or');
      body.set(beyond);
    }
  });
  // There are as many intervals as fit in so many bits.
  body.get(beyond);
  w.bits(BigInt.asUintN(64, ~BigInt(intervalsOf(grid) - 1)))();
  body.op('v128.and');
  body.op('v128.any_true');
  body.op('i32.eqz');
}

interface Place {
  /** Its low bits are the interval. */
  readonly number: Part;
  /** The interval as an integer; larger than any, where the variable is outside or no number. */
  readonly interval: Part;
  readonly u: Part;
}

function placeOf(w: VectorWriter, x: Part, grid: Grid): Place {
  const half = w.constant(0.5);
  if (grid.kind === 'linear') {
    // Intervals are counted from their middles.
    const at = w.keep(w.fma(x, w.constant(1 / grid.width), w.constant(-grid.low / grid.width - 0.5)));
    const number = w.keep(w.add(at, w.constant(ROUNDING)));
    const u = w.sub(at, w.sub(number, w.constant(ROUNDING)));
    return { number, interval: w.apply('v128.xor', number, w.constant(ROUNDING)), u };
  }
  const below = MANTISSA - grid.parts;
  const interval = w.keep(w.shift('i64x2.shr_u', w.apply('i64x2.sub', x, w.bits(bitsOf(2 ** grid.low))), below));
  const rest = w.apply('v128.and', x, w.bits((1n << BigInt(below)) - 1n));
  const part = w.sub(w.apply('v128.or', rest, w.constant(1)), w.constant(1));
  return { number: interval, interval, u: w.sub(w.mul(part, w.constant(2 ** grid.parts)), half) };
}

function writeGroups(
  w: VectorWriter,
  placed: PlacedTable,
  groups: readonly Group[],
  wants: (entry: Entry) => boolean,
): void {
  // Little work is worth fewer rounds.
  const count = groups.length <= FEW_GROUPS ? PAIRS : 1;
  rounds(w.body, placed.compartments, count, (offset) => {
    for (let pair = 0; pair < count; pair++) writePair(w, placed, groups, { offset, start: VECTOR * pair, wants });
  });
}

interface PairOptions {
  readonly offset: number;
  /** Bytes from there to the pair. */
  readonly start: number;
  readonly wants: (entry: Entry) => boolean;
}

function writePair(
  w: VectorWriter,
  placed: PlacedTable,
  groups: readonly Group[],
  { offset, start, wants }: PairOptions,
): void {
  const { body } = w;
  const places = placed.places + start;
  const fractions = places + 8 * placed.compartments;
  const both = ([0, 8] as const).map((lane): Lane => {
    const row = body.local('i32');
    body.get(offset);
    body.memory('i32.load', places + lane);
    body.i32(8 * rowLength(placed.table));
    body.op('i32.mul');
    body.set(row);
    const u = w.keep(() => {
      body.get(offset);
      body.memory('v128.load64_splat', fractions + lane);
    });
    return { row, u, square: w.keep(w.mul(u, u)) };
  });
  for (const [k, entries] of groups.entries()) {
    if (!entries.some(wants)) continue;
    const first = placed.rows + VECTOR * COEFFICIENTS * k;
    const [a, b] = both.map((lane) => cubic(w, lane, first)) as [Part, Part];
    // From two functions of one compartment to one function of both compartments.
    const across =
      (which: 0 | 1): Part =>
      () => {
        a();
        b();
        body.shuffle(which, which === 0 ? 2 : 3);
      };
    for (const [lane, entry] of entries.entries()) {
      if (!wants(entry)) continue;
      const address = (placed.columns[entry.column] as number) + start;
      const x = w.keep(entry.moves ? load(w, offset, address) : across(lane as 0 | 1));
      body.get(offset);
      (entry.moves ? movedBy(w, entry, x, across(lane as 0 | 1), across(1)) : x)();
      body.memory('v128.store', address);
    }
  }
}

/** A compartment: where its row starts, and where in its interval it is, with the square of that. */
interface Lane {
  readonly row: number;
  readonly u: Part;
  readonly square: Part;
}

/** Both functions of a group in one compartment, as two halves, so that no sum has to wait for three others. */
function cubic(w: VectorWriter, { row, u, square }: Lane, first: number): Part {
  const coefficient = (k: number): Part => load(w, row, first + VECTOR * k);
  const upper = w.keep(w.fma(coefficient(0), u, coefficient(1)));
  const lower = w.keep(w.fma(coefficient(2), u, coefficient(3)));
  return w.keep(w.fma(upper, square, lower));
}

/** x·(1 - w) + a; what is the second lane's is 1 - w where that varies. */
function movedBy(w: VectorWriter, { fitted }: Entry, x: Part, a: Part, second: Part): Part {
  return w.fma(x, typeof fitted.w === 'number' ? w.constant(1 - fitted.w) : second, a);
}
