/**
 * Whether a mechanism did anything, from NEURON's run alone: agreement on nothing says nothing. What it did is one or more
 * of these: a variable of its own changed in time, it sent an event, wrote through a POINTER, or the potential or an ion is not what it is without it.
 */
import { TARGET } from './drive.ts';
import type { ProbeRecord } from './neuron-side.ts';
import type { ProbeColumn } from './protocol.ts';

export type Effect = 'voltage' | 'ion' | 'state' | 'event' | 'pointer';

/** What of the mechanism itself moves in a run. */
export function ownEffects(record: ProbeRecord, mechanism: string): Set<Effect> {
  const effects = new Set<Effect>();
  if (record.events.some((one) => one.mechanism === mechanism && one.times.length > 0)) effects.add('event');
  const width = record.columns.length;
  record.columns.forEach((column, index) => {
    const { kind, owner } = column;
    if (kind !== 'instance' && kind !== 'global') return;
    if (owner === mechanism && moves(record.samples, index, width)) effects.add('state');
    if (owner === TARGET.name && moves(record.samples, index, width)) effects.add('pointer');
  });
  return effects;
}

/** Whether finite numbers of a column differ. */
function moves(samples: Float64Array, index: number, width: number): boolean {
  let first = Number.NaN;
  // What step 0 shows may be no more than a start.
  for (let at = index + width; at < samples.length; at += width) {
    const value = samples[at] as number;
    if (!Number.isFinite(value)) continue;
    if (Number.isNaN(first)) first = value;
    else if (value !== first) return true;
  }
  return false;
}

/** Concentrations of ions that NEURON has no others for (mM). */
const UNSET_MM = 1;

/** Whether an ion that only the mechanism brings is other than NEURON makes an ion by itself. */
function isSet(samples: Float64Array, index: number, width: number, { owner, variable }: ProbeColumn): boolean {
  if (moves(samples, index, width)) return true;
  const concentration = variable === 'inside' || variable === 'outside';
  if (!concentration || ['na', 'k', 'ca'].includes(owner)) return false;
  const value = samples[index + width] ?? UNSET_MM;
  return Number.isFinite(value) && value !== UNSET_MM;
}

/** What is otherwise than in the same run without the mechanism: potentials, and ions that both have. */
export function surroundingEffects(record: ProbeRecord, without: ProbeRecord): Set<Effect> {
  const effects = new Set<Effect>();
  const width = record.columns.length;
  const other = new Map(without.columns.map((column, index) => [JSON.stringify(column), index]));
  record.columns.forEach((column, index) => {
    if (column.kind !== 'v' && column.kind !== 'ion') return;
    const match = other.get(JSON.stringify(column));
    if (match === undefined) {
      if (column.kind === 'ion' && isSet(record.samples, index, width, column)) effects.add('ion');
      return;
    }
    const steps = record.samples.length / width;
    for (let step = 0; step < steps; step++) {
      const a = record.samples[step * width + index] as number;
      const b = without.samples[step * without.columns.length + match] as number;
      if (Number.isFinite(a) && a !== b) {
        effects.add(column.kind === 'v' ? 'voltage' : 'ion');
        return;
      }
    }
  });
  return effects;
}
