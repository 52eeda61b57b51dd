/** The page of the conformance run: what was cross-checked, and what came of it. */
import type { MechanismStatus, MechanismVerdict } from '../../src/crosscheck/mechanism/index.ts';
import type { Package } from './packages.ts';

export interface FileResult {
  /** Path in the archive. */
  readonly file: string;
  readonly verdict: MechanismVerdict;
  /** Whether the same text was judged before. */
  readonly repeated: boolean;
}

export interface PackageResult {
  readonly package: Package;
  readonly files: readonly FileResult[];
}

export interface Summary {
  readonly counts: Readonly<Record<MechanismStatus, number>>;
  /** All that NEURON compiles, what then stops on it (`failed`) among them. */
  readonly compiled: number;
  readonly effective: number;
  readonly bitEqual: number;
  readonly agreeing: number;
  readonly text: string;
  /** No file wrong, 90 % of those with an effect agreeing, at most 8 % inert. */
  readonly passes: boolean;
}

/** Counts over distinct texts. */
export function summaryOf(results: readonly PackageResult[]): Summary {
  const verdicts = results.flatMap(({ files }) =>
    files.filter(({ repeated }) => !repeated).map(({ verdict }) => verdict),
  );
  const count = (status: MechanismStatus) => verdicts.filter((one) => one.status === status).length;
  const counts = {
    agrees: count('agrees'),
    differs: count('differs'),
    inert: count('inert'),
    refused: count('refused'),
    uncompiled: count('uncompiled'),
    failed: count('failed'),
  };
  const compiled = verdicts.length - counts.uncompiled;
  // A refused file that does nothing in NEURON either has no effect to agree on.
  const effective = verdicts.filter(
    ({ status, effects }) =>
      status === 'agrees' || status === 'differs' || (status === 'refused' && effects.length > 0),
  ).length;
  const bitEqual = verdicts.filter(({ status, bitEqual }) => status === 'agrees' && bitEqual).length;
  const agreeing = effective === 0 ? 1 : counts.agrees / effective;
  const inert = compiled === 0 ? 0 : counts.inert / compiled;
  return {
    counts,
    compiled,
    effective,
    bitEqual,
    agreeing,
    text:
      `${verdicts.length} files, ${compiled} compile; ${effective} have an effect, of which ${counts.agrees} agree ` +
      `(${percent(agreeing)}; ${bitEqual} to the last bit), ${counts.differs} wrong; ${counts.refused} refused, ` +
      `${counts.inert} inert (${percent(inert)}), ${counts.failed} not run by NEURON`,
    passes: counts.differs === 0 && agreeing >= 0.9 && inert <= 0.08,
  };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** The page, in Markdown. */
export function conformancePage(
  results: readonly PackageResult[],
  machine: { readonly python: string; readonly platform: string },
): string {
  const summary = summaryOf(results);
  return [
    '# Conformance: mechanisms that others wrote',
    '',
    'Made by `npm run conformance`; do not edit. It fetches these packages by name and sha256, puts every mechanism file in',
    'them through the standard protocol of `twincell crosscheck --mod` in NEURON and in the TypeScript solver, and compares',
    'the potential, every ion and every variable of the mechanism after every step: |x - y| ≤ 1e-9 · max |x| over the run.',
    '',
    '- **agrees**: every variable within the tolerance, and the mechanism did something; *every bit* where all are equal;',
    '- **inert**: it did nothing in NEURON either, so that agreement says nothing;',
    '- **refused**: twincell does not run the file, and names the construct;',
    '- **does not compile**, **not run**: NEURON 9.0.2 does not compile it, or stops on it;',
    '- **wrong**: the two differ.',
    '',
    `Last run: NEURON 9.0.2, Python ${machine.python}, ${machine.platform}. Files with the same text count once.`,
    '',
    `**${summary.text}.**`,
    '',
    ...overview(results),
    ...results.flatMap(details),
  ].join('\n');
}

function overview(results: readonly PackageResult[]): string[] {
  const rows = results.map((result) => {
    const { counts, bitEqual } = summaryOf([result]);
    const { agrees, inert, refused, differs, uncompiled, failed } = counts;
    const { file, licence } = result.package;
    return `| ${file} | ${licence} | ${agrees} | ${bitEqual} | ${inert} | ${refused} | ${differs} | ${uncompiled} | ${failed} |`;
  });
  return [
    '| archive | licence | agrees | every bit | inert | refused | wrong | does not compile | not run |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

function details({ package: { file }, files }: PackageResult): string[] {
  const rows = files.map(({ file, verdict, repeated }) => {
    const { status, bitEqual, effects, message } = verdict;
    const difference = bitEqual
      ? 'every bit'
      : Number.isNaN(verdict.maxRelative)
        ? ''
        : verdict.maxRelative.toExponential(1);
    const said = repeated ? 'same text as another file' : cell(message);
    return `| ${file.split('/').slice(1).join('/')} | ${WORDS[status]} | ${difference} | ${effects.join(', ')} | ${said} |`;
  });
  return [
    `## ${file}`,
    '',
    '| file | verdict | largest relative difference | effect in NEURON | why |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

const WORDS: Readonly<Record<MechanismStatus, string>> = {
  agrees: 'agrees',
  differs: '**wrong**',
  inert: 'inert',
  refused: 'refused',
  uncompiled: 'does not compile',
  failed: 'not run',
};

/** One line that a table's cell can hold. */
function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
