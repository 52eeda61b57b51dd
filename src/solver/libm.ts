/** Which exp and log a solver computes with. */
import { exp, log } from '../libm/index.ts';

export interface Libm {
  /** e to the power x. */
  exp(x: number): number;
  /** The natural logarithm. */
  log(x: number): number;
}

/** `glibc`: the same bits everywhere, those of glibc without fused operations. `native`: the engine's own `Math`. */
export type LibmName = 'glibc' | 'native';

const GLIBC: Libm = { exp, log };
const NATIVE: Libm = { exp: Math.exp, log: Math.log };

export function libmNamed(name: LibmName): Libm {
  return name === 'native' ? NATIVE : GLIBC;
}
