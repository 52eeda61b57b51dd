/** Writing vector arithmetic as expressions: each part writes the instructions that leave its value on the stack. */
import type { FunctionBody } from '../assembler/index.ts';

/** Leaves one v128 (or, where said, one i32) on the stack. */
export type Part = () => void;

export interface VectorWriter {
  readonly body: FunctionBody;
  /** Both lanes the same number, from the pool of constants. */
  constant(value: number): Part;
  get(local: number): Part;
  /** Evaluates now, into a new local; gives the part that reads it. */
  keep(part: Part): Part;
  add(a: Part, b: Part): Part;
  sub(a: Part, b: Part): Part;
  mul(a: Part, b: Part): Part;
  div(a: Part, b: Part): Part;
  /** Any other operation of two vectors or of one. */
  apply(name: Parameters<FunctionBody['op']>[0], ...parts: readonly Part[]): Part;
  /** mask ? a : b, lane by lane. */
  select(mask: Part, a: Part, b: Part): Part;
}

/** Numbers that code loads from memory: a literal inside a loop costs up to twice as much on V8. */
export class ConstantPool {
  readonly #address: number;
  readonly #values: number[] = [];
  readonly #index = new Map<string, number>();

  /** @param address byte address of the pool in memory */
  constructor(address: number) {
    this.#address = address;
  }

  /** Byte address of a number; equal bits share one. */
  addressOf(value: number): number {
    const key = Object.is(value, -0) ? '-0' : String(value);
    let index = this.#index.get(key);
    if (index === undefined) {
      index = this.#values.length;
      this.#values.push(value);
      this.#index.set(key, index);
    }
    return this.#address + 8 * index;
  }

  /** What must stand at the pool's address before the code runs. */
  values(): Float64Array {
    return Float64Array.from(this.#values);
  }
}

export function vectorWriter(body: FunctionBody, pool: ConstantPool): VectorWriter {
  const apply =
    (name: Parameters<FunctionBody['op']>[0], ...parts: readonly Part[]): Part =>
    () => {
      for (const part of parts) part();
      body.op(name);
    };
  return {
    body,
    apply,
    constant: (value) => () => {
      body.i32(0);
      body.memory('v128.load64_splat', pool.addressOf(value));
    },
    get: (local) => () => body.get(local),
    keep(part) {
      const local = body.local('v128');
      part();
      body.set(local);
      return () => body.get(local);
    },
    add: (a, b) => apply('f64x2.add', a, b),
    sub: (a, b) => apply('f64x2.sub', a, b),
    mul: (a, b) => apply('f64x2.mul', a, b),
    div: (a, b) => apply('f64x2.div', a, b),
    select: (mask, a, b) => apply('v128.bitselect', a, b, mask),
  };
}
