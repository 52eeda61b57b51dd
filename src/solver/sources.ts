/** Texts of `.mod` files, compiled: each mechanism of a name, or why it is refused. */
import { type CompiledKernel, compileJavaScript } from '../kernel/index.ts';
import { BUILTIN_MECHANISMS, REFUSED_MECHANISMS } from '../nmodl/builtin/index.ts';
import { type CompileOptions, compile } from '../nmodl/compile.ts';
import { codeFrame } from '../nmodl/diagnostics.ts';
import { parse } from '../nmodl/parser/blocks.ts';
import type { Source } from '../nmodl/source.ts';

/** What a solver can run, and what it will not, by name (SUFFIX, POINT_PROCESS, ARTIFICIAL_CELL). */
export interface Mechanisms {
  readonly kernels: ReadonlyMap<string, CompiledKernel>;
  /** What is wrong with a file, with its lines. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Compiles files, and NEURON's built-in mechanisms among those wanted.
 * @param wanted names; everything in the files, and every built-in mechanism, where absent
 */
export function compileSources(
  sources: readonly Source[],
  options: CompileOptions & { readonly wanted?: Iterable<string> } = {},
): Mechanisms {
  const wanted = options.wanted === undefined ? null : new Set(options.wanted);
  const kernels = new Map<string, CompiledKernel>();
  const refused = new Map<string, string>();
  const builtin = [...BUILTIN_MECHANISMS].map(([name, text]) => ({ name, source: { file: `${name}.mod`, text } }));
  const own = sources.map((source) => ({ name: nameOf(source), source }));
  // A file of a built-in mechanism's name stands for it: NEURON would refuse to load both.
  const all = new Map([...builtin, ...own].map(({ name, source }) => [name, source]));
  for (const [name, reason] of REFUSED_MECHANISMS) if (!all.has(name)) refused.set(name, reason);
  for (const [name, source] of all) {
    if (wanted !== null && !wanted.has(name)) continue;
    const { program, diagnostics } = compile(source, options);
    if (program !== null) kernels.set(program.name, compileJavaScript(program));
    else {
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      refused.set(name, errors.map((one) => codeFrame(source, one)).join('\n'));
    }
  }
  return { kernels, refused };
}

/** The mechanism's name, or the file's where it has none. */
function nameOf(source: Source): string {
  for (const block of parse(source).mechanism.blocks) {
    if (block.kind !== 'neuron') continue;
    for (const statement of block.statements) if (statement.kind === 'mechanism') return statement.name;
  }
  return source.file;
}
