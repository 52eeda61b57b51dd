/**
 * Solve methods of NMODL: turns a SOLVE and the block it names into plain steps, with NEURON's arithmetic in NEURON's order.
 * One file a method; what NEURON cannot do, or does in a way that no file can want, is reported by name. The general compiler
 * (src/nmodl/lower) lowers expressions and statements for them.
 */
import type { Step } from '../../kernel/program.ts';
import type { Lowering, SolveCompiler, SolveRequest } from '../lower/lowering.ts';
import { cnexp } from './cnexp.ts';
import { derivimplicit } from './derivimplicit.ts';
import { euler, unsolved } from './euler.ts';
import { sparseKinetic } from './kinetic.ts';
import { linearBlock } from './linear.ts';
import { nonlinearBlock } from './nonlinear.ts';
import { runge } from './runge.ts';

type Method = (request: SolveRequest, lowering: Lowering) => Step[];

/** By kind of block, then by METHOD; the empty name stands for none. */
const METHODS: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  DERIVATIVE: { cnexp, derivimplicit, euler, runge, '': unsolved },
  KINETIC: { sparse: sparseKinetic },
  LINEAR: { simeq: linearBlock, '': linearBlock },
  NONLINEAR: { newton: nonlinearBlock, '': nonlinearBlock },
};

/** Turns a SOLVE into the steps that stand in its place; none, with a diagnostic, where it cannot. */
export const compileSolve: SolveCompiler = (request, lowering) => {
  const { block, method, steadyState, span } = request;
  if (block.keyword === 'DISCRETE') {
    lowering.report('discrete-refused', span, { name: block.name });
    return [];
  }
  const methods = METHODS[block.keyword] ?? {};
  const compile = Object.hasOwn(methods, method ?? '') ? methods[method ?? ''] : undefined;
  if (compile === undefined) {
    lowering.report('method-unknown', span, { method: method ?? 'SOLVE without METHOD', block: block.keyword });
    return [];
  }
  if (steadyState && !(method === 'derivimplicit' || method === 'sparse')) {
    lowering.report('steadystate-method', span, { block: block.keyword });
    return [];
  }
  return compile(request, lowering);
};
