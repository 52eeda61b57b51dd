/** The bench's result as a part of docs/performance.md. */
import { markdownTable } from './page.ts';
import { type BenchResult, CONTESTANTS, type Contestant } from './result.ts';
import { NOTES, TITLES } from './table.ts';

/** @param command that made it */
export function benchPart(result: BenchResult, command: string): string {
  const { machine, scaling } = result;
  const pinned = machine.pinnedTo === null ? 'not pinned to a core' : 'pinned to one core';
  const intro =
    `\`${command}\`, ${result.date.slice(0, 10)}, ${machine.cpu} (${machine.platform}), Node ${machine.node}, ${pinned}: ` +
    `\`${result.cell}\`, ${result.compartments} compartments, ${result.synapses} synapses, one trial of ${result.seconds} s of the paper's ` +
    `input at dt ${result.dt}; CPU time, the minimum of ${result.repetitions} interleaved repetitions (median, maximum).`;
  const left = Object.entries(result.leftOut).map(([name, why]) => `Left out: ${TITLES[name as Contestant]} (${why}).`);
  const notes = CONTESTANTS.flatMap((name) => (result.contestants[name] && NOTES[name] ? [NOTES[name]] : []));
  return [intro, mainTable(result), ...notes, ...left, ...(scaling === null ? [] : scalingParts(scaling))].join('\n\n');
}

function mainTable({ contestants, speedupOverNeuron }: BenchResult): string {
  const head = [
    '',
    'ns per compartment-step',
    '× NEURON',
    's per simulated s',
    'output spikes',
    'start (s)',
    'to first sample (s)',
    'peak memory (MB)',
    'a trial adds (MB)',
  ];
  const rows = CONTESTANTS.flatMap((name) => {
    const entry = contestants[name];
    if (entry === undefined) return [];
    const { minimum, median, maximum } = entry.nsPerCompartmentStep;
    return [
      [
        TITLES[name],
        `**${minimum.toFixed(1)}** (${median.toFixed(1)}, ${maximum.toFixed(1)})`,
        (speedupOverNeuron[name] ?? 1).toFixed(2),
        entry.secondsPerSimulatedSecond.toFixed(2),
        entry.spikes,
        entry.startSeconds.toFixed(2),
        entry.firstSampleSeconds.toFixed(2),
        entry.memoryMb.peak.toFixed(0),
        entry.memoryMb.trial.toFixed(1),
      ],
    ];
  });
  return markdownTable(head, rows);
}

function scalingParts({ compartments, synapses, trials }: NonNullable<BenchResult['scaling']>): string[] {
  const names = CONTESTANTS.filter((name) => compartments[0]?.nsPerCompartmentStep[name] !== undefined);
  const titles = names.map((name) => TITLES[name]);
  const sizes = (rows: typeof compartments): string =>
    markdownTable(
      ['×', 'compartments', 'synapses', ...titles],
      rows.map(({ factor, compartments: count, synapses: pairs, nsPerCompartmentStep: ns }) => [
        factor,
        count,
        pairs,
        ...names.map((name) => ns[name]?.toFixed(1) ?? ''),
      ]),
    );
  const perTrial = markdownTable(
    ['trials', ...titles.flatMap((title) => [`${title}, s per trial`, 'MB'])],
    trials.map(({ trials: count, secondsPerTrial, residentMb }) => [
      count,
      ...names.flatMap((name) => [secondsPerTrial[name]?.toFixed(3) ?? '', residentMb[name]?.toFixed(0) ?? '']),
    ]),
  );
  return [
    'As compartments grow, with a synapse of each kind on every dendritic one (ns per compartment-step):',
    sizes(compartments),
    'As synapses grow, on the same compartments (ns per compartment-step):',
    sizes(synapses),
    'As trials grow, one after the other in one process: the mean time of a trial, the first one’s compilation included, and resident memory:',
    perTrial,
  ];
}
