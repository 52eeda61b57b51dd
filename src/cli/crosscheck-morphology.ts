/** `twincell crosscheck --morphology FILE...`: each file imported by NEURON and by twincell, with a verdict a file. */
import { relative } from 'node:path';
import Table from 'cli-table3';
import { crosscheckMorphologies, type MorphologyVerdict } from '../crosscheck/morphology/index.ts';
import type { Context } from './context.ts';
import { readable } from './output.ts';

/** Cross-checks the files and prints a table. */
export async function crosscheckMorphologyFiles(files: readonly string[], context: Context): Promise<0 | 1 | 2> {
  const verdicts = await checkMorphologies(files, context);
  printMorphologies(verdicts, context);
  context.output.result({ status: overallMorphologies(verdicts), morphologies: verdicts });
  return { agrees: 0, differs: 1, refused: 2 }[overallMorphologies(verdicts)] as 0 | 1 | 2;
}

/** Cross-checks with a progress bar. */
export async function checkMorphologies(files: readonly string[], context: Context): Promise<MorphologyVerdict[]> {
  const task = context.progress.task('Cross-checking morphologies', files.length);
  const verdicts = await crosscheckMorphologies({
    files: [...new Set(files)],
    signal: context.signal,
    report: context.report,
    onVerdict: ({ status, file }, done) => task.update(done, `${status} ${file}`),
  });
  task.finish();
  return verdicts;
}

/** The worst: a file that differs says more than one that is refused. */
export function overallMorphologies(verdicts: readonly MorphologyVerdict[]): MorphologyVerdict['status'] {
  for (const status of ['differs', 'refused'] as const) {
    if (verdicts.some((verdict) => verdict.status === status)) return status;
  }
  return 'agrees';
}

/** One row a file, and beneath the reasons of those that do not agree. */
export function printMorphologies(verdicts: readonly MorphologyVerdict[], { output }: Context): void {
  const table = new Table({
    head: ['file', 'status', 'sections', 'compartments', 'area', 'axial'],
    style: { head: [], border: [] },
  });
  for (const verdict of verdicts) {
    const { file, status, sections, compartments, maxAreaDifference, maxAxialDifference } = verdict;
    const number = (value: number | undefined) => (value === undefined ? '' : readable(value));
    table.push([
      relative(process.cwd(), file) || file,
      status,
      number(sections),
      number(compartments),
      number(maxAreaDifference),
      number(maxAxialDifference),
    ]);
  }
  output.line(table.toString());
  output.line('area, axial: largest relative differences; 0 means the same bits.');
  for (const { file, status, message } of verdicts) {
    if (message !== '') output.line(`${status}: ${message.startsWith(file) ? message : `${file}: ${message}`}`);
  }
}
