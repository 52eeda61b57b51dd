/** `twincell crosscheck --mod FILE...`: each mechanism in NEURON and in the solver, with a verdict a file. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import Table from 'cli-table3';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { divergenceText } from '../crosscheck/index.ts';
import {
  crosscheckMechanisms,
  exitCodeOf,
  type MechanismFacts,
  type MechanismVerdict,
  type NamedProbe,
  Probe,
  standardProbes,
} from '../crosscheck/mechanism/index.ts';
import { UsageError } from '../errors.ts';
import type { LibmName } from '../libm/index.ts';
import type { Context } from './context.ts';
import { readable } from './output.ts';

export interface ModOptions {
  readonly protocol?: string;
  readonly libm?: LibmName;
}

type Protocol = (facts: MechanismFacts) => readonly NamedProbe[];

/** Protocols by name; `quick` is the first part of the standard one. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  standard: standardProbes,
  quick: (facts) => standardProbes(facts).slice(0, 1),
};

const ProtocolFile = Type.Array(Type.Object({ name: Type.String(), probe: Probe }));

/** Cross-checks the files and prints a table. */
export async function crosscheckMods(
  files: readonly string[],
  options: ModOptions,
  context: Context,
): Promise<0 | 1 | 2> {
  const protocol = await protocolNamed(options.protocol ?? 'standard');
  const verdicts = await checkWithProgress(files, { ...options, protocol }, context);
  printVerdicts(verdicts, context);
  context.output.result({ status: overallMechanisms(verdicts), mechanisms: verdicts });
  return exitCodeOf(verdicts);
}

/** Cross-checks with a progress bar. */
export async function checkWithProgress(
  files: readonly string[],
  options: { readonly protocol?: Protocol; readonly libm?: LibmName },
  context: Context,
): Promise<MechanismVerdict[]> {
  const task = context.progress.task('Cross-checking mechanisms', files.length);
  const verdicts = await crosscheckMechanisms({
    files: [...new Set(files)],
    ...(options.protocol && { protocol: options.protocol }),
    ...(options.libm && { libm: options.libm }),
    signal: context.signal,
    report: context.report,
    onVerdict: (verdict, done) => task.update(done, `${verdict.status} ${verdict.mechanism}`),
  });
  task.finish();
  return verdicts;
}

async function protocolNamed(name: string): Promise<Protocol> {
  const known = PROTOCOLS[name];
  if (known !== undefined) return known;
  const text = await readFile(name, 'utf8').catch(() => {
    throw new UsageError(`there is no protocol and no file called ${name}`, {
      remedy: `Protocols: ${Object.keys(PROTOCOLS).join(', ')}; or a JSON file, a list of { name, probe } (schemas/NeuronProbe.json).`,
    });
  });
  const probes = parseJson(name, text);
  if (!Value.Check(ProtocolFile, probes)) {
    const [first] = Value.Errors(ProtocolFile, probes);
    throw new UsageError(`${name}${first?.instancePath ?? ''}: ${first?.message ?? 'not a list of probes'}`, {
      remedy: 'A protocol is a JSON list of { name, probe }; a probe is described in schemas/NeuronProbe.json.',
    });
  }
  return () => probes;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The worst of all. */
export function overallMechanisms(verdicts: readonly MechanismVerdict[]): string {
  const order = ['differs', 'inert', 'failed', 'uncompiled', 'refused', 'agrees'] as const;
  return order.find((status) => verdicts.some((one) => one.status === status)) ?? 'agrees';
}

/** One row a mechanism, and beneath the reasons of those that do not agree. */
export function printVerdicts(verdicts: readonly MechanismVerdict[], { output }: Context): void {
  const table = new Table({
    head: ['file', 'mechanism', 'verdict', 'largest relative difference', 'what it did in NEURON'],
    style: { head: [], border: [] },
  });
  for (const one of verdicts) {
    const difference = one.bitEqual ? '0 (every bit)' : Number.isNaN(one.maxRelative) ? '' : readable(one.maxRelative);
    table.push([relative('', one.file), one.mechanism, one.status, difference, one.effects.join(', ')]);
  }
  output.line(table.toString());
  for (const one of verdicts) {
    if (one.status === 'agrees') continue;
    output.line(`${relative('', one.file)}: ${one.status}: ${one.message}`);
    const divergence = one.probes.find((probe) => probe.divergence !== null)?.divergence;
    if (divergence == null) continue;
    for (const line of divergenceText(divergence, { reference: 'NEURON', other: 'solver' })) output.line(`  ${line}`);
  }
}
