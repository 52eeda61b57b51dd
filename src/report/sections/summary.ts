/** The headline and the numbers at the top. */
import type { ReportData, Summary } from '../data.ts';
import { type Html, html } from '../html.ts';
import { formatCount, formatDuration, formatNumber, formatPercent, formatVoltage } from '../page/units.ts';
import { number, tile } from './parts.ts';

/** A cross-check difference (mV) in words. */
export function difference(mv: number): string {
  return mv === 0 ? 'identical to the last bit' : formatVoltage(mv);
}

function tiles(summary: Summary): readonly Html[] {
  const { trials, simulatedSeconds, spikes, firingRateHz, crosscheckMaxAbsDiffMv, auc, somaExplainedVariance } =
    summary;
  const list: Html[] = [];
  if (trials !== undefined) {
    const seconds = simulatedSeconds === undefined ? null : number(simulatedSeconds, formatNumber(simulatedSeconds, 4));
    list.push(tile('Trials', number(trials, formatCount(trials)), seconds && html`${seconds} s of the cell's life`));
  }
  if (spikes !== undefined) {
    const rate = firingRateHz === undefined ? null : number(firingRateHz, formatNumber(firingRateHz));
    list.push(tile('Output spikes', number(spikes, formatCount(spikes)), rate && html`${rate} per second`));
  }
  if (crosscheckMaxAbsDiffMv !== undefined) {
    const exact = crosscheckMaxAbsDiffMv === 0;
    const value = number(crosscheckMaxAbsDiffMv, exact ? 'identical' : formatVoltage(crosscheckMaxAbsDiffMv, 2));
    list.push(
      tile('Two solvers differ by', value, exact ? 'to the last bit, everywhere' : 'at most, anywhere in the cell'),
    );
  }
  if (auc !== undefined) {
    const value = auc === null ? '–' : number(auc, auc.toFixed(3));
    list.push(tile('Twin, spikes', value, 'ROC AUC on held-out trials; 0.5 is chance'));
  }
  if (somaExplainedVariance !== undefined) {
    const value = number(somaExplainedVariance, formatPercent(somaExplainedVariance));
    list.push(tile('Twin, voltage', value, 'of the soma voltage explained'));
  }
  return list;
}

function wallTimes(summary: Summary): Html | null {
  const times = summary.wallTimes ?? [];
  if (times.length === 0) return null;
  const items = times.map(
    ({ step, seconds }) => html`<li>${step} <b>${number(seconds, formatDuration(seconds))}</b></li>
  `,
  );
  return html`<p class="unseen" id="wall-times">Wall time of each step</p>
<ul class="times" aria-labelledby="wall-times">${items}</ul>`;
}

const COUNTS = ['', 'two ways', 'three ways'];

/** For somebody who has never heard of any of it: what was done here. */
function introduction(data: ReportData): string {
  const others = [
    ...(data.simulatedBy?.engine === 'solver' ? neuronBesides(data) : []),
    ...(data.crosscheck && data.simulatedBy?.engine !== 'solver'
      ? ['by an independent solver that must agree with it']
      : []),
    ...(data.twin ? ['by a neural network that learned to predict it'] : []),
  ];
  const list = others.length > 1 ? `, ${others.join(', and ')}` : others.map((other) => ` and ${other}`).join('');
  const how = others.length === 0 ? 'simulated' : `computed ${COUNTS[others.length]}:`;
  return (
    `One nerve cell, ${how}${simulator(data)}${list}. The cell receives a shower of input on all its branches; ` +
    'the question is when it answers with a spike.'
  );
}

/** Who made the trials; a cross-check is one of NEURON. */
function simulator({ simulatedBy, crosscheck, twin }: ReportData): string {
  if (simulatedBy?.engine === 'solver') {
    return ` by twincell’s own solver${simulatedBy.mode === undefined ? '' : ` in mode ${simulatedBy.mode}`}`;
  }
  if (simulatedBy === undefined && !crosscheck) return twin ? ' by simulation' : '';
  return crosscheck || twin ? ' by the NEURON simulator' : ' by NEURON';
}

/** What of the solver's trials NEURON has computed too. */
function neuronBesides({ crosscheck, neuronShare }: ReportData): string[] {
  if (crosscheck) return ['by the NEURON simulator, which must agree with it'];
  return neuronShare ? ['by the NEURON simulator, a share of the trials, which must agree with it'] : [];
}

export function masthead(data: ReportData): Html {
  const title = data.title ?? data.identity.experiment;
  return html`
<div class="masthead">
  <p class="eyebrow">twincell report</p>
  <h1>${title}</h1>
  <p class="intro">${introduction(data)}</p>
  ${data.description && html`<p class="intro">${data.description}</p>`}
  ${
    data.summary &&
    html`<section aria-label="Summary" id="summary"><dl class="tiles">${tiles(data.summary)}</dl>
  ${wallTimes(data.summary)}</section>`
  }
</div>`;
}
