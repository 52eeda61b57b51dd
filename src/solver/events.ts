/**
 * Presynaptic events in order of time: a cursor over the sorted table, since a trial's events are all known beforehand
 * (a heap costs ten times as much, and gives the same order).
 */
import { UsageError } from '../errors.ts';
import type { EventTable } from '../stimulus/events.ts';

export interface EventCursor {
  /** Back to the first event. */
  rewind(): void;
  /** Delivers, in order, every event due at `time` (ms) or before. */
  deliverUntil(time: number): void;
}

/** Where events go: channel and weight. */
export type Deliver = (channel: number, weight: number) => void;

/** A cursor over `events`, which must be sorted by time and name channels of a cell with `dendrites` segments. */
export function createEventCursor(events: EventTable, dendrites: number, deliver: Deliver): EventCursor {
  checkEvents(events, dendrites);
  const { channel, time, weight } = events;
  const count = time.length;
  let next = 0;
  return {
    rewind() {
      next = 0;
    },
    deliverUntil(limit) {
      while (next < count && (time[next] as number) <= limit) {
        deliver(channel[next] as number, weight === undefined ? 1 : (weight[next] as number));
        next++;
      }
    },
  };
}

function checkEvents(events: EventTable, dendrites: number): void {
  const { channel, time, weight } = events;
  if (events.dendrites !== dendrites) {
    throw new UsageError(`the events are for ${events.dendrites} dendritic segments, the cell has ${dendrites}`, {
      remedy: 'Draw the stimulus for the cell that runs it.',
    });
  }
  if (channel.length !== time.length || (weight !== undefined && weight.length !== time.length)) {
    throw new UsageError(`an event table's columns differ in length: ${channel.length} channels, ${time.length} times`);
  }
  let previous = 0;
  for (let k = 0; k < time.length; k++) {
    const at = time[k] as number;
    if (!(at >= previous)) throw new UsageError(`event ${k} at ${at} ms comes after one at ${previous} ms`);
    const target = channel[k] as number;
    if (target < 0 || target >= 2 * dendrites) {
      throw new UsageError(`event ${k} is for channel ${target}; channels go from 0 to ${2 * dendrites - 1}`);
    }
    previous = at;
  }
}
