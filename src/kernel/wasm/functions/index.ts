/**
 * exp, expm1, log and pow of two numbers at once as WebAssembly, written in place: the operations of src/libm in the same
 * order, with selects for branches and rows of tables loaded lane by lane. Without fused operations every bit equals
 * src/libm's (which has no expm1; ours is within 2 ulp); with them results are within 2 ulp of the exact values.
 */
export { clampedExp, exp, expm1 } from './exponential.ts';
export { log } from './logarithm.ts';
export { pow } from './power.ts';
export { TABLE_BYTES, type TableAddresses, tablesAt, tableValues } from './tables.ts';
export { bitsOf, ConstantPool, type Part, type VectorWriter, vectorWriter } from './vector.ts';
