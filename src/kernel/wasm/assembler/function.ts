/** The body of one function, instruction by instruction. */
import { Bytes } from './bytes.ts';
import {
  MEMORY,
  PLAIN,
  TYPE,
  type ValueType,
  VECTOR,
  VECTOR_LANE,
  VECTOR_LANE_MEMORY,
  VECTOR_MEMORY,
} from './opcodes.ts';

const SIMD = 0xfd;
const EMPTY_BLOCK = 0x40;

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Writes instructions; operands stand before operations, as WebAssembly's stack wants it. */
export class FunctionBody {
  readonly signature: Signature;
  readonly #code = new Bytes();
  readonly #locals: ValueType[] = [];

  constructor(signature: Signature) {
    this.signature = signature;
  }

  /** A new local of the function; returns its index. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.signature.parameters.length + this.#locals.length - 1;
  }

  /** Locals and parameters so far: the index that the next local gets. */
  get locals(): number {
    return this.signature.parameters.length + this.#locals.length;
  }

  /** Sets a local of the function to zero. */
  clear(local: number): void {
    const type = this.#locals[local - this.signature.parameters.length];
    if (type === 'v128') this.f64x2(0);
    else if (type === 'f64') this.f64(0);
    else if (type === 'i64') this.i64(0n);
    else this.i32(0);
    this.set(local);
  }

  get(local: number): void {
    this.#indexed(0x20, local);
  }

  set(local: number): void {
    this.#indexed(0x21, local);
  }

  tee(local: number): void {
    this.#indexed(0x22, local);
  }

  call(functionIndex: number): void {
    this.#indexed(0x10, functionIndex);
  }

  i32(value: number): void {
    this.#code.byte(0x41);
    this.#code.signed(value | 0);
  }

  i64(value: bigint): void {
    this.#code.byte(0x42);
    this.#code.signed(BigInt.asIntN(64, value));
  }

  f64(value: number): void {
    this.#code.byte(0x44);
    this.#code.f64(value);
  }

  /** Both lanes. */
  f64x2(low: number, high = low): void {
    this.#simd(0x0c);
    this.#code.f64(low);
    this.#code.f64(high);
  }

  op(name: keyof typeof PLAIN | keyof typeof VECTOR): void {
    if (Object.hasOwn(PLAIN, name)) this.#code.byte(PLAIN[name as keyof typeof PLAIN]);
    else this.#simd(VECTOR[name as keyof typeof VECTOR]);
  }

  lane(name: keyof typeof VECTOR_LANE, lane: 0 | 1 | 2 | 3): void {
    this.#simd(VECTOR_LANE[name]);
    this.#code.byte(lane);
  }

  /** A load or store at the address on the stack plus `offset` bytes. */
  memory(name: keyof typeof MEMORY | keyof typeof VECTOR_MEMORY, offset = 0): void {
    if (Object.hasOwn(MEMORY, name)) {
      const [opcode, alignment] = MEMORY[name as keyof typeof MEMORY];
      this.#code.byte(opcode);
      this.#address(alignment, offset);
    } else {
      const [opcode, alignment] = VECTOR_MEMORY[name as keyof typeof VECTOR_MEMORY];
      this.#simd(opcode);
      this.#address(alignment, offset);
    }
  }

  laneMemory(name: keyof typeof VECTOR_LANE_MEMORY, lane: 0 | 1, offset = 0): void {
    const [opcode, alignment] = VECTOR_LANE_MEMORY[name];
    this.#simd(opcode);
    this.#address(alignment, offset);
    this.#code.byte(lane);
  }

  /** Two 64-bit lanes picked of four: 0 and 1 of the first operand, 2 and 3 of the second. */
  shuffle(low: 0 | 1 | 2 | 3, high: 0 | 1 | 2 | 3): void {
    this.#simd(0x0d);
    for (const lane of [low, high]) for (let k = 0; k < 8; k++) this.#code.byte(8 * lane + k);
  }

  block(build: () => void): void {
    this.#structured(0x02, build);
  }

  /** Goes round again by `branch(0)` at its own level; falls through otherwise. */
  loop(build: () => void): void {
    this.#structured(0x03, build);
  }

  /** On the i32 on the stack. */
  if(then: () => void, otherwise?: () => void): void {
    this.#code.byte(0x04);
    this.#code.byte(EMPTY_BLOCK);
    then();
    if (otherwise !== undefined) {
      this.#code.byte(0x05);
      otherwise();
    }
    this.#code.byte(0x0b);
  }

  /** To the end of the `depth`-th block outward, or the start of a loop. */
  branch(depth: number): void {
    this.#indexed(0x0c, depth);
  }

  branchIf(depth: number): void {
    this.#indexed(0x0d, depth);
  }

  /** The function's entry in the code section. */
  bytes(): Uint8Array {
    const body = new Bytes();
    const runs = runsOf(this.#locals);
    body.unsigned(runs.length);
    for (const { type, count } of runs) {
      body.unsigned(count);
      body.byte(TYPE[type]);
    }
    body.all(this.#code.view());
    body.byte(0x0b);
    return body.view();
  }

  #structured(opcode: number, build: () => void): void {
    this.#code.byte(opcode);
    this.#code.byte(EMPTY_BLOCK);
    build();
    this.#code.byte(0x0b);
  }

  #indexed(opcode: number, index: number): void {
    this.#code.byte(opcode);
    this.#code.unsigned(index);
  }

  #simd(opcode: number): void {
    this.#code.byte(SIMD);
    this.#code.unsigned(opcode);
  }

  #address(alignment: number, offset: number): void {
    this.#code.unsigned(alignment);
    this.#code.unsigned(offset);
  }
}

/** Neighbours of one type are declared together. */
function runsOf(locals: readonly ValueType[]): { type: ValueType; count: number }[] {
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  return runs;
}
