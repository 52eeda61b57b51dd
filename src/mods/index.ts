/**
 * Old mechanism files on today's NEURON: each file of a folder is compiled alone by NEURON's own compiler, a failure is
 * explained in a sentence with its place in the mechanism file, and with `out` a copy of the folder is repaired and
 * compiled again. Originals are only read; a change is as small as the cause, and what is not understood is not touched.
 *
 * ```ts
 * const compiler = await createModCompiler();
 * const reports = await checkMods({ folder: 'mods', compiler, signal, out: 'mods-repaired' });
 * ```
 */
export {
  type CheckOptions,
  checkMods,
  type ModFinding,
  type ModReport,
  type ModStatus,
} from './check.ts';
export { type CompilerVerdict, createModCompiler, type ModCompiler } from './compiler.ts';
export { FAILURES, type FailureCode } from './failures.ts';
