/** The arrays of a report as they travel inside the page. */
import type { CellView, CrosscheckView, InputRaster, Prediction, ReportData } from './data.ts';
import { packAxis, packFloats, packIntegers, packMovie } from './pack.ts';
import type {
  CellPayload,
  CrosscheckPayload,
  InputPayload,
  Payload,
  PredictionPayload,
  TrainingPayload,
} from './page/payload.ts';
import { REGIONS } from './page/regions.ts';

/** The cell to draw. */
export function cellPayload(cell: CellView): CellPayload {
  return {
    sectionNames: cell.sectionNames,
    section: packIntegers(cell.section),
    region: packIntegers(cell.sectionType.map((type) => REGIONS.indexOf(type))),
    segment: packIntegers(cell.segment),
    parent: packIntegers(cell.parent),
    diameter: packFloats(cell.diameter),
    distance: cell.pathDistance === undefined ? null : packFloats(cell.pathDistance),
    x: packFloats(cell.position.x),
    y: packFloats(cell.position.y),
    somaNode: cell.somaNode,
    nexusNode: cell.nexusNode ?? -1,
  };
}

function inputPayload(input: InputRaster): InputPayload {
  return {
    durationMs: input.durationMs,
    dendrites: input.events.dendrites,
    tree: packIntegers(input.tree.map((type) => REGIONS.indexOf(type))),
    channel: packIntegers(input.events.channel),
    time: packFloats(input.events.time),
  };
}

function crosscheckPayload(view: CrosscheckView): CrosscheckPayload {
  const difference = view.solver.map((value, k) => value - (view.neuron[k] ?? Number.NaN));
  return {
    time: packAxis(view.timeMs),
    neuron: packFloats(view.neuron),
    solver: packFloats(view.solver),
    maxAbsDiffMv: view.maxAbsDiffMv,
    difference: difference.some((value) => value !== 0) ? packFloats(difference) : null,
    perSite: view.maxAbsDiffPerSite === undefined ? null : packFloats(view.maxAbsDiffPerSite),
  };
}

function trainingPayload(reports: NonNullable<ReportData['twin']>['training']): TrainingPayload | null {
  if (reports === undefined || reports.length === 0) return null;
  return {
    epoch: reports.map((report) => report.epoch + 1),
    trainLoss: reports.map((report) => report.trainLoss),
    validationLoss: reports.map((report) => report.validationLoss),
    auc: reports.map((report) => report.validationAuc),
    explainedVariance: reports.map((report) => report.validationSomaExplainedVariance),
    learningRate: reports.map((report) => report.learningRate),
  };
}

function predictionPayload(prediction: Prediction): PredictionPayload {
  return {
    startMs: prediction.startMs,
    soma: packFloats(prediction.soma),
    predictedSoma: packFloats(prediction.predictedSoma),
    probability: packFloats(prediction.spikeProbability),
    spikes: packFloats(prediction.spikeTimes),
    threshold: prediction.threshold?.probability ?? null,
  };
}

export function payloadOf(data: ReportData): Payload {
  const { cell, movie, input, crosscheck, twin } = data;
  return {
    cell: cell ? cellPayload(cell) : null,
    movie: cell && movie ? packMovie(movie) : null,
    input: input ? inputPayload(input) : null,
    crosscheck: crosscheck ? crosscheckPayload(crosscheck) : null,
    training: trainingPayload(twin?.training),
    roc: twin?.roc
      ? { falsePositive: packFloats(twin.roc.falsePositiveRate), truePositive: packFloats(twin.roc.truePositiveRate) }
      : null,
    prediction: twin?.prediction ? predictionPayload(twin.prediction) : null,
  };
}
