/** A folder of mechanism files: checked, explained, and with `out` repaired in a copy. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { compile } from '../nmodl/compile.ts';
import { codeFrame, type Diagnostic, positionAt, type Source } from '../nmodl/index.ts';
import type { CompilerVerdict, ModCompiler } from './compiler.ts';
import { explain } from './explain.ts';
import { copyFolder, createDefinedBeside, type DefinedBeside, modFiles, readText } from './folder.ts';
import { readIncluded } from './included.ts';
import type { Failing, Finding } from './rules/rule.ts';
import { appliedOf, applyEdits, type Edit, readModText } from './text.ts';

/** One cause, at its place in the original file. */
export interface ModFinding {
  readonly code: Finding['code'];
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  /** Whether twincell can mend it. */
  readonly mends: boolean;
  /** The place as a compiler prints it: line, caret, advice. */
  readonly frame: string;
}

/**
 * `compiles` as it is; `repaired` in the copy, which compiles; `explained`: it does not compile and it is said why;
 * `unknown`: it does not compile, and why is no failure that is known.
 */
export type ModStatus = 'compiles' | 'repaired' | 'explained' | 'unknown';

export interface ModReport {
  /** Path inside the folder. */
  readonly file: string;
  readonly status: ModStatus;
  readonly findings: readonly ModFinding[];
  /** What twincell's own compiler says; an error means that its solver refuses the file (the repaired one, where repaired). */
  readonly diagnostics: readonly (Diagnostic & { readonly line: number; readonly column: number })[];
  /** The compiler's first complaint where the file does not compile. */
  readonly compiler: string | null;
}

export interface CheckOptions {
  readonly folder: string;
  readonly compiler: ModCompiler;
  readonly signal: AbortSignal;
  /** Where the repaired copy goes: a folder that is empty or not there. */
  readonly out?: string | undefined;
  readonly onDone?: (report: ModReport, done: number, total: number) => void;
}

/** Each round may uncover what the round before hid; more than this is no progress. */
const ROUNDS = 8;
const AT_ONCE = 2;

/** Checks every `.mod` file of a folder and its subfolders; originals are only read. */
export async function checkMods(options: CheckOptions): Promise<ModReport[]> {
  const { folder, out, onDone } = options;
  const names = await modFiles(folder);
  if (names.length === 0) throw new UsageError(`there are no .mod files in ${folder}`);
  if (out !== undefined) await copyFolder(folder, out);
  const isBeside = createDefinedBeside();
  const reports: ModReport[] = [];
  const waiting = [...names.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, name] = next;
      const report = await checkFile(name, options, isBeside);
      reports[index] = report;
      onDone?.(report, reports.filter((one) => one !== undefined).length, names.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return reports;
}

async function checkFile(
  name: string,
  { folder, compiler, signal, out }: CheckOptions,
  isBeside: DefinedBeside,
): Promise<ModReport> {
  const compileFile = (file: string) => compileWithSiblings(compiler, file, signal, isBeside);
  const original = join(folder, name);
  const { text, encoding } = await readText(original);
  const source = { file: name, text };
  const first = await compileFile(original);
  if (first.complaints.length === 0) return report(source, folder, 'compiles', [], first);
  const found: ModFinding[] = [];
  const applied: Edit[][] = [];
  let current = text;
  let verdict = first;
  for (let round = 0; round < ROUNDS; round++) {
    const findings = explain(failing({ file: name, text: current }, verdict, compiler));
    const described = findings.map((one) => describe(source, one, applied));
    found.push(...described.filter((one) => !found.some((other) => isSame(one, other))));
    const edits = findings.flatMap((one) => one.edits ?? []);
    if (out === undefined || edits.length === 0) break;
    const changed = applyEdits(current, edits);
    if (changed === current) break;
    applied.push(edits);
    current = changed;
    const copy = join(out, name);
    await writeFile(copy, current, encoding);
    verdict = await compileFile(copy);
    if (verdict.complaints.length === 0) {
      return report({ file: name, text: current }, out, 'repaired', found, verdict);
    }
  }
  if (out !== undefined && applied.length > 0) await writeFile(join(out, name), text, encoding);
  const known = found.some(({ code }) => code !== 'unknown');
  return report(source, folder, known ? 'explained' : 'unknown', found, verdict);
}

function failing(source: Source, { complaints, generated }: CompilerVerdict, compiler: ModCompiler): Failing {
  return {
    mod: readModText(source),
    complaints,
    generated,
    isKnown: (name) => compiler.isKnown(name),
  };
}

/** Functions that another file of the folder defines are no failure: NEURON links all files together. */
async function compileWithSiblings(
  compiler: ModCompiler,
  file: string,
  signal: AbortSignal,
  isBeside: DefinedBeside,
): Promise<CompilerVerdict> {
  const verdict = await compiler.compile(file, signal);
  const complaints = verdict.complaints.filter(({ stage, message }) => {
    const name = /(\w+)\s*(?:\(|$)/.exec(message.replace(/^undefined: /, ''))?.[1] ?? '';
    return stage !== 'link' || !isBeside(file, name);
  });
  return { ...verdict, complaints };
}

function isSame(a: ModFinding, b: ModFinding): boolean {
  return a.code === b.code && a.line === b.line && a.column === b.column;
}

/** The finding at its place in the original: edits of earlier rounds are undone in its offset. */
function describe(source: Source, found: Finding, applied: readonly (readonly Edit[])[]): ModFinding {
  const start = applied.reduceRight((offset, edits) => beforeEdits(offset, edits), found.span.start);
  const end = Math.max(
    start,
    applied.reduceRight((offset, edits) => beforeEdits(offset, edits), found.span.end),
  );
  const { code, message, hint, edits } = found;
  return {
    code,
    ...positionAt(source, start),
    message,
    hint,
    mends: edits !== null,
    frame: codeFrame(source, { code, severity: 'error', message, hint, span: { start, end } }),
  };
}

/** Where an offset of the changed text was before the edits. */
function beforeEdits(offset: number, edits: readonly Edit[]): number {
  let at = offset;
  for (const edit of appliedOf(edits)) {
    if (edit.start >= at) break;
    const grown = edit.text.length - (edit.end - edit.start);
    at = Math.max(edit.start, at - grown);
  }
  return at;
}

function report(
  source: Source,
  folder: string,
  status: ModStatus,
  findings: readonly ModFinding[],
  { complaints }: CompilerVerdict,
): ModReport {
  const { diagnostics } = compile(source, { include: (name, from) => readIncluded(name, from, folder) });
  return {
    file: source.file,
    status,
    findings,
    diagnostics: diagnostics.map((one) => ({ ...one, ...positionAt(source, one.span.start) })),
    compiler: complaints[0]?.message ?? null,
  };
}
