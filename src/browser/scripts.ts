/** The texts of a page's scripts: from the package as they were built, from a checkout's sources as they are now. */
import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors.ts';
import { compileJavaScript } from '../kernel/javascript/index.ts';
import type { KernelProgram } from '../kernel/program.ts';

type ScriptName = 'page' | 'worker';

const FROM_SOURCE = import.meta.url.endsWith('.ts');

const scripts = new Map<ScriptName, Promise<string>>();

/** @throws UsageError in a checkout without its development dependencies */
export function browserScript(name: ScriptName): Promise<string> {
  const known = scripts.get(name) ?? read(name);
  scripts.set(name, known);
  return known;
}

async function read(name: ScriptName): Promise<string> {
  if (!FROM_SOURCE) return readFile(new URL(`./scripts/${name}.js`, import.meta.url), 'utf8');
  const { bundleScript } = await import('../../env/bundle.mjs').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError('a checkout bundles the page with rolldown, which is not installed', {
      cause,
      remedy: 'Run npm ci (with development dependencies) in the checkout.',
    });
  });
  return bundleScript(name);
}

/** The mechanisms' code as functions by name, for the worker's `mechanismsOf`: a page needs no leave to make code from text. */
export function kernelScript(programs: readonly KernelProgram[]): string {
  const functions = programs.map((program) => {
    const { source } = compileJavaScript(program);
    return `${JSON.stringify(program.name)}: function (L) {\n${source}}`;
  });
  return `const TWINCELL_KERNELS = {\n${functions.join(',\n')}\n};\n`;
}
