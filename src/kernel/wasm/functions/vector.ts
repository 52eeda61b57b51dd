/** Writing vector arithmetic as expressions: each part writes the instructions that leave its value on the stack. */
import type { FunctionBody } from '../assembler/index.ts';

/** Leaves one v128 (or, where said, one i32) on the stack. */
export type Part = () => void;

type Operation = Parameters<FunctionBody['op']>[0];

export interface VectorWriter {
  readonly body: FunctionBody;
  /** Both lanes the same number, from the pool of constants. */
  constant(value: number): Part;
  /** Both lanes the same 64 bits, from the pool of constants. */
  bits(value: bigint): Part;
  /** Both lanes the number at a byte address. */
  splat(address: number): Part;
  get(local: number): Part;
  /** Evaluates now, into a new local; gives the part that reads it. */
  keep(part: Part): Part;
  add(a: Part, b: Part): Part;
  sub(a: Part, b: Part): Part;
  mul(a: Part, b: Part): Part;
  div(a: Part, b: Part): Part;
  /** a·b + c: rounded once where the writer may fuse and the machine does, else twice. */
  fma(a: Part, b: Part, c: Part): Part;
  /** c - a·b, likewise. */
  fnma(a: Part, b: Part, c: Part): Part;
  /** Each lane shifted by so many bits. */
  shift(name: 'i64x2.shl' | 'i64x2.shr_u', a: Part, count: number): Part;
  /** Any other operation of two vectors or of one. */
  apply(name: Operation, ...parts: readonly Part[]): Part;
  /** mask ? a : b, lane by lane. */
  select(mask: Part, a: Part, b: Part): Part;
  /** Rows of a table: for each pair of numbers in a row, both lanes' first and second ones. `offsets` holds bytes. */
  rows(table: number, pairs: number, offsets: Part): readonly (readonly [Part, Part])[];
}

/** Numbers that code loads from memory: a literal inside a loop costs up to twice as much on V8. Each stands there twice. */
export class ConstantPool {
  readonly #address: number;
  readonly #values: bigint[] = [];
  readonly #index = new Map<bigint, number>();

  /** @param address byte address of the pool in memory, a multiple of 16 */
  constructor(address: number) {
    this.#address = address;
  }

  /** Byte address of a number. */
  addressOf(value: number): number {
    return this.addressOfBits(bitsOf(value));
  }

  /** Byte address of 64 bits, and of the same again; equal ones share one. */
  addressOfBits(bits: bigint): number {
    let index = this.#index.get(bits);
    if (index === undefined) {
      index = this.#values.length;
      this.#values.push(bits);
      this.#index.set(bits, index);
    }
    return this.#address + 16 * index;
  }

  /** What must stand at the pool's address before the code runs; some of it are bits, not numbers. */
  values(): Float64Array {
    return new Float64Array(BigUint64Array.from(this.#values.flatMap((bits) => [bits, bits])).buffer);
  }
}

/** The bits of a double. */
export function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
}

/**
 * @param fused whether `fma` may round once
 * @param joined whether V8's revectorizer shall see that both lanes of a constant are the same; costs an instruction each
 */
export function vectorWriter(body: FunctionBody, pool: ConstantPool, fused = false, joined = true): VectorWriter {
  const apply =
    (name: Operation, ...parts: readonly Part[]): Part =>
    () => {
      for (const part of parts) part();
      body.op(name);
    };
  const splat = (address: number): Part => {
    return () => {
      body.i32(0);
      body.memory('v128.load64_splat', address);
    };
  };
  // V8 puts the address of a load64_splat into a register first, not that of a plain load.
  const fromPool = (address: number): Part =>
    joined
      ? splat(address)
      : () => {
          body.i32(0);
          body.memory('v128.load', address);
        };
  const keep = (part: Part): Part => {
    const local = body.local('v128');
    part();
    body.set(local);
    return () => body.get(local);
  };
  return {
    body,
    apply,
    keep,
    splat,
    constant: (value) => fromPool(pool.addressOf(value)),
    bits: (value) => fromPool(pool.addressOfBits(value)),
    get: (local) => () => body.get(local),
    add: (a, b) => apply('f64x2.add', a, b),
    sub: (a, b) => apply('f64x2.sub', a, b),
    mul: (a, b) => apply('f64x2.mul', a, b),
    div: (a, b) => apply('f64x2.div', a, b),
    fma: (a, b, c) => (fused ? apply('f64x2.relaxed_madd', a, b, c) : apply('f64x2.add', apply('f64x2.mul', a, b), c)),
    fnma: (a, b, c) =>
      fused ? apply('f64x2.relaxed_nmadd', a, b, c) : apply('f64x2.sub', c, apply('f64x2.mul', a, b)),
    shift: (name, a, count) => () => {
      a();
      body.i32(count);
      body.op(name);
    },
    select: (mask, a, b) => apply('v128.bitselect', a, b, mask),
    rows(table, pairs, offsets) {
      const lanes = ([0, 2] as const).map((lane) => {
        const local = body.local('i32');
        offsets();
        body.lane('i32x4.extract_lane', lane);
        body.set(local);
        return local;
      });
      return Array.from({ length: pairs }, (_, pair) => {
        const loaded = lanes.map((local) =>
          keep(() => {
            body.get(local);
            body.memory('v128.load', table + 16 * pair);
          }),
        );
        const pick = (which: 0 | 1): Part => {
          return () => {
            for (const part of loaded) part();
            body.shuffle(which, which === 0 ? 2 : 3);
          };
        };
        return [pick(0), pick(1)] as const;
      });
    },
  };
}
