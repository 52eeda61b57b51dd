/**
 * exp, log and pow whose bits do not depend on the machine, the operating system or the version of Node: they are those
 * of glibc 2.28 and later where it uses no fused multiply-add. Everything whose bits travel (random streams, channel
 * distributions, the solver compared bit for bit) uses these instead of `Math`.
 */
export { EXP, exp } from './exp.ts';
export { type Libm, type LibmName, libmNamed } from './functions.ts';
export { LOG, log } from './log.ts';
export { POW, pow } from './pow.ts';
