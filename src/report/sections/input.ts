/** The raster of input spikes. */
import type { ReportData } from '../data.ts';
import { html } from '../html.ts';
import { formatCount, formatNumber } from '../page/units.ts';
import { plot, type Section, table, zoomBar } from './parts.ts';

interface Counts {
  readonly tree: 'apical' | 'basal' | 'other';
  excitatory: number;
  inhibitory: number;
  channels: number;
}

/** Events by tree and sign. */
function countEvents(input: NonNullable<ReportData['input']>): readonly Counts[] {
  const { events, tree } = input;
  const trees = (['apical', 'basal', 'other'] as const).map(
    (name): Counts => ({ tree: name, excitatory: 0, inhibitory: 0, channels: 0 }),
  );
  const of = (dendrite: number) => trees.find((counts) => counts.tree === tree[dendrite]) ?? trees[2];
  for (let dendrite = 0; dendrite < events.dendrites; dendrite++) {
    const counts = of(dendrite);
    if (counts) counts.channels++;
  }
  for (const channel of events.channel) {
    const inhibitory = channel >= events.dendrites;
    const counts = of(inhibitory ? channel - events.dendrites : channel);
    if (counts) counts[inhibitory ? 'inhibitory' : 'excitatory']++;
  }
  return trees.filter((counts) => counts.channels > 0);
}

export function inputSection(data: ReportData): Section | null {
  const { input } = data;
  if (input === undefined) return null;
  const counts = countEvents(input);
  const seconds = input.durationMs / 1000;
  const rate = (events: number, channels: number) => (channels === 0 ? '–' : formatNumber(events / channels / seconds));
  const text = counts
    .map(({ tree, excitatory, inhibitory }) => `${tree}: ${excitatory} excitatory and ${inhibitory} inhibitory events`)
    .join('; ');
  return {
    id: 'input',
    label: 'Input',
    title: 'What the cell is told',
    lead: html`Each dot is one presynaptic spike of trial ${input.trial}: every row is a synapse, two on each dendritic
  segment, and all ${formatCount(input.events.channel.length)} events reach every engine as the same bytes.`,
    body: html`
${zoomBar('input', 'Zoom the time of the trial')}
${plot('raster-plot', 'Presynaptic spikes, by tree and sign', text, 'tall')}
${plot('rate-plot', 'Events per millisecond, smoothed over 20 ms', text, 'small')}
${table(
  'Input events by tree',
  ['Tree', 'Segments', 'Excitatory events', 'per synapse and second', 'Inhibitory events', 'per synapse and second'],
  counts.map(({ tree, channels, excitatory, inhibitory }) => ({
    label: tree,
    cells: [
      formatCount(channels),
      html`<data value="${excitatory}">${formatCount(excitatory)}</data>`,
      rate(excitatory, channels),
      html`<data value="${inhibitory}">${formatCount(inhibitory)}</data>`,
      rate(inhibitory, channels),
    ],
  })),
)}`,
  };
}
