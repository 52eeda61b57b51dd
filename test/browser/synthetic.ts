/**
 * A report about a cell that does not exist: a random tree with the outline of a pyramidal cell, and voltages that travel
 * along it. For tests and for looking at the page; nothing in it is a result.
 */

import type { SectionType } from '../../src/model/snapshot.ts';
import type {
  CellView,
  CrosscheckView,
  InputRaster,
  ReportData,
  TwinView,
  VoltageMovie,
} from '../../src/report/index.ts';

/** A small generator of numbers in [0, 1), the same for the same seed (Lehmer's, modulus 2^31 - 1). */
export function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

interface Growing {
  readonly names: string[];
  readonly section: number[];
  readonly type: SectionType[];
  readonly segment: number[];
  readonly parent: number[];
  readonly diameter: number[];
  readonly distance: number[];
  readonly x: number[];
  readonly y: number[];
}

interface Branch {
  readonly from: number;
  readonly type: SectionType;
  readonly angle: number;
  readonly segments: number;
  readonly diameter: number;
}

/** One section: its compartments and the node at its end; gives back that end. */
function grow(cell: Growing, branch: Branch, random: () => number): number {
  const { type, segments, diameter } = branch;
  const index = cell.names.push(`${type}[${cell.names.filter((name) => name.startsWith(type)).length}]`) - 1;
  let { angle, from } = branch;
  for (let k = 0; k <= segments; k++) {
    const length = k === 0 || k === segments ? 9 : 18;
    angle += (random() - 0.5) * 0.22;
    cell.section.push(index);
    cell.type.push(type);
    cell.segment.push(k === segments ? -1 : k);
    cell.parent.push(from);
    cell.diameter.push(diameter * (1 - (0.3 * k) / segments));
    cell.distance.push((cell.distance[from] ?? 0) + length);
    cell.x.push((cell.x[from] ?? 0) + length * Math.sin(angle));
    from = cell.y.push((cell.y[from] ?? 0) + length * Math.cos(angle)) - 1;
  }
  return from;
}

function growTree(cell: Growing, branch: Branch, depth: number, random: () => number): void {
  const from = grow(cell, branch, random);
  if (depth === 0) return;
  const spread = 0.35 + random() * 0.3;
  for (const side of [-1, 1]) {
    const segments = Math.round(branch.segments * (0.7 + random() * 0.8));
    growTree(
      cell,
      { ...branch, from, segments, angle: branch.angle + side * spread, diameter: branch.diameter * 0.75 },
      depth - 1,
      random,
    );
  }
}

/** A tree with soma, axon, basal and apical branches: the outline of a layer-5 pyramidal cell. */
export function syntheticCell(seed: number, name = 'synthetic pyramid'): CellView {
  const random = generator(seed);
  const cell: Growing = {
    names: ['soma[0]'],
    section: [0, 0, 0],
    type: ['soma', 'soma', 'soma'],
    segment: [-1, 0, -1],
    parent: [-1, 0, 1],
    diameter: [18, 18, 18],
    distance: [0, 0, 10],
    x: [0, 0, 0],
    y: [-10, 0, 10],
  };
  for (let k = 0; k < 7; k++) {
    const angle = Math.PI * (0.55 + (0.9 * k) / 6);
    growTree(cell, { from: 1, type: 'basal', angle, segments: 3, diameter: 1.8 }, 2, random);
  }
  let trunk = 1;
  for (let k = 0; k < 8; k++) {
    trunk = grow(cell, { from: trunk, type: 'apical', angle: 0.05, segments: 4, diameter: 4.5 - 0.25 * k }, random);
    const side = k % 2 === 0 ? 1 : -1;
    if (k < 6)
      growTree(cell, { from: trunk, type: 'apical', angle: side * 0.95, segments: 4, diameter: 1.2 }, 1, random);
  }
  const nexusNode = trunk - 1;
  growTree(cell, { from: trunk, type: 'apical', angle: -0.5, segments: 4, diameter: 2 }, 3, random);
  growTree(cell, { from: trunk, type: 'apical', angle: 0.55, segments: 4, diameter: 2 }, 3, random);
  const axon = grow(cell, { from: 1, type: 'axon', angle: Math.PI, segments: 1, diameter: 1 }, random);
  grow(cell, { from: axon, type: 'axon', angle: Math.PI, segments: 1, diameter: 1 }, random);
  return {
    name,
    sectionNames: cell.names,
    section: Int32Array.from(cell.section),
    sectionType: cell.type,
    segment: Int32Array.from(cell.segment),
    parent: Int32Array.from(cell.parent),
    diameter: Float64Array.from(cell.diameter),
    pathDistance: Float64Array.from(cell.distance),
    position: { x: Float64Array.from(cell.x), y: Float64Array.from(cell.y), z: new Float64Array(cell.x.length) },
    somaNode: 1,
    nexusNode,
  };
}

/** Times of made-up spikes, about three a second (ms). */
export function syntheticSpikes(durationMs: number, seed: number): number[] {
  const random = generator(seed + 17);
  const times: number[] = [];
  for (let ms = 120 + random() * 200; ms < durationMs - 20; ms += 60 + random() * 520) times.push(ms);
  return times;
}

/** Slow waves, noise and spikes that travel out from the soma. */
export function syntheticMovie(cell: CellView, samples: number, seed: number): VoltageMovie {
  const random = generator(seed + 5);
  const rows = Array.from({ length: cell.parent.length }, (_, row) => row).filter(
    (row) => (cell.segment[row] ?? -1) >= 0,
  );
  const spikes = syntheticSpikes(samples, seed);
  const values = new Float32Array(rows.length * samples);
  const waves = Array.from({ length: 6 }, () => [random() * 6, 40 + random() * 260, 100 + random() * 500] as const);
  rows.forEach((row, compartment) => {
    const distance = cell.pathDistance?.[row] ?? 0;
    let noise = 0;
    for (let k = 0; k < samples; k++) {
      noise = 0.9 * noise + (random() - 0.5) * 1.1;
      let v = -71 + noise + distance / 90;
      for (const [phase, period, wavelength] of waves) v += 2.2 * Math.sin(phase + k / period + distance / wavelength);
      for (const spike of spikes) {
        const since = k - spike - distance / 250;
        if (since > -2 && since < 25) {
          v += (95 * Math.exp(-distance / 350) + 14) * (since < 0 ? Math.exp(since * 1.5) : Math.exp(-since / 1.4));
        }
      }
      values[compartment * samples + k] = v;
    }
  });
  return { trial: 8, compartments: rows.length, samples, startMs: 0, stepMs: 1, values };
}

export function syntheticInput(cell: CellView, durationMs: number, seed: number): InputRaster {
  const random = generator(seed + 9);
  const tree = cell.sectionType.filter(
    (type, row) => (cell.segment[row] ?? -1) >= 0 && (type === 'basal' || type === 'apical'),
  );
  const dendrites = tree.length;
  const events: { readonly channel: number; readonly time: number }[] = [];
  let rate = [0, 0];
  for (let ms = 0; ms < durationMs; ms++) {
    if (ms % 55 === 0) rate = [random() * 9, random() * 9];
    for (const inhibitory of [0, 1]) {
      const count = Math.floor((rate[inhibitory] ?? 0) + random());
      for (let k = 0; k < count; k++) {
        events.push({ channel: inhibitory * dendrites + Math.floor(random() * dendrites), time: ms });
      }
    }
  }
  return {
    trial: 8,
    durationMs,
    tree,
    events: {
      dendrites,
      channel: Int32Array.from(events, ({ channel }) => channel),
      time: Float64Array.from(events, ({ time }) => time),
    },
  };
}

/** Two traces that differ by rounding only, or not at all. */
export function syntheticCrosscheck(movie: VoltageMovie, differenceMv: number, seed: number): CrosscheckView {
  const random = generator(seed + 3);
  const neuron = Float64Array.from({ length: movie.samples * 4 }, (_, k) => {
    const at = movie.values[Math.floor(k / 4)] ?? 0;
    const next = movie.values[Math.min(movie.samples - 1, Math.floor(k / 4) + 1)] ?? at;
    return at + ((next - at) * (k % 4)) / 4;
  });
  const solver = neuron.map((value) => value + differenceMv * (random() - 0.5) * 2);
  return {
    trial: 0,
    status: 'agrees',
    passive: true,
    timeMs: neuron.map((_, k) => k / 4),
    neuron,
    solver,
    maxAbsDiffMv: differenceMv,
    rmsDiffMv: differenceMv / 3,
    toleranceMv: 1e-9,
    sites: movie.compartments,
    samples: 80001,
    events: 31907,
    spikes: 0,
    voltageRangeMv: 43.1,
    maxAbsDiffPerSite: Float64Array.from({ length: movie.compartments }, () => differenceMv * random()),
  };
}

export function syntheticTwin(movie: VoltageMovie, seed: number): TwinView {
  const random = generator(seed + 4);
  const soma = movie.values.slice(0, movie.samples);
  const spikeTimes = syntheticSpikes(movie.samples, seed);
  const probability = soma.map(
    (_, k) => 0.02 * random() + spikeTimes.reduce((p, ms) => p + 0.5 * Math.exp(-(((k - ms) / 4) ** 2)), 0),
  );
  const falsePositiveRate = Float64Array.from({ length: 2001 }, (_, k) => (k / 2000) ** 3);
  return {
    training: Array.from({ length: 12 }, (_, epoch) => ({
      epoch,
      epochs: 12,
      learningRate: epoch < 8 ? 1e-3 : 3e-4,
      trainLoss: 0.9 * Math.exp(-epoch / 4) + 0.12,
      trainSpikeLoss: 0.05,
      trainSomaLoss: 3,
      validationLoss: 0.9 * Math.exp(-epoch / 4.4) + 0.17 + random() * 0.02,
      validationAuc: 0.93 - 0.4 * Math.exp(-epoch / 3),
      validationSomaExplainedVariance: 0.72 - 0.7 * Math.exp(-epoch / 3),
      device: 'cpu',
      parameters: 402134,
      done: epoch === 11,
    })),
    roc: { falsePositiveRate, truePositiveRate: falsePositiveRate.map((rate) => rate ** 0.11), auc: 0.9031 },
    prediction: {
      trial: 9,
      startMs: 500,
      soma,
      predictedSoma: soma.map((v) => Math.min(v, -55) + (random() - 0.5) * 3),
      spikeProbability: probability,
      spikeTimes: spikeTimes.map((ms) => ms + 500),
      threshold: { probability: 0.21, falsePositiveRate: 0.0025 },
    },
    metrics: {
      trials: 2,
      spikes: 37,
      auc: 0.9031,
      truePositiveRateAt025Percent: 0.412,
      truePositiveRateAt1Percent: 0.581,
      soma: { explainedVariance: 0.713, rmseMv: 2.31, maeMv: 1.62 },
      somaRescaled: { explainedVariance: 0.746, rmseMv: 2.17, maeMv: 1.55 },
    },
  };
}

/** 64 hexadecimal digits. */
function hash(seed: number): string {
  const random = generator(seed);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');
}

export interface SyntheticOptions {
  readonly seed?: number;
  readonly samples?: number;
  readonly differenceMv?: number;
}

/** A report with every part. */
export function syntheticReport({
  seed = 1,
  samples = 600,
  differenceMv = 3.2e-12,
}: SyntheticOptions = {}): ReportData {
  const cell = syntheticCell(seed);
  const movie = syntheticMovie(cell, samples, seed);
  return {
    title: 'A synthetic pyramid, for testing the page',
    identity: {
      experiment: 'synthetic',
      seed,
      hashes: ['experiment', 'model files', 'mechanisms', 'locks', 'code'].map((name, k) => ({
        name,
        sha256: hash(k),
      })),
      versions: [
        { name: 'twincell', version: '0.1.0' },
        { name: 'NEURON', version: '9.0.2' },
        { name: 'Node', version: 'v24.1.0' },
      ],
      licences: [
        {
          what: 'Morphology and mechanisms',
          licence: 'CC-BY-NC-SA 4.0 (non-commercial)',
          source: 'a source distribution',
          url: 'https://example.org/',
        },
      ],
    },
    summary: {
      trials: 10,
      simulatedSeconds: 60,
      spikes: 187,
      firingRateHz: 3.12,
      crosscheckMaxAbsDiffMv: differenceMv,
      auc: 0.9031,
      somaExplainedVariance: 0.713,
      wallTimes: [
        { step: 'Simulate', seconds: 214 },
        { step: 'Cross-check', seconds: 31.4 },
        { step: 'Train', seconds: 122 },
      ],
    },
    cell,
    movie,
    input: syntheticInput(cell, samples, seed),
    crosscheck: syntheticCrosscheck(movie, differenceMv, seed),
    twin: syntheticTwin(movie, seed),
  };
}
