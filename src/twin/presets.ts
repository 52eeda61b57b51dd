/**
 * Twins by name. The `fcn-…` and `tcn-…` members are Beniaguev et al. 2021 (Neuron 109:2727; bioRxiv 10.1101/613141) with
 * their schedule; they want thousands of trials and a GPU. `demo` is ours: few enough numbers for a minute of data.
 */
import { UsageError } from '../errors.ts';
import type { Condition, Network, Training, Twin } from '../experiment/schema.ts';

type Layers = Network['layers'];

/** `depth` layers of one width with the given filter lengths (ms); the last length repeats. */
function stack(depth: number, width: number, ...taps: readonly [number, ...number[]]): Layers {
  return Array.from({ length: depth }, (_, k) => ({ taps: taps[k] ?? taps.at(-1) ?? taps[0], width }));
}

/**
 * The published family, depth × width. FCN: one temporal layer, then layers of one tap. TCN: filters in every layer.
 * `tcn-presentation` is the network of the paper's figures (7 × 256, 54 ms then six of 12 ms).
 */
export const PAPER_LAYERS = {
  'fcn-1x128': stack(1, 128, 110),
  'fcn-2x128': stack(2, 128, 45, 1),
  'fcn-3x256': stack(3, 256, 25, 1),
  'tcn-2x8': stack(2, 8, 40),
  'tcn-3x8': stack(3, 8, 20),
  'tcn-3x64': stack(3, 64, 54, 24),
  'tcn-4x128': stack(4, 128, 16),
  'tcn-5x256': stack(5, 256, 10),
  'tcn-6x128': stack(6, 128, 13),
  'tcn-7x128': stack(7, 128, 35),
  'tcn-8x256': stack(8, 256, 33),
  'tcn-presentation': stack(7, 256, 54, 12),
} as const satisfies Record<string, Layers>;

export type PaperNetwork = keyof typeof PAPER_LAYERS;
export type PresetName = PaperNetwork | 'demo';

/** Principal components of the dendritic voltages that a condition's twins predict. */
export function componentsOf(condition: Condition): number {
  return condition === 'NMDA' ? 20 : 30;
}

/** The paper's schedule. The number of batches an epoch is ours: the paper counts in files. */
export const PAPER_TRAINING: Training = {
  epochs: 250,
  stepsPerEpoch: 100,
  batchSize: 8,
  windowMs: 400,
  skipMs: 500,
  l2: 1e-8,
  schedule: [
    { epoch: 0, spike: 1, soma: 0.02, dendrites: 5e-6, learningRate: 1e-4 },
    { epoch: 40, spike: 2, soma: 0.01, dendrites: 3e-6, learningRate: 3e-5 },
    { epoch: 80, spike: 4, soma: 0.01, dendrites: 1e-6, learningRate: 1e-5 },
    { epoch: 120, spike: 8, soma: 0.01, dendrites: 1e-8, learningRate: 3e-6 },
    { epoch: 160, spike: 9, soma: 0.003, dendrites: 1e-9, learningRate: 1e-6 },
  ],
  device: 'auto',
  threads: 2,
};

/**
 * Learns from about 40 s of data on two cores in about half a minute. What makes that possible is how little the first
 * layer has to learn: smooth filters in time, shared by neighbouring segments; and that the voltage, which says something
 * every millisecond, weighs more than the few spikes.
 */
export const DEMO_TWIN: Twin = {
  network: {
    layers: [
      { taps: 100, width: 8 },
      { taps: 10, width: 8 },
    ],
    firstLayer: { bumps: 6, pool: 58 },
    dendriticComponents: 0,
  },
  training: {
    epochs: 10,
    stepsPerEpoch: 50,
    batchSize: 8,
    windowMs: 400,
    skipMs: 500,
    l2: 1e-8,
    schedule: [
      { epoch: 0, spike: 1, soma: 0.2, dendrites: 0, learningRate: 3e-3 },
      { epoch: 5, spike: 2, soma: 0.2, dendrites: 0, learningRate: 1e-3 },
      { epoch: 8, spike: 4, soma: 0.2, dendrites: 0, learningRate: 3e-4 },
    ],
    device: 'auto',
    threads: 2,
  },
  split: { validation: 1, test: 2 },
};

/** Every preset's name. */
export const PRESET_NAMES: readonly PresetName[] = ['demo', ...(Object.keys(PAPER_LAYERS) as PaperNetwork[])];

/** A twin by name. @throws UsageError where there is none of that name */
export function twinPreset(name: string, condition: Condition = 'NMDA'): Twin {
  if (name === 'demo') return DEMO_TWIN;
  if (!Object.hasOwn(PAPER_LAYERS, name)) {
    throw new UsageError(`there is no twin preset ${name}`, { remedy: `Choose one of ${PRESET_NAMES.join(', ')}.` });
  }
  const layers = PAPER_LAYERS[name as PaperNetwork];
  return {
    network: { layers, dendriticComponents: componentsOf(condition) },
    training: PAPER_TRAINING,
    split: { validation: 1, test: 2 },
  };
}

/** Milliseconds of input one answer of a network depends on. */
export function receptiveMs(network: Network): number {
  return network.layers.reduce((sum, layer) => sum + layer.taps - 1, 1);
}
