/** Two engines, one voltage. */
import type { CrosscheckView, ReportData } from '../data.ts';
import { type Html, html } from '../html.ts';
import { formatCount, formatNumber, formatVoltage, voltageUnit } from '../page/units.ts';
import { facts, number, plot, type Section, zoomBar } from './parts.ts';
import { difference } from './summary.ts';

function verdict(view: CrosscheckView): Html {
  const { maxAbsDiffMv, samples, sites, toleranceMv } = view;
  const where = html`at ${number(sites, formatCount(sites))} places and ${number(samples, formatCount(samples))} samples of each`;
  const against =
    toleranceMv === undefined ? null : html` The tolerance is ${number(toleranceMv, formatVoltage(toleranceMv))}.`;
  if (view.status === 'agrees') {
    const how =
      maxAbsDiffMv === 0
        ? html`<b>${number(0, 'identical to the last bit')}</b>`
        : html`never further apart than <b>${number(maxAbsDiffMv, formatVoltage(maxAbsDiffMv))}</b>`;
    return html`<p class="verdict good"><span class="verdict-mark" aria-hidden="true">✓</span><span>The engines agree: compared ${where}, they are ${how}.${against}</span></p>`;
  }
  const words = {
    differs: html`The engines differ: by up to <b>${number(maxAbsDiffMv, difference(maxAbsDiffMv))}</b>, compared ${where}.`,
    inert: html`Nothing was tested: there was no input, or the voltage hardly moved, so that agreement would mean little.`,
    refused: html`The comparison was refused: an engine will not run this cell.`,
  }[view.status];
  return html`<p class="verdict bad"><span class="verdict-mark" aria-hidden="true">!</span><span>${words}${against}</span></p>`;
}

function numbers(view: CrosscheckView): Html {
  const { maxAbsDiffMv, rmsDiffMv, sites, samples, events, spikes, voltageRangeMv } = view;
  const row = (term: string, value: number | undefined, format: (value: number) => string) =>
    value === undefined ? [] : [{ term, value: number(value, format(value)) }];
  return facts([
    ...row('Largest difference', maxAbsDiffMv, difference),
    ...row('Root mean square', rmsDiffMv, formatVoltage),
    ...row('Places compared', sites, formatCount),
    ...row('Samples at each', samples, formatCount),
    ...row('Input events', events, formatCount),
    ...row('Output spikes', spikes, formatCount),
    ...row('Voltage range', voltageRangeMv, (mv) => `${formatNumber(mv)} mV`),
  ]);
}

export function crosscheckSection(data: ReportData): Section | null {
  const view = data.crosscheck;
  if (view === undefined) return null;
  const largest = difference(view.maxAbsDiffMv);
  const somaMv = view.solver.reduce((most, mv, k) => Math.max(most, Math.abs(mv - (view.neuron[k] ?? Number.NaN))), 0);
  const atSoma = somaMv === 0 ? difference(0) : `at most ${difference(somaMv)}`;
  const perSite = view.maxAbsDiffPerSite;
  const sitesDiffer = perSite?.some((value) => value !== 0) ?? false;
  return {
    id: 'crosscheck',
    label: 'Cross-check',
    title: 'Two programs, one voltage',
    lead: html`The soma of the same ${view.passive ? 'passive ' : ''}cell with the same input (trial ${view.trial}), computed
  by NEURON and by twincell's own TypeScript solver, which shares no code with it: the upper panel lays one over the other,
  the lower one shows what is left when they are subtracted.`,
    body: html`
${verdict(view)}
${zoomBar('crosscheck', 'Zoom the cross-check')}
${plot('crosscheck-plot', 'Soma voltage', `NEURON and TypeScript traces of the soma; largest difference anywhere: ${largest}.`)}
${plot('difference-plot', `TypeScript minus NEURON, at the soma: ${atSoma}`, `Largest difference anywhere: ${largest}.`, 'small')}
${numbers(view)}
${
  perSite &&
  sitesDiffer &&
  plot(
    'site-plot',
    `Largest difference at each of ${formatCount(perSite.length)} compartments (${voltageUnit(view.maxAbsDiffMv).symbol})`,
    `Largest difference at each compartment, at most ${largest}.`,
    'small',
  )
}`,
  };
}
