/**
 * Events that are all known before a run, such as an experiment's input: a cursor over a sorted table, since a queue costs
 * ten times as much and gives the same order.
 */
import { UsageError } from '../errors.ts';

/** Sorted by time. */
export interface PlayedEvents {
  /** ms. */
  readonly time: Float64Array;
  /** Which of the simulation's channels each event is for. */
  readonly channel: Int32Array;
  /** Absent means 1 everywhere. */
  readonly weight?: Float64Array;
}

/** The instance that a channel's events reach. */
export interface Channel {
  /** Index into the circuit's mechanisms. */
  readonly mechanism: number;
  readonly instance: number;
}

type Receive = (mechanism: number, instance: number, weights: Float64Array, flag: number) => void;

export interface Player {
  /** When the next event is due (ms); infinite where none is left. */
  readonly next: number;
  /** Back to the first of these events. */
  start(events: PlayedEvents | undefined): void;
  /** Delivers the next event. */
  deliver(receive: Receive): void;
}

const NOTHING: PlayedEvents = { time: new Float64Array(0), channel: new Int32Array(0) };

/** @param size number of weights that an instance of a mechanism takes */
export function createPlayer(channels: readonly Channel[], size: (mechanism: number) => number): Player {
  const weights = channels.map(({ mechanism }) => new Float64Array(Math.max(1, size(mechanism))));
  let events = NOTHING;
  let place = 0;
  return {
    get next() {
      return events.time[place] ?? Number.POSITIVE_INFINITY;
    },
    start(next = NOTHING) {
      checkEvents(next, channels.length);
      events = next;
      place = 0;
      for (const held of weights) {
        held.fill(0);
        held[0] = 1;
      }
    },
    deliver(receive) {
      const channel = events.channel[place] as number;
      const { mechanism, instance } = channels[channel] as Channel;
      const held = weights[channel] as Float64Array;
      if (events.weight !== undefined) held[0] = events.weight[place] as number;
      place++;
      receive(mechanism, instance, held, 0);
    },
  };
}

function checkEvents({ time, channel, weight }: PlayedEvents, channels: number): void {
  if (channel.length !== time.length || (weight !== undefined && weight.length !== time.length)) {
    throw new UsageError(`an event table's columns differ in length: ${channel.length} channels, ${time.length} times`);
  }
  let previous = 0;
  for (let k = 0; k < time.length; k++) {
    const at = time[k] as number;
    if (!(at >= previous)) throw new UsageError(`event ${k} at ${at} ms comes after one at ${previous} ms`);
    const target = channel[k] as number;
    if (target < 0 || target >= channels) {
      throw new UsageError(`event ${k} is for channel ${target}; channels go from 0 to ${channels - 1}`);
    }
    previous = at;
  }
}
