/** The result for people. */
import Table from 'cli-table3';
import { type BenchResult, CONTESTANTS, type Contestant, type Entry } from './result.ts';

export const TITLES: Readonly<Record<Contestant, string>> = {
  neuron: 'NEURON',
  coreneuron: 'CoreNEURON',
  arbor: 'Arbor (comparable cell)',
  javascript: 'twincell reference (JavaScript)',
  exact: 'twincell exact',
  fast: 'twincell fast',
  exactRevectorized: 'twincell exact, revectorized',
  fastRevectorized: 'twincell fast, revectorized',
};

/** What may and may not be compared. */
export const NOTES: Partial<Record<Contestant, string>> = {
  coreneuron:
    'CoreNEURON: the same cell, mechanisms and events, which PatternStim plays (those of the first ms come together at its end); handing the model over is not counted.',
  arbor:
    'Arbor: the same compartments and channel densities from its own catalogue, and one more compartment without membrane at every fork, which its cost per compartment is divided by too; synapses are its exp2syn without NMDA, the excitatory ones with AMPA’s and NMDA’s conductance together; making the simulation is not counted. Its wheel is built for AVX2. Its voltages are not compared.',
};

export function benchText(result: BenchResult): string {
  const { machine, scaling } = result;
  const pinned = machine.pinnedTo === null ? 'not pinned to a core (no taskset)' : `pinned to core ${machine.pinnedTo}`;
  const parts = [
    `${result.cell}, ${result.compartments} compartments, ${result.synapses} synapses, ${result.seconds} s at dt ${result.dt}, the paper's input`,
    `${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${pinned}; CPU time, ${result.repetitions} interleaved repetitions; ${result.date}`,
    mainTable(result),
    ...CONTESTANTS.flatMap((name) => (result.contestants[name] && NOTES[name] ? [NOTES[name]] : [])),
    ...Object.entries(result.leftOut).map(([name, why]) => `${TITLES[name as Contestant]} is left out: ${why}`),
    ...(scaling === null ? [] : scalingTables(scaling)),
  ];
  return parts.join('\n\n');
}

function mainTable({ contestants, speedupOverNeuron }: BenchResult): string {
  const head = [
    '',
    'ns per compartment-step\nminimum (median, maximum)',
    '× NEURON',
    's per\nsimulated s',
    'spikes',
    'start\n(s)',
    'first\nsample (s)',
    'memory: peak,\na trial (MB)',
  ];
  const table = plainTable(head);
  for (const name of CONTESTANTS) {
    const entry = contestants[name];
    if (entry !== undefined) table.push(row(TITLES[name], entry, speedupOverNeuron[name] ?? 1));
  }
  return table.toString();
}

function row(title: string, entry: Entry, speedup: number): string[] {
  const { minimum, median, maximum } = entry.nsPerCompartmentStep;
  return [
    title,
    `${minimum.toFixed(1)} (${median.toFixed(1)}, ${maximum.toFixed(1)})`,
    speedup.toFixed(2),
    entry.secondsPerSimulatedSecond.toFixed(2),
    String(entry.spikes),
    entry.startSeconds.toFixed(2),
    entry.firstSampleSeconds.toFixed(2),
    `${entry.memoryMb.peak.toFixed(0)}, ${entry.memoryMb.trial.toFixed(1)}`,
  ];
}

function scalingTables({ compartments, synapses, trials }: NonNullable<BenchResult['scaling']>): string[] {
  const names = CONTESTANTS.filter((name) => compartments[0]?.nsPerCompartmentStep[name] !== undefined);
  const titles = names.map((name) => TITLES[name]);
  const sizes = (rows: typeof compartments): string => {
    const table = plainTable(['×', 'compartments', 'synapses', ...titles]);
    for (const { factor, compartments: count, synapses: pairs, nsPerCompartmentStep: ns } of rows) {
      table.push([factor, count, pairs, ...names.map((name) => ns[name]?.toFixed(1) ?? '')]);
    }
    return table.toString();
  };
  const perTrial = plainTable(['trials', ...titles.map((title) => `${title}\ns per trial, MB`)]);
  for (const { trials: count, secondsPerTrial, residentMb } of trials) {
    const cells = names.map((name) => `${secondsPerTrial[name]?.toFixed(3)}, ${residentMb[name]?.toFixed(0)}`);
    perTrial.push([count, ...cells]);
  }
  return [
    `As compartments grow, a synapse of each kind on every dendritic one (ns per compartment-step)\n${sizes(compartments)}`,
    `As synapses grow, on the same compartments (ns per compartment-step)\n${sizes(synapses)}`,
    `As trials grow, in one process: time of a trial so far, the first one's compilation included, and memory\n${perTrial}`,
  ];
}

function plainTable(head: string[]): InstanceType<typeof Table> {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
