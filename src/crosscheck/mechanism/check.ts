/** Cross-checks files: compiled together by NEURON's compiler, one by one by ours, put through a protocol, and judged. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureEnvironment, ensureMechanismSet, type SetupEvent } from '../../../env/index.mjs';
import { InterruptedError, UsageError } from '../../errors.ts';
import type { LibmName } from '../../libm/index.ts';
import { setupError } from '../../model/setup-error.ts';
import { BUILTIN_MECHANISMS } from '../../nmodl/builtin/index.ts';
import { parse } from '../../nmodl/index.ts';
import { factsOf, type MechanismFacts } from './facts.ts';
import { groupFiles, isBuiltin } from './group.ts';
import { judge, refusalOf } from './judge.ts';
import { createKernels, type Subject } from './kernels.ts';
import { createNeuronProbes } from './neuron-side.ts';
import { drivesOf, type NamedProbe, standardProbes } from './standard.ts';
import type { MechanismVerdict } from './verdict.ts';

export interface MechanismCheckOptions {
  /** Paths of `.mod` files, or names of mechanisms that NEURON has built in. */
  readonly files: readonly string[];
  /** The probes of a mechanism; the standard protocol unless given. */
  readonly protocol?: (facts: MechanismFacts) => readonly NamedProbe[];
  /** Whose exp, log and pow the solver uses; glibc's unless given. */
  readonly libm?: LibmName;
  readonly signal?: AbortSignal;
  /** Told about set-up and compilation. */
  readonly report?: (event: SetupEvent) => void;
  /** Told as each file is judged. */
  readonly onVerdict?: (verdict: MechanismVerdict, done: number, total: number) => void;
}

/** One verdict a file, in the order of the files. */
export async function crosscheckMechanisms(options: MechanismCheckOptions): Promise<MechanismVerdict[]> {
  const subjects = options.files.map(readSubject);
  const verdicts = new Map<string, MechanismVerdict>();
  const settle = (verdict: MechanismVerdict) => {
    verdicts.set(verdict.file, verdict);
    options.onVerdict?.(verdict, verdicts.size, subjects.length);
  };
  const bySubject = new Map(subjects.map((subject) => [subject.facts, subject]));
  for (const group of groupFiles(subjects.map(({ facts }) => facts))) {
    await checkGroup(
      group.flatMap((facts) => bySubject.get(facts) ?? []),
      options,
      settle,
    );
  }
  return options.files.flatMap((file) => verdicts.get(file) ?? []);
}

function readSubject(file: string): Subject {
  const builtin = BUILTIN_MECHANISMS.get(file);
  if (builtin !== undefined) {
    return { facts: factsOf(file, builtin, readText), text: builtin, builtin: true, called: file };
  }
  const text = readText(file);
  if (text === null) {
    throw new UsageError(`cannot read ${file}`, { remedy: 'Name a .mod file, or a mechanism of NEURON.' });
  }
  const facts = factsOf(file, text, readText);
  if (!isBuiltin(facts.name)) return { facts, text, builtin: false, called: facts.name };
  // NEURON has one of this name and would not load the file: under another name it is the same mechanism.
  const name = `${facts.name}OfFile`;
  return { facts: { ...facts, name }, text: renamed(file, text, name), builtin: false, called: facts.name };
}

/** The text with its mechanism called otherwise. */
function renamed(file: string, text: string, name: string): string {
  for (const block of parse({ file, text }).mechanism.blocks) {
    const declared = block.kind === 'neuron' ? block.statements.find(({ kind }) => kind === 'mechanism') : undefined;
    if (declared === undefined) continue;
    const statement = text.slice(declared.start, declared.end).replace(/\w+\s*$/, name);
    return `${text.slice(0, declared.start)}${statement}${text.slice(declared.end)}`;
  }
  return text;
}

/** Texts may be in any encoding: what is not ASCII stands only in comments and titles. */
function readText(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

async function checkGroup(
  subjects: readonly Subject[],
  options: MechanismCheckOptions,
  settle: (verdict: MechanismVerdict) => void,
): Promise<void> {
  const library = await compileForNeuron(subjects, options);
  const compiled = subjects.filter(({ facts }) => !library.failures.has(facts.file));
  for (const { facts } of subjects) {
    const failure = library.failures.get(facts.file);
    if (failure !== undefined) settle(unjudged(facts, 'uncompiled', failure));
  }
  const neuron = createNeuronProbes({
    python: library.python,
    library: library.file,
    drives: library.drives,
    ...(options.signal && { signal: options.signal }),
  });
  const kernels = createKernels(subjects);
  try {
    for (const [index, subject] of compiled.entries()) {
      if (options.signal?.aborted) throw new InterruptedError('interrupted while mechanisms were cross-checked');
      const { facts } = subject;
      if (facts.kind === 'nothing') {
        settle(unjudged(facts, 'inert', 'SUFFIX nothing: there is no mechanism in it, only functions for hoc'));
        continue;
      }
      const probes = (options.protocol ?? standardProbes)(facts);
      const verdict = await judge({ facts, probes, neuron, kernels, libm: options.libm ?? 'glibc' });
      if ('unloadable' in verdict) {
        await checkApart(compiled.slice(index), verdict.unloadable, options, settle);
        return;
      }
      settle({ ...verdict, mechanism: subject.called });
    }
  } finally {
    await neuron.close();
  }
}

/** Where one file keeps a whole library from loading: halves, until it stands alone. */
async function checkApart(
  subjects: readonly Subject[],
  why: string,
  options: MechanismCheckOptions,
  settle: (verdict: MechanismVerdict) => void,
): Promise<void> {
  const [only] = subjects;
  if (only !== undefined && subjects.length === 1) {
    const { refusal } = createKernels(subjects).of(only.facts.name);
    settle({
      ...unjudged(only.facts, 'failed', `NEURON does not load its library: ${why}`),
      ...(refusal === null ? {} : refusalOf(refusal)),
      mechanism: only.called,
    });
    return;
  }
  const middle = Math.ceil(subjects.length / 2);
  for (const half of [subjects.slice(0, middle), subjects.slice(middle)]) await checkGroup(half, options, settle);
}

function unjudged(facts: MechanismFacts, status: MechanismVerdict['status'], message: string): MechanismVerdict {
  return {
    file: facts.file,
    mechanism: facts.name,
    status,
    bitEqual: false,
    effects: [],
    maxRelative: Number.NaN,
    variables: [],
    probes: [],
    message,
  };
}

async function compileForNeuron(subjects: readonly Subject[], { signal, report }: MechanismCheckOptions) {
  const setup = { ...(report && { report }), ...(signal && { signal }) };
  try {
    const environment = await ensureEnvironment('neuron', setup);
    const files = subjects.filter(({ builtin }) => !builtin).map(({ facts, text }) => ({ file: facts.file, text }));
    // A library of their own: then the same drives serve any files, and are compiled once.
    const drives = driveSources(subjects);
    const [own, driving] = [
      files.length === 0 ? null : await ensureMechanismSet({ sources: files, environment, ...setup }),
      drives.length === 0 ? null : await ensureMechanismSet({ sources: drives, environment, ...setup }),
    ];
    const failures = new Map(
      own?.failures.map(({ file, message, line }) => [file, `${line === undefined ? '' : `line ${line}: `}${message}`]),
    );
    return { python: environment.python, file: own?.library ?? null, drives: driving?.library ?? null, failures };
  } catch (error) {
    throw setupError(error);
  }
}

function driveSources(subjects: readonly Subject[]) {
  const drives = subjects.flatMap(({ facts }) => drivesOf(facts));
  const texts = new Map(drives.map(({ name, text }) => [name, text]));
  return [...texts].sort().map(([name, text]) => ({ file: join('drives', `${name}.mod`), text }));
}
