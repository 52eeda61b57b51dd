/** Gathers events channel by channel and gives them back sorted by time, then by channel. */
export interface EventCollector {
  add(channel: number, atMs: number): void;
  sorted(): { readonly channel: Int32Array; readonly time: Float64Array };
}

/** For events at whole ms from 0 to durationMs - 1, added with rising channels. */
export function createEventCollector(durationMs: number): EventCollector {
  let channels = new Int32Array(1 << 16);
  let times = new Int32Array(1 << 16);
  let count = 0;
  const perMs = new Int32Array(durationMs + 1);

  return {
    add(channel, atMs) {
      if (count === channels.length) {
        channels = grown(channels);
        times = grown(times);
      }
      channels[count] = channel;
      times[count] = atMs;
      count++;
      perMs[atMs + 1] = (perMs[atMs + 1] as number) + 1;
    },
    sorted() {
      // A counting sort: it keeps the order of the channels within a ms.
      const next = perMs.slice();
      for (let ms = 1; ms < next.length; ms++) next[ms] = (next[ms] as number) + (next[ms - 1] as number);
      const channel = new Int32Array(count);
      const time = new Float64Array(count);
      for (let k = 0; k < count; k++) {
        const ms = times[k] as number;
        const place = next[ms] as number;
        next[ms] = place + 1;
        channel[place] = channels[k] as number;
        time[place] = ms;
      }
      return { channel, time };
    },
  };
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
