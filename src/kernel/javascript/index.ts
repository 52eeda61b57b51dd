/**
 * The JavaScript back end: a kernel program becomes the source of one function, compiled once, that closes over the memory
 * of a cell each time it is linked. The source has only names and numbers of its own making; sentences and names of a mod
 * file stay in tables beside it.
 */
import type { CompiledKernel } from '../linkage.ts';
import type { KernelProgram } from '../program.ts';
import { type Environment, linkKernel, type Phases } from './link.ts';
import { createNames } from './names.ts';
import { phasesCode } from './phases.ts';
import { preambleCode } from './preamble.ts';
import { routinesCode } from './steps.ts';

/** A kernel's code as a function of the memory it runs on. */
export type KernelFunction = (environment: Environment) => Phases;

/** The one place where code is made from data: names.ts says why no text of a mod file can be in it. */
function evaluate(source: string): KernelFunction {
  return new Function('L', source) as KernelFunction;
}

/**
 * Compiles a program; linking and running it throws what `Linkage.fail` throws where the program fails.
 * @param functionOf makes the source a function of `L`; one that has it already may be where making code is forbidden
 */
export function compileJavaScript(
  program: KernelProgram,
  functionOf: (source: string) => KernelFunction = evaluate,
): CompiledKernel {
  const names = createNames(program);
  const routines = routinesCode(program, names);
  const source = [
    "'use strict';",
    ...preambleCode(program, names, routines.numerics.length),
    ...routines.lines,
    ...phasesCode(program, names),
    '',
  ].join('\n');
  const create = functionOf(source);
  return {
    program,
    source,
    link: (linkage) => linkKernel(program, create, linkage, { messages: names.messages, numerics: routines.numerics }),
  };
}
