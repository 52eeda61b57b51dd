/** The text of a mechanism to a kernel program. */
import type { KernelProgram } from '../kernel/program.ts';
import { declare } from './check/declarations.ts';
import { expandIncludes, type IncludeReader } from './check/includes.ts';
import type { Report } from './check/report.ts';
import { isThreadSafe } from './check/threads.ts';
import { tooDeep, visitNodes } from './check/walk.ts';
import { type Diagnostic, diagnostic } from './diagnostics.ts';
import { callC } from './lower/c-calls.ts';
import { INTRINSICS, lowerCall } from './lower/calls.ts';
import { Module } from './lower/module.ts';
import { buildPhases, buildTables } from './lower/phases.ts';
import { requireRoutine } from './lower/routines.ts';
import { lowerBody } from './lower/statements.ts';
import { buildTable as lowerTable } from './lower/tables.ts';
import { get, set } from './lower/values.ts';
import { parse } from './parser/blocks.ts';
import type { Source } from './source.ts';
import type { Block } from './syntax.ts';

export interface CompileOptions {
  /** Finds an INCLUDEd file by its name as written and the file that includes it; null where there is none. */
  readonly include?: IncludeReader;
}

export interface Compiled {
  /** Null where a diagnostic is an error. */
  readonly program: KernelProgram | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Levels of the tree, lists among them: sums of more terms would use up the stack. */
const DEEPEST = 1000;

/** Compiles a file. Never throws on any text; all that is wrong is in the diagnostics, in the order of the text. */
export function compile(source: Source, options: CompileOptions = {}): Compiled {
  const parsed = parse(source);
  const expanded = expandIncludes({ source, blocks: parsed.mechanism.blocks }, options.include ?? (() => null), [
    source.file,
  ]);
  const early: Diagnostic[] = [...parsed.diagnostics, ...expanded.diagnostics];
  const deep = tooDeep(expanded.blocks, DEEPEST);
  if (deep !== null) early.push(diagnostic('nested-too-deep', deep, { limit: String(DEEPEST) }));
  // What cannot be read would only lead to complaints about what is missing.
  if (hasErrors(early)) return { program: null, diagnostics: sorted(early) };
  const report: Report = (code, { start, end }, parameters) => {
    early.push(diagnostic(code, { start, end }, parameters));
  };
  const { blocks } = expanded;
  const declarations = declare(source, blocks, report);
  const facts = {
    threadSafe: isThreadSafe(blocks, declarations),
    mentions: expanded.mentions,
    verbatim: blocks.flatMap((block) => (block.kind === 'verbatim' ? [block.text] : [])).join('\n'),
  };
  const inner = { body: lowerBody, call: lowerCall, callOfC: callC, table: lowerTable };
  const module = new Module(source, declarations, facts, inner);
  visitNodes(blocks, (node) => {
    if (node.kind === 'solve' && !module.solves.has(node.name)) module.solves.set(node.name, node);
  });
  const program = buildProgram(module, blocks);
  const diagnostics = sorted([...early, ...module.diagnostics]);
  return { program: hasErrors(diagnostics) ? null : program, diagnostics };
}

/** What C says of names that NMODL uses in its own way. */
function checkC(module: Module): void {
  const { text } = module.source;
  const refuse = (what: string, place: RegExp) => {
    const found = place.exec(text);
    const start = found?.index ?? 0;
    module.report('verbatim-refused', { start, end: start + (found?.[0].length ?? 0) }, { what });
  };
  for (const name of module.nullPointers)
    if (module.usedPointers.has(name)) refuse(`_p_${name}, which NMODL uses too`, new RegExp(`_p_${name}\\b`));
  for (const name of module.macros.keys())
    if (module.declarations.meanings.has(name) || INTRINSICS.has(name))
      refuse(`#define ${name}`, new RegExp(`#\\s*define\\s+${name}\\b`));
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function sorted(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.span.start - b.span.start);
}

function buildProgram(module: Module, blocks: readonly Block[]): KernelProgram {
  const { neuron, meanings } = module.declarations;
  const phases = buildPhases(module, blocks);
  const all = { ...phases, ...buildTables(module, blocks) };
  keepIons(module, [phases.initialize, phases.current, phases.state, ...phases.hooks.map(({ routine }) => routine)]);
  const routines = new Map(module.routines);
  checkC(module);
  checkUnreached(module, blocks);
  const randoms = [...meanings].flatMap(([name, { kind }]) => (kind === 'random' ? [name] : []));
  const receive = blocks.find((block) => block.kind === 'net-receive');
  return {
    name: neuron.name,
    kind: neuron.kind,
    file: module.source.file,
    instance: module.instance,
    global: module.global,
    pointers: [...module.usedPointers],
    randoms,
    weights: receive?.arguments.map(({ name }) => name) ?? [],
    ions: neuron.ions,
    currents: neuron.currents,
    electrode: neuron.electrode,
    watches: module.watches,
    routines,
    phases: all,
    ...(module.diffusions.length === 0 ? {} : { diffusions: module.diffusions }),
    functionTables: blocks.flatMap((block) =>
      block.kind === 'function-table' && routines.has(block.name)
        ? [{ name: block.name, arguments: block.arguments.length }]
        : [],
    ),
  };
}

/** Keeps what the ion variables are as a phase begins, where VERBATIM asks for it later. */
function keepIons(module: Module, phases: readonly (string | undefined)[]): void {
  const steps = [...module.ionShadows].map(([variable, field]) =>
    set({ kind: 'instance', name: field }, get({ kind: 'instance', name: variable })),
  );
  if (steps.length === 0) return;
  for (const name of phases) {
    const routine = name === undefined ? undefined : module.routines.get(name);
    if (routine !== undefined) module.routines.set(routine.name, { ...routine, body: [...steps, ...routine.body] });
  }
}

/** What no phase calls is read all the same, so that mistakes in it are seen; it is not in the program. */
function checkUnreached(module: Module, blocks: readonly Block[]): void {
  module.reachable = false;
  const kept = { instance: module.instance.length, global: module.global.length, watches: module.watches.length };
  for (const block of blocks) if (block.kind === 'function') requireRoutine(module, block, block);
  module.instance.length = kept.instance;
  module.global.length = kept.global;
  module.watches.length = kept.watches;
  module.reachable = true;
}
