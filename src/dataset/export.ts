/** Exporting a data set to NumPy: X (trials × channels × ms), spikes (trials × ms), soma (trials × ms, mV). */
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { Zip, ZipDeflate } from 'fflate';
import { spikeBins } from '../engine/spikes.ts';
import { InterruptedError, UsageError } from '../errors.ts';
import { asWriteError } from '../files.ts';
import type { Dataset } from './reader.ts';
import type { TrialRecord } from './shard.ts';

interface NpyArray {
  readonly name: string;
  /** NumPy's type code: `|b1` bool, `<f4` float32. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly trialBytes: (record: TrialRecord) => Uint8Array;
}

export interface ExportOptions {
  readonly onTrial?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What a zip archive without its 64-bit extension holds of one file (bytes), and of all. */
const LARGEST = 2 ** 32 - 1;

/**
 * Writes a compressed `.npz`, one trial in memory at a time.
 *
 * - X: bool, trials × channels × ms; true where an event reaches the channel in that ms.
 * - spikes: bool, trials × ms; bin = floor(spike time - 0.5 ms), as the paper scores them.
 * - soma: float32, trials × ms, mV.
 * @throws UsageError where the data are too many for one archive, or the file cannot be written; InterruptedError
 */
export async function exportNpz(
  dataset: Dataset,
  file: string,
  { onTrial, signal }: ExportOptions = {},
): Promise<void> {
  const { shards, trialMs, dendrites } = dataset.manifest;
  const trials = shards.map((shard) => shard.trial);
  const arrays: NpyArray[] = [
    {
      name: 'X',
      dtype: '|b1',
      shape: [trials.length, 2 * dendrites, trialMs],
      trialBytes: (r) => inputBits(r, trialMs),
    },
    { name: 'spikes', dtype: '|b1', shape: [trials.length, trialMs], trialBytes: (r) => spikeBins(r.spikes, trialMs) },
    {
      name: 'soma',
      dtype: '<f4',
      shape: [trials.length, trialMs],
      trialBytes: (r) => new Uint8Array(r.soma.buffer, r.soma.byteOffset, r.soma.byteLength),
    },
  ];
  refuseTooLarge(arrays, file);
  const temporary = `${file}.part`;
  const out = createWriteStream(temporary);
  let failure: unknown;
  out.on('error', (error) => {
    failure = error;
  });
  const zip = new Zip((error, chunk) => {
    if (error !== null) failure = error;
    else out.write(chunk);
  });
  try {
    let done = 0;
    for (const array of arrays) {
      const entry = new ZipDeflate(`${array.name}.npy`, { level: 6 });
      // Fixed, so that the same data gives the same file.
      entry.mtime = new Date(1980, 0, 1);
      zip.add(entry);
      entry.push(npyHeader(array));
      for (const trial of trials) {
        if (signal?.aborted) throw new InterruptedError('the export was stopped', { cause: signal.reason });
        entry.push(array.trialBytes(await dataset.readTrial(trial)));
        done += 1;
        onTrial?.(done, arrays.length * trials.length);
        if (out.writableNeedDrain) await drained(out);
        if (failure !== undefined) throw failure;
      }
      entry.push(new Uint8Array(0), true);
    }
    zip.end();
    out.end();
    await finished(out);
    if (failure !== undefined) throw failure;
    await rename(temporary, file);
  } catch (cause) {
    // A file that is still being opened would come to be after it was removed.
    await finished(out.destroy()).catch(() => undefined);
    await rm(temporary, { force: true });
    throw asWriteError(cause, file);
  }
}

/** When the stream takes more, or has failed; it leaves no listener behind, of which a long export would gather many. */
function drained(out: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done).off('error', done);
      resolve();
    };
    out.on('drain', done).on('error', done);
  });
}

/** Arrays are written as they are in memory before they are packed: their sizes are known beforehand. */
function refuseTooLarge(arrays: readonly NpyArray[], file: string): void {
  for (const { name, dtype, shape } of arrays) {
    const bytes = shape.reduce((product, size) => product * size, Number(dtype.at(-1)));
    if (bytes > LARGEST - 1024) {
      throw new UsageError(
        `${file}: ${name} takes ${(bytes / 1e9).toFixed(1)} GB, and an .npz file ends at 4.2 GB an array`,
        {
          remedy: 'Read the shards themselves, a trial each (docs/datasets.md), or export a data set of fewer trials.',
        },
      );
    }
  }
}

/** Version 1.0 of NumPy's format: magic, length, a Python literal padded to 64 bytes. */
function npyHeader({ dtype, shape }: NpyArray): Uint8Array {
  const literal = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = literal.padEnd(Math.ceil((10 + literal.length + 1) / 64) * 64 - 11, ' ');
  const bytes = new Uint8Array(10 + padded.length + 1);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (padded.length + 1) & 255, (padded.length + 1) >> 8]);
  bytes.set(new TextEncoder().encode(`${padded}\n`), 10);
  return bytes;
}

function inputBits({ events }: TrialRecord, trialMs: number): Uint8Array {
  const bits = new Uint8Array(2 * events.dendrites * trialMs);
  events.channel.forEach((channel, k) => {
    const ms = Math.floor(events.time[k] as number);
    if (ms < trialMs) bits[channel * trialMs + ms] = 1;
  });
  return bits;
}
