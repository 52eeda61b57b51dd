/** One trial on two engines, compared at every step of every site while each also gives what it is asked to record. */
import type { CellRequest, Engine, Recording, RunOptions, Trial, VoltageBlock } from '../engine/engine.ts';
import { type CellSnapshot, compartmentRows } from '../model/snapshot.ts';
import { DifferenceTally } from './compare.ts';
import { pairs } from './pairs.ts';
import { SomaPair, SpikeTally } from './soma.ts';

export interface CompareTrialOptions {
  readonly reference: Engine;
  readonly other: Engine;
  readonly cell: CellRequest;
  readonly snapshot: CellSnapshot;
  readonly trial: Trial;
  /** How long and in what steps; its recordings go to `onReference` and `onOther`. */
  readonly run: RunOptions;
  readonly onReference: (block: VoltageBlock) => void;
  readonly onOther: (block: VoltageBlock) => void;
}

export interface TrialComparison {
  /** At any site and step (mV); infinite where a voltage was no number. */
  readonly maxAbsDiffMv: number;
  /** Spikes (peaks of the soma above -25 mV) at identical steps. */
  readonly spikeStepsEqual: boolean;
  /** Spikes of the reference. */
  readonly spikes: number;
}

/** Every site at every step, under a name that no recording of a caller has. */
const EVERYTHING: Recording = { name: 'twincell:everything', sites: 'all', everySteps: 1 };

/** Runs a trial on both engines side by side. */
export async function compareTrial(options: CompareTrialOptions): Promise<TrialComparison> {
  const { cell, snapshot, trial, run, onReference, onOther } = options;
  const everything: RunOptions = { ...run, recordings: [...run.recordings, EVERYTHING] };
  const rows = compartmentRows(snapshot);
  const tally = new DifferenceTally(rows.length, 0);
  const soma = new SomaPair(rows.indexOf(snapshot.somaNode), run.steps + 1);
  const reference = handOff(options.reference.run(cell, [trial], everything), onReference);
  const other = handOff(options.other.run(cell, [trial], everything), onOther);
  for await (const [a, b] of pairs(reference, other)) {
    tally.add(a, b);
    soma.add(a, b);
  }
  if (tally.samples !== run.steps + 1)
    throw new Error(`trial ${trial.index}: ${tally.samples} of ${run.steps + 1} steps`);
  const spikes = new SpikeTally(run.dt);
  spikes.add(soma.reference, soma.other);
  return { maxAbsDiffMv: tally.maxAbsMv, spikeStepsEqual: spikes.equal, spikes: spikes.count };
}

/** The blocks of everything; those of the caller's recordings go to the caller. */
async function* handOff(
  blocks: AsyncIterable<VoltageBlock>,
  take: (block: VoltageBlock) => void,
): AsyncGenerator<VoltageBlock> {
  for await (const block of blocks) {
    if (block.recording === EVERYTHING.name) yield block;
    else take(block);
  }
}
