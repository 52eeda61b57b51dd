/** A trial's input that can be changed while it is played: the solver reads an event when it is due, not before. */
import type { EventTable } from '../../stimulus/events.ts';

/** How many events a reader may add to a trial. */
const SPARE = 4096;

export interface LiveEvents {
  readonly table: EventTable;
  /** Factors on the weights of all events that are not yet due. */
  strengthen(excitatory: number, inhibitory: number): void;
  /** One more event on each of these channels, not before any that is due; false where there is no room left. */
  add(channels: ArrayLike<number>, timeMs: number): boolean;
}

/** A copy of the table with room at its end: events that never come. */
export function createLiveEvents({ dendrites, channel, time }: EventTable): LiveEvents {
  const length = time.length + SPARE;
  const table = {
    dendrites,
    channel: extended(channel, new Int32Array(length)),
    time: extended(time, new Float64Array(length).fill(Number.POSITIVE_INFINITY)),
    weight: new Float64Array(length).fill(1),
  };
  let used = time.length;
  let factors = { excitatory: 1, inhibitory: 1 };
  const weightOf = (one: number): number => (one < dendrites ? factors.excitatory : factors.inhibitory);
  return {
    table,
    strengthen(excitatory, inhibitory) {
      factors = { excitatory, inhibitory };
      for (let k = 0; k < used; k++) table.weight[k] = weightOf(table.channel[k] as number);
    },
    add(channels, timeMs) {
      const count = channels.length;
      if (used + count > length) return false;
      let place = used;
      while (place > 0 && (table.time[place - 1] as number) > timeMs) place--;
      for (const column of [table.channel, table.time, table.weight]) column.copyWithin(place + count, place, used);
      for (let k = 0; k < count; k++) {
        table.channel[place + k] = channels[k] as number;
        table.time[place + k] = timeMs;
        table.weight[place + k] = weightOf(channels[k] as number);
      }
      used += count;
      return true;
    },
  };
}

function extended<Column extends Int32Array | Float64Array>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}
