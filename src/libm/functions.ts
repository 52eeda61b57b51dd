/** Which functions a run computes with. */
import { exp } from './exp.ts';
import { log } from './log.ts';
import { pow } from './pow.ts';

/** The transcendental functions whose bits matter. The others are the engine's own. */
export interface Libm {
  exp(x: number): number;
  log(x: number): number;
  pow(x: number, y: number): number;
}

/** `glibc`: the same bits everywhere, those of glibc without fused operations. `native`: the engine's own `Math`. */
export type LibmName = 'glibc' | 'native';

const GLIBC: Libm = { exp, log, pow };
const NATIVE: Libm = { exp: Math.exp, log: Math.log, pow: Math.pow };

export function libmNamed(name: LibmName): Libm {
  return name === 'native' ? NATIVE : GLIBC;
}
