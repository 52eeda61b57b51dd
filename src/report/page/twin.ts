/** The twin section: a held-out trial, ROC curves and the course of training. */
import type UPlot from 'uplot';
import { unpackFloats } from './decode.ts';
import type { Payload, PredictionPayload, TrainingPayload } from './payload.ts';
import { Group, inFrame, marker } from './plots.ts';
import { cssColour } from './theme.ts';
import { formatNumber } from './units.ts';

function setUpTraining(training: TrainingPayload): Group {
  const group = new Group('training');
  const x = training.epoch;
  const points = x.length < 60;
  const common = { x, xLabel: 'epoch', counting: true } as const;
  group.add({
    ...common,
    id: 'loss-plot',
    values: [training.trainLoss, training.validationLoss],
    lines: [
      { label: 'Training', colour: 'trace-a', points },
      { label: 'Validation', colour: 'trace-d', points, dash: [6, 4] },
    ],
    yLabel: 'loss',
    logY: [...training.trainLoss, ...training.validationLoss].every((loss) => loss > 0),
  });
  group.add({
    ...common,
    id: 'score-plot',
    values: [training.auc, training.explainedVariance],
    lines: [
      { label: 'AUC', colour: 'trace-a', points },
      { label: 'Voltage variance explained', colour: 'trace-d', points, dash: [6, 4] },
    ],
    yLabel: 'score',
  });
  group.add({
    ...common,
    id: 'rate-of-learning-plot',
    values: [training.learningRate],
    lines: [{ label: 'Learning rate', colour: 'trace-c', stepped: true }],
    yLabel: 'rate',
    logY: true,
  });
  return group;
}

/** The diagonal on which a coin would lie, in either scale of x. */
function chance(plot: UPlot, low: number): void {
  inFrame(plot, (ctx) => {
    ctx.strokeStyle = cssColour('muted');
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    for (let k = 0; k <= 100; k++) {
      const rate = low > 0 ? low ** (1 - k / 100) : k / 100;
      const [left, top] = [plot.valToPos(rate, 'x', true), plot.valToPos(rate, 'y', true)];
      if (k === 0) ctx.moveTo(left, top);
      else ctx.lineTo(left, top);
    }
    ctx.stroke();
  });
}

async function setUpRoc(roc: NonNullable<Payload['roc']>): Promise<readonly Group[]> {
  const [falsePositive, truePositive] = await Promise.all([roc.falsePositive, roc.truePositive].map(unpackFloats));
  if (!falsePositive || !truePositive) return [];
  const rate = (value: number) => formatNumber(value);
  const common = {
    lines: [{ label: 'True positives', colour: 'trace-a', width: 2, value: rate }],
    xLabel: 'false-positive rate',
    yLabel: 'true-positive rate',
    yRange: [0, 1],
  } as const;
  const linear = new Group('roc');
  linear.add({
    ...common,
    id: 'roc-plot',
    x: falsePositive,
    values: [truePositive],
    before: (plot) => chance(plot, 0),
  });
  const first = falsePositive.findIndex((value) => value > 0);
  if (first < 0) return [linear];
  // On a logarithmic axis the curve starts at the smallest rate that was measured, at a power of ten or below.
  const low = 10 ** Math.max(-6, Math.floor(Math.log10(falsePositive[first] ?? 1e-4)));
  const stretched = new Group('roc-log');
  stretched.add({
    ...common,
    id: 'roc-log-plot',
    x: falsePositive.subarray(first),
    values: [truePositive.subarray(first)],
    logX: true,
    xRange: [low, 1],
    before: (plot) => chance(plot, low),
  });
  return [linear, stretched];
}

/** The simulated cell's spikes: a tick each along the top. */
function drawSpikes(plot: UPlot, spikes: Float32Array): void {
  inFrame(plot, (ctx) => {
    ctx.strokeStyle = cssColour('ink');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    for (const ms of spikes) {
      const left = plot.valToPos(ms, 'x', true);
      ctx.moveTo(left, plot.bbox.top);
      ctx.lineTo(left, plot.bbox.top + 14 * devicePixelRatio);
    }
    ctx.stroke();
  });
}

function drawThreshold(plot: UPlot, threshold: number): void {
  inFrame(plot, (ctx) => {
    const top = plot.valToPos(threshold, 'y', true);
    ctx.strokeStyle = cssColour('muted');
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(plot.bbox.left, top);
    ctx.lineTo(plot.bbox.left + plot.bbox.width, top);
    ctx.stroke();
  });
}

async function setUpPrediction(prediction: PredictionPayload): Promise<Group> {
  const group = new Group('prediction');
  const [soma, predicted, probability, spikes] = await Promise.all(
    [prediction.soma, prediction.predictedSoma, prediction.probability, prediction.spikes].map(unpackFloats),
  );
  if (!soma || !predicted || !probability || !spikes) return group;
  const x = Float64Array.from(probability, (_, ms) => prediction.startMs + ms);
  const highest = probability.reduce((most, value) => Math.max(most, value), 0.01);
  group.add({
    id: 'probability-plot',
    x,
    values: [probability],
    lines: [{ label: 'Predicted probability', colour: 'trace-d', width: 1.25 }],
    xLabel: 'time (ms)',
    yLabel: 'probability',
    yRange: [0, highest * 1.25],
    after: (plot) => {
      drawSpikes(plot, spikes);
      if (prediction.threshold !== null) drawThreshold(plot, prediction.threshold);
    },
  });
  const millivolts = (value: number) => `${value.toFixed(1).replace('-', '−')} mV`;
  group.add({
    id: 'prediction-plot',
    x,
    values: [soma.map((value) => Math.min(value, -55)), predicted],
    lines: [
      { label: 'Simulated', colour: 'trace-b', width: 3, value: millivolts },
      { label: 'Predicted', colour: 'trace-d', width: 1.25, value: millivolts },
    ],
    xLabel: 'time (ms)',
    yLabel: 'mV',
    before: (plot) => {
      for (const ms of spikes) marker(plot, ms, 'grid');
    },
  });
  return group;
}

export async function setUpTwin(payload: Payload): Promise<readonly Group[]> {
  return [
    ...(payload.prediction ? [await setUpPrediction(payload.prediction)] : []),
    ...(payload.roc ? await setUpRoc(payload.roc) : []),
    ...(payload.training ? [setUpTraining(payload.training)] : []),
  ];
}
