/** Compiled mechanisms by name: the files under test, the drives, and what NEURON has built in. */
import { type CompiledKernel, compileJavaScript } from '../../kernel/index.ts';
import { readIncluded } from '../../mods/included.ts';
import { BUILTIN_MECHANISMS } from '../../nmodl/builtin/index.ts';
import { compile } from '../../nmodl/compile.ts';
import { type Diagnostic, positionAt, type Source } from '../../nmodl/index.ts';
import type { MechanismFacts } from './facts.ts';
import { drivesOf } from './standard.ts';

/** A file under test. */
export interface Subject {
  readonly facts: MechanismFacts;
  readonly text: string;
  /** Whether NEURON has it built in, so that nothing is compiled for NEURON. */
  readonly builtin: boolean;
  /** Its name in the file; `facts` have the one under which NEURON loads it. */
  readonly called: string;
}

/** Why a file is not run. */
export interface Refusal {
  readonly code: string;
  readonly construct: string;
  readonly line: number;
  readonly message: string;
}

export type Compilation =
  | { readonly kernel: CompiledKernel; readonly refusal: null }
  | { readonly kernel: null; readonly refusal: Refusal };

/** Compiles when first asked; a mechanism by its name. */
export interface Kernels {
  of(mechanism: string): Compilation;
}

export function createKernels(subjects: readonly Subject[]): Kernels {
  const sources = new Map<string, Source>();
  for (const [name, text] of BUILTIN_MECHANISMS) sources.set(name, { file: `${name}.mod`, text });
  for (const { facts, text } of subjects) {
    sources.set(facts.name, { file: facts.file, text });
    for (const drive of drivesOf(facts)) sources.set(drive.name, { file: `${drive.name}.mod`, text: drive.text });
  }
  const done = new Map<string, Compilation>();
  return {
    of(mechanism) {
      const known = done.get(mechanism);
      if (known !== undefined) return known;
      const made = compileOne(mechanism, sources.get(mechanism));
      done.set(mechanism, made);
      return made;
    },
  };
}

function compileOne(mechanism: string, source: Source | undefined): Compilation {
  if (source === undefined) {
    const message = `there is no text of ${mechanism}`;
    return { kernel: null, refusal: { code: 'unknown-mechanism', construct: mechanism, line: 0, message } };
  }
  const { program, diagnostics } = compile(source, { include: readIncluded });
  if (program !== null) return { kernel: compileJavaScript(program), refusal: null };
  const first = diagnostics.find(({ severity }) => severity === 'error') as Diagnostic;
  return { kernel: null, refusal: refusalOf(source, first) };
}

/** The construct is the text that the diagnostic points at, on one line. */
function refusalOf(source: Source, { code, message, span }: Diagnostic): Refusal {
  const construct = source.text.slice(span.start, span.end).replaceAll(/\s+/g, ' ').trim().slice(0, 60);
  return { code, construct, line: positionAt(source, span.start).line, message };
}
