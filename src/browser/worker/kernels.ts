/** The mechanisms of a page, linked to their code, which the page carries as functions: nothing is made from text here. */
import { compileJavaScript, type KernelFunction } from '../../kernel/javascript/index.ts';
import type { CompiledKernel } from '../../kernel/linkage.ts';
import type { KernelProgram } from '../../kernel/program.ts';
import type { Mechanisms } from '../../solver/sources.ts';

/** By the mechanism's name; `kernelScript` writes them. */
declare const TWINCELL_KERNELS: Readonly<Record<string, KernelFunction>>;

export function mechanismsOf(programs: readonly KernelProgram[]): Mechanisms {
  const kernels = new Map<string, CompiledKernel>();
  for (const program of programs) {
    kernels.set(
      program.name,
      compileJavaScript(program, () => codeOf(program.name)),
    );
  }
  return { kernels, refused: new Map() };
}

function codeOf(name: string): KernelFunction {
  const code = Object.hasOwn(TWINCELL_KERNELS, name) ? TWINCELL_KERNELS[name] : undefined;
  if (code === undefined) throw new Error(`the page has no code for mechanism ${name}`);
  return code;
}
