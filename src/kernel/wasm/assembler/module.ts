/** A module of functions over one imported memory. */
import { Bytes } from './bytes.ts';
import { FunctionBody, type Signature } from './function.ts';
import { TYPE } from './opcodes.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

export class ModuleBuilder {
  readonly #functions: { readonly name: string | null; readonly body: FunctionBody }[] = [];

  /** Adds a function; `build` writes its body. Returns its index, for calls. A name exports it. */
  function(name: string | null, signature: Signature, build: (body: FunctionBody) => void): number {
    const body = new FunctionBody(signature);
    this.#functions.push({ name, body });
    const index = this.#functions.length - 1;
    build(body);
    return index;
  }

  /** The module; it imports its memory as `twincell.memory`. */
  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Bytes();
    out.all(HEADER);
    section(out, SECTION.type, (body) => {
      body.unsigned(this.#functions.length);
      for (const { body: code } of this.#functions) {
        body.byte(0x60);
        for (const types of [code.signature.parameters, code.signature.results]) {
          body.unsigned(types.length);
          for (const type of types) body.byte(TYPE[type]);
        }
      }
    });
    section(out, SECTION.import, (body) => {
      body.unsigned(1);
      body.text('twincell');
      body.text('memory');
      body.all([0x02, 0x00, 0x01]);
    });
    section(out, SECTION.function, (body) => {
      body.unsigned(this.#functions.length);
      for (const index of this.#functions.keys()) body.unsigned(index);
    });
    section(out, SECTION.export, (body) => {
      const named = [...this.#functions.entries()].filter(([, { name }]) => name !== null);
      body.unsigned(named.length);
      for (const [index, { name }] of named) {
        body.text(name ?? '');
        body.byte(0x00);
        body.unsigned(index);
      }
    });
    section(out, SECTION.code, (body) => {
      body.unsigned(this.#functions.length);
      for (const { body: code } of this.#functions) {
        const bytes = code.bytes();
        body.unsigned(bytes.length);
        body.all(bytes);
      }
    });
    return new Uint8Array(out.view());
  }
}

function section(out: Bytes, id: number, build: (body: Bytes) => void): void {
  const body = new Bytes();
  build(body);
  out.byte(id);
  out.unsigned(body.length);
  out.all(body.view());
}
