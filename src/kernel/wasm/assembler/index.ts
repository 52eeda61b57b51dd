/**
 * A small assembler for WebAssembly with vectors of two float64: functions over one memory, written instruction by
 * instruction. It starts in a millisecond and runs in a browser; whether what it writes is valid, the engine itself says.
 *
 * ```ts
 * const module = new ModuleBuilder();
 * module.function('twice', { parameters: ['f64'], results: ['f64'] }, (f) => {
 *   f.get(0);
 *   f.f64(2);
 *   f.op('f64.mul');
 * });
 * const compiled = new WebAssembly.Module(module.bytes());
 * ```
 */
export { FunctionBody, type Signature } from './function.ts';
export { ModuleBuilder } from './module.ts';
export type { ValueType } from './opcodes.ts';
