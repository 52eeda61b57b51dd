/** The accuracy-cost curve as a part of docs/performance.md. */
import { settingName } from './accuracy-curve.ts';
import { type AccuracyResult, EQUAL_HEAD, equalRow } from './accuracy-table.ts';
import { markdownTable } from './page.ts';

/** @param command that made it */
export function accuracyPart(result: AccuracyResult, command: string): string {
  const { machine, date, cell, trials, seconds, points, equalError } = result;
  const intro =
    `\`${command}\`, ${date.slice(0, 10)}, ${machine.cpu} (${machine.platform}), Node ${machine.node}: \`${cell}\`, ` +
    `${trials.length} trials of ${seconds} s with ${points[0]?.spikes ?? 0} output spikes, against NEURON's variable step at atol 1e-7.`;
  const measured = markdownTable(
    ['', 's per simulated s', 'spike shift, mean (ms)', 'maximum (ms)', 'soma away from spikes, rms (mV)'],
    points.map((point) => [
      settingName(point),
      point.cost.toFixed(2),
      point.unmatched > 0
        ? `${point.shiftMeanMs.toFixed(4)}, and ${point.unmatched} unmatched`
        : point.shiftMeanMs.toFixed(4),
      point.shiftMaxMs.toFixed(4),
      point.quietRmsMv.toFixed(4),
    ]),
  );
  const equal = markdownTable(EQUAL_HEAD, equalError.map(equalRow));
  return [intro, '![Cost against error, both logarithmic](images/accuracy-cost.svg)', equal, measured].join('\n\n');
}
