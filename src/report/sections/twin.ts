/** The network that learned to predict the cell. */
import type { ReportData, SomaScore, TwinMetrics, TwinView } from '../data.ts';
import { type Html, html } from '../html.ts';
import { formatCount, formatNumber, formatPercent } from '../page/units.ts';
import { maybe, plot, type Section, table, zoomBar } from './parts.ts';

function training(view: TwinView): Html | null {
  const last = view.training?.at(-1);
  const first = view.training?.[0];
  if (last === undefined || first === undefined) return null;
  const auc = last.validationAuc === null ? '' : `; validation AUC ${last.validationAuc.toFixed(3)}`;
  const text = `From epoch ${first.epoch + 1} to ${last.epoch + 1}: training loss ${formatNumber(first.trainLoss)} to ${formatNumber(
    last.trainLoss,
  )}, validation loss ${formatNumber(first.validationLoss)} to ${formatNumber(last.validationLoss)}${auc}.`;
  return html`
<h3>How it learned</h3>
<p>${formatCount(last.parameters)} numbers were adjusted on ${last.device} over ${last.epochs} passes; validation trials are never
trained on. ${text}</p>
<div class="pair">
${plot('loss-plot', 'Loss (logarithmic)', text)}
${plot('score-plot', 'Validation scores', text)}
</div>
${plot('rate-of-learning-plot', 'Learning rate (logarithmic)', `Learning rate from ${first.learningRate} to ${last.learningRate}.`, 'small')}`;
}

function roc(view: TwinView): Html | null {
  if (view.roc === undefined) return null;
  const auc = view.roc.auc;
  const text = `Area under the curve ${auc.toFixed(4)}.`;
  return html`
<h3>How well it tells spikes apart</h3>
<p>Each point is one threshold on the predicted probability: how many spikes are caught, against how many quiet milliseconds
are taken for spikes. Chance is the dashed diagonal; the area under the curve is <b><data value="${auc}" id="roc-auc">${auc.toFixed(4)}</data></b>.
Spikes are rare, so the left end, stretched on the right, is what matters in use.</p>
<div class="pair">
${plot('roc-plot', 'ROC curve', text)}
${plot('roc-log-plot', 'The same, low false-positive rates', text)}
</div>`;
}

function prediction(view: TwinView): Html | null {
  const shown = view.prediction;
  if (shown === undefined) return null;
  const { threshold } = shown;
  const count = shown.spikeTimes.length;
  const text = `Trial ${shown.trial}: ${count} spikes of the simulated cell.`;
  return html`
<h3>A trial it never saw</h3>
<p>Trial ${shown.trial} was held out: the simulated cell's ${formatCount(count)} spikes and its voltage, and what the twin says
from the input alone${
    threshold &&
    html` (the dotted line is the threshold ${formatNumber(threshold.probability)}, at which
${formatPercent(threshold.falsePositiveRate, 2)} of quiet milliseconds are taken for spikes)`
  }.</p>
${zoomBar('prediction', 'Zoom the held-out trial')}
${plot('probability-plot', 'Predicted probability of a spike in each millisecond; the ticks on top are the simulated spikes', text)}
${plot('prediction-plot', 'Soma voltage, clipped at −55 mV as in training', text)}`;
}

function metrics(scores: TwinMetrics): Html {
  const { soma, somaRescaled } = scores;
  const pair = (label: string, pick: (score: SomaScore) => number, format: (value: number) => string) => ({
    label,
    cells: [maybe(pick(soma), format), maybe(somaRescaled && pick(somaRescaled), format)],
  });
  const millivolt = (value: number) => `${formatNumber(value)} mV`;
  const once = (label: string, value: number | null, format: (value: number) => string) => ({
    label,
    cells: [maybe(value, format), ''],
  });
  return html`
<h3>Scores on held-out trials</h3>
<p>${formatCount(scores.trials)} trials with ${formatCount(scores.spikes)} spikes. The original study rescales the predicted
voltage to the target's mean and deviation before scoring, which uses the answer; both are given.</p>
${table(
  'Scores on held-out trials',
  ['Score', 'As predicted', 'Rescaled'],
  [
    once('Spikes: ROC AUC', scores.auc, (value) => value.toFixed(4)),
    once('Spikes caught at 0.25 % false positives', scores.truePositiveRateAt025Percent, formatPercent),
    once('Spikes caught at 1 % false positives', scores.truePositiveRateAt1Percent, formatPercent),
    pair('Soma voltage: variance explained', (score) => score.explainedVariance, formatPercent),
    pair('Soma voltage: root mean square error', (score) => score.rmseMv, millivolt),
    pair('Soma voltage: mean absolute error', (score) => score.maeMv, millivolt),
  ],
)}`;
}

export function twinSection(data: ReportData): Section | null {
  const view = data.twin;
  if (view === undefined) return null;
  return {
    id: 'twin',
    label: 'Twin',
    title: 'A network that predicts the cell',
    lead: html`The deep twin is a network of causal convolutions: it sees only the input spikes, and learns from NEURON's trials
  to say when the cell will spike and what its voltage will be.`,
    body: [prediction(view), view.metrics && metrics(view.metrics), roc(view), training(view)],
  };
}
