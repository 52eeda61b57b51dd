/** What each operation of a graph computes, on one number; masks are 1 and 0. */
import type { Libm } from '../../../libm/index.ts';
import type { Intrinsic } from '../../program.ts';
import type { GraphNode } from '../graph.ts';

export type UnaryOp = 'neg' | 'abs' | 'sqrt' | 'floor' | 'ceil' | 'trunc' | 'exp' | 'expm1' | 'log' | 'not';
export type BinaryOp =
  Extract<GraphNode, { readonly b: number; readonly op: string }> extends infer N
    ? N extends { op: infer O }
      ? Exclude<O, 'fma' | 'select'>
      : never
    : never;

export function applyUnary(op: UnaryOp, x: number, libm: Libm): number {
  switch (op) {
    case 'neg':
      return -x;
    case 'abs':
      return Math.abs(x);
    case 'sqrt':
      return Math.sqrt(x);
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'trunc':
      return Math.trunc(x) + 0;
    case 'exp':
      return x < -700 ? 0 : libm.exp(Math.min(x, 700));
    case 'expm1':
      return x < -700 ? -1 : Math.expm1(Math.min(x, 700));
    case 'log':
      return libm.log(x);
    case 'not':
      return x === 0 ? 1 : 0;
  }
}

export function applyBinary(op: BinaryOp, x: number, y: number, libm: Libm): number {
  switch (op) {
    case 'add':
      return x + y;
    case 'sub':
      return x - y;
    case 'mul':
      return x * y;
    case 'div':
      return x / y;
    case 'min':
      return Math.min(x, y);
    case 'max':
      return Math.max(x, y);
    case 'pow':
      return libm.pow(x, y);
    case 'lt':
      return Number(x < y);
    case 'le':
      return Number(x <= y);
    case 'gt':
      return Number(x > y);
    case 'ge':
      return Number(x >= y);
    case 'eq':
      return Number(x === y);
    case 'ne':
      return Number(x !== y);
    case 'and':
      return Number(x !== 0 && y !== 0);
    case 'or':
      return Number(x !== 0 || y !== 0);
  }
}

export function applyCall(name: Intrinsic, given: readonly number[], libm: Libm): number {
  const [x = 0, y = 0] = given;
  switch (name) {
    case 'exp':
    case 'floor':
    case 'ceil':
    case 'sqrt':
    case 'log':
      return applyUnary(name, x, libm);
    case 'fabs':
      return Math.abs(x);
    case 'int':
      return applyUnary('trunc', x, libm);
    case 'pow':
      return libm.pow(x, y);
    case 'fmod':
      return x % y;
    case 'atan2':
      return Math.atan2(x, y);
    default:
      return Math[name](x);
  }
}
