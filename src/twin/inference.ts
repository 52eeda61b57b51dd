/**
 * A trained twin without Python: the checkpoint's numbers, and the forward pass over a trial's events.
 *
 * The first layer adds one column of weights an event instead of multiplying zeros. Sums are in float64, so answers differ
 * from torch's float32 by rounding only. Before a trial begins there is silence, as in training.
 */
import { InvalidModelFileError, UsageError } from '../errors.ts';
import type { EventTable } from '../stimulus/events.ts';
import { readTensors, type Tensor, type TensorFile } from './safetensors.ts';

interface TwinLayer {
  readonly inputs: number;
  readonly width: number;
  readonly taps: number;
  /** `weight[(input * taps + lag) * width + filter]`, lag 0 the most recent millisecond. */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  /** Batch norm as a straight line: `scale * x + shift`. */
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

interface Head {
  readonly weight: Float64Array;
  readonly bias: number;
}

/** A twin that can predict. */
export interface TwinNetwork {
  /** sha256 of the experiment it was trained for. */
  readonly identity: string;
  /** Input channels, excitatory then inhibitory. */
  readonly channels: number;
  /** Milliseconds of input that one answer depends on. */
  readonly receptiveMs: number;
  readonly layers: readonly TwinLayer[];
  readonly spike: Head;
  readonly soma: Head;
  /** What the soma head's answers are relative to (mV). */
  readonly somaOffset: number;
}

/** One value a millisecond from 0. */
export interface NetworkPrediction {
  /** Probability of an output spike. */
  readonly probability: Float32Array;
  /** Soma voltage, clipped at -55 mV as in training (mV). */
  readonly soma: Float32Array;
}

/**
 * A twin from the bytes of its checkpoint.
 * @param file the checkpoint's path, for errors
 * @throws InvalidModelFileError where the bytes are not a checkpoint of this format
 */
export function readTwin(bytes: Uint8Array, file: string): TwinNetwork {
  const content = readTensors(bytes, file);
  const information = readInformation(content, file);
  const layers = information.layers.map((_, position) => {
    const part = (name: string) => tensor(content, `layers.${position}.${name}`, file);
    return readLayer(part, information.normEpsilon);
  });
  const head = (name: string): Head => ({
    weight: Float64Array.from(tensor(content, `heads.${name}.weight`, file).values),
    bias: tensor(content, `heads.${name}.bias`, file).values[0] ?? 0,
  });
  const { identity, channels, receptiveMs, somaOffset } = information;
  return { identity, channels, receptiveMs, somaOffset, layers, spike: head('spike'), soma: head('soma') };
}

/**
 * What a twin answers to a trial's events. Every event counts as one, whatever its weight, as in training.
 * @param durationMs length of the trial (ms)
 * @throws UsageError where the events are those of another cell
 */
export function predictTrial(twin: TwinNetwork, events: EventTable, durationMs: number): NetworkPrediction {
  if (2 * events.dendrites !== twin.channels) {
    throw new UsageError(`the twin has ${twin.channels} input channels, the events ${2 * events.dendrites}`, {
      remedy: 'Use a twin on the cell it was trained on.',
    });
  }
  const [first, ...deeper] = twin.layers as readonly [TwinLayer, ...TwinLayer[]];
  const early = twin.receptiveMs - first.taps;
  let activity = firstLayer(first, events, early, durationMs);
  for (const layer of deeper) activity = deeperLayer(layer, activity);
  return {
    probability: headValues(twin.spike, activity, (logit) => 1 / (1 + Math.exp(-logit))),
    soma: headValues(twin.soma, activity, (value) => value + twin.somaOffset),
  };
}

/** Activity of the first layer from `early` ms before the trial to its end: `[ms * width + filter]`. */
function firstLayer(layer: TwinLayer, events: EventTable, early: number, durationMs: number): Float64Array {
  const { width, taps, weight } = layer;
  const activity = new Float64Array((early + durationMs) * width);
  for (let ms = 0; ms < early + durationMs; ms++) activity.set(layer.bias, ms * width);
  for (let event = 0; event < events.time.length; event++) {
    const ms = Math.floor(events.time[event] as number);
    if (ms < 0 || ms >= durationMs) continue;
    const column = (events.channel[event] as number) * taps * width;
    // Lags and milliseconds run side by side, so both arrays are walked in order.
    const to = (early + ms) * width;
    const count = Math.min(taps, durationMs - ms) * width;
    for (let k = 0; k < count; k++) activity[to + k] = (activity[to + k] as number) + (weight[column + k] as number);
  }
  return normalise(layer, activity);
}

/** Activity of a further layer: `taps - 1` ms shorter than its input. */
function deeperLayer(layer: TwinLayer, input: Float64Array): Float64Array {
  const { inputs, width, taps, weight } = layer;
  const duration = input.length / inputs - taps + 1;
  const activity = new Float64Array(duration * width);
  for (let ms = 0; ms < duration; ms++) {
    for (let filter = 0; filter < width; filter++) {
      let sum = layer.bias[filter] as number;
      for (let lag = 0; lag < taps; lag++) {
        const row = (ms + taps - 1 - lag) * inputs;
        for (let k = 0; k < inputs; k++) {
          sum += (input[row + k] as number) * (weight[(k * taps + lag) * width + filter] as number);
        }
      }
      activity[ms * width + filter] = sum;
    }
  }
  return normalise(layer, activity);
}

/** ReLU, then batch norm, in place. */
function normalise(layer: TwinLayer, activity: Float64Array): Float64Array {
  for (let k = 0; k < activity.length; k++) {
    const filter = k % layer.width;
    const rectified = Math.max(0, activity[k] as number);
    activity[k] = rectified * (layer.scale[filter] as number) + (layer.shift[filter] as number);
  }
  return activity;
}

function headValues(head: Head, activity: Float64Array, finish: (value: number) => number): Float32Array {
  const width = head.weight.length;
  return Float32Array.from({ length: activity.length / width }, (_, ms) => {
    let sum = head.bias;
    for (let k = 0; k < width; k++) sum += (activity[ms * width + k] as number) * (head.weight[k] as number);
    return finish(sum);
  });
}

function readLayer(part: (name: string) => Tensor, epsilon: number): TwinLayer {
  const { shape, values } = part('weight');
  const [width, inputs, taps] = shape as [number, number, number];
  const weight = new Float64Array(values.length);
  for (let filter = 0; filter < width; filter++) {
    for (let input = 0; input < inputs; input++) {
      for (let lag = 0; lag < taps; lag++) {
        const stored = (filter * inputs + input) * taps + (taps - 1 - lag);
        weight[(input * taps + lag) * width + filter] = values[stored] as number;
      }
    }
  }
  const variance = part('norm.variance').values;
  const mean = part('norm.mean').values;
  const gain = part('norm.scale').values;
  const scale = Float64Array.from(gain, (value, k) => value / Math.sqrt((variance[k] as number) + epsilon));
  const shift = Float64Array.from(
    part('norm.shift').values,
    (value, k) => value - (mean[k] as number) * (scale[k] as number),
  );
  return { inputs, width, taps, weight, bias: Float64Array.from(part('bias').values), scale, shift };
}

interface Information {
  readonly identity: string;
  readonly channels: number;
  readonly receptiveMs: number;
  readonly somaOffset: number;
  readonly normEpsilon: number;
  readonly layers: readonly { readonly taps: number; readonly width: number }[];
}

const FORMAT = 1;

/** The JSON text under the key `twincell`, whose content checkpoint.py writes. */
function readInformation(content: TensorFile, file: string): Information {
  const text = content.metadata.twincell;
  let information: Partial<Information> & { format?: unknown } = {};
  try {
    information = text === undefined ? {} : JSON.parse(text);
  } catch (cause) {
    throw new InvalidModelFileError('the description of the twin is not JSON', { file, cause });
  }
  if (information.format !== FORMAT || !Array.isArray(information.layers) || information.layers.length === 0) {
    const message = `expected a twin's checkpoint of format ${FORMAT}, found format ${information.format}`;
    throw new InvalidModelFileError(message, { file, remedy: 'Train the twin again with this version.' });
  }
  return information as Information;
}

function tensor(content: TensorFile, name: string, file: string): Tensor {
  const found = content.tensors.get(name);
  if (found === undefined) throw new InvalidModelFileError(`expected numbers named ${name}, found none`, { file });
  return found;
}
