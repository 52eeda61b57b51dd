/** The solver's trials that NEURON ran again: what the data set rests on. */
import type { NeuronShareView, ReportData } from '../data.ts';
import { type Html, html } from '../html.ts';
import { formatCount, formatPercent, formatVoltage } from '../page/units.ts';
import { maybe, number, type Section, table } from './parts.ts';
import { difference } from './summary.ts';

type Check = NeuronShareView['checks'][number];

function agrees(check: Check, toleranceMv: number): boolean {
  const { reproduced, spikesEqual, spikeStepsEqual, maxAbsDiffMv } = check;
  return reproduced && spikesEqual && spikeStepsEqual && maxAbsDiffMv !== null && maxAbsDiffMv <= toleranceMv;
}

function verdict({ checks, toleranceMv }: NeuronShareView): Html {
  const good = checks.filter((check) => agrees(check, toleranceMv)).length;
  const bound = html`within ${number(toleranceMv, formatVoltage(toleranceMv))} at every place and every time step, with the spikes at the same steps`;
  if (checks.length === 0) {
    return html`<p class="verdict bad"><span class="verdict-mark" aria-hidden="true">!</span><span>NEURON has run none of them again yet; the same command does so.</span></p>`;
  }
  if (good === checks.length) {
    return html`<p class="verdict good"><span class="verdict-mark" aria-hidden="true">✓</span><span>NEURON gives the same: ${bound}.</span></p>`;
  }
  const bad = checks.length - good;
  return html`<p class="verdict bad"><span class="verdict-mark" aria-hidden="true">!</span><span>NEURON gives something else in <b>${number(bad, formatCount(bad))}</b> of ${number(checks.length, formatCount(checks.length))} trials: they are not ${bound}.</span></p>`;
}

function row(check: Check): { label: Html; cells: Html[] } {
  const { trial, maxAbsDiffMv, spikes, spikesEqual, spikeStepsEqual, reproduced } = check;
  const yes = (value: boolean) => html`${value ? 'yes' : 'no'}`;
  return {
    label: number(trial, formatCount(trial)),
    cells: [
      maybe(maxAbsDiffMv, difference),
      number(spikes, formatCount(spikes)),
      yes(spikesEqual && spikeStepsEqual),
      yes(reproduced),
    ],
  };
}

export function neuronShareSection({ neuronShare: view }: ReportData): Section | null {
  if (view === undefined) return null;
  const { share, trials, checks } = view;
  return {
    id: 'neuron-share',
    label: 'Run again',
    title: 'Run again on NEURON',
    lead: html`The trials were computed by twincell's own solver. A share of them (${number(share, formatPercent(share))} was asked for),
  drawn by the experiment's seed, was run again by NEURON:
  ${number(checks.length, formatCount(checks.length))} of ${number(trials, formatCount(trials))}.`,
    body: html`
${verdict(view)}
${
  checks.length > 0 &&
  table(
    'Trials that NEURON ran again',
    ['Trial', 'Largest difference', 'Spikes', 'At the same steps', 'Same bytes again'],
    checks.map(row),
  )
}`,
  };
}
