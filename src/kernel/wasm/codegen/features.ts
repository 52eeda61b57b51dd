/** What the machine that runs us can do beyond plain vectors. */
import { ModuleBuilder } from '../assembler/index.ts';

export interface Features {
  /** Fused multiply-add (f64x2.relaxed_madd). */
  readonly relaxedMadd: boolean;
}

/** Asks the engine, by a module of one instruction; whether the processor fuses is up to the engine. */
export function probeFeatures(): Features {
  const module = new ModuleBuilder();
  module.function(null, { parameters: ['v128'], results: ['v128'] }, (body) => {
    for (let k = 0; k < 3; k++) body.get(0);
    body.op('f64x2.relaxed_madd');
  });
  return { relaxedMadd: WebAssembly.validate(module.bytes()) };
}
