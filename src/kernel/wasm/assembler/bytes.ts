/** A growing run of bytes, with the variable-length integers of the WebAssembly binary format. */

const scratch = new DataView(new ArrayBuffer(8));

export class Bytes {
  #data = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#data[this.#length++] = value;
  }

  all(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#data.set(values, this.#length);
    this.#length += values.length;
  }

  /** LEB128 of a whole number from 0 to 2³² - 1. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed LEB128 of a 32-bit or 64-bit integer. */
  signed(value: number | bigint): void {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(BigInt.asUintN(7, rest));
      rest >>= 7n;
      const done = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
      this.byte(done ? low : low | 0x80);
      if (done) return;
    }
  }

  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    for (let k = 0; k < 8; k++) this.byte(scratch.getUint8(k));
  }

  /** UTF-8 text with its length before it. */
  text(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.unsigned(encoded.length);
    this.all(encoded);
  }

  view(): Uint8Array {
    return this.#data.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#data.length) return;
    const wider = new Uint8Array(2 * (this.#length + count));
    wider.set(this.#data);
    this.#data = wider;
  }
}
