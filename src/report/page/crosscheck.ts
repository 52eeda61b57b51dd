/** The cross-check section: two traces, their difference in a unit that fits it, and where in the cell it is largest. */
import { unpackAxis, unpackFloats } from './decode.ts';
import type { CrosscheckPayload } from './payload.ts';
import { Group } from './plots.ts';
import { formatNumber, voltageUnit } from './units.ts';

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function millivolts(value: number): string {
  return `${formatNumber(value, 5)} mV`;
}

export async function setUpCrosscheck(payload: CrosscheckPayload): Promise<readonly Group[]> {
  const group = new Group('crosscheck');
  const x = await unpackAxis(payload.time);
  const [neuron, solver] = await Promise.all([payload.neuron, payload.solver].map(unpackFloats));
  if (!neuron || !solver) return [group];
  group.add({
    id: 'crosscheck-plot',
    x,
    values: [neuron, solver],
    lines: [
      { label: 'NEURON', colour: 'trace-a', width: 4, value: millivolts },
      { label: 'TypeScript', colour: 'trace-d', width: 1.5, dash: [6, 4], value: millivolts },
    ],
    xLabel: 'time (ms)',
    yLabel: 'mV',
  });
  const difference = payload.difference && (await unpackFloats(payload.difference));
  const unit = voltageUnit(difference ? largest(difference) : 0);
  group.add({
    id: 'difference-plot',
    x,
    values: [difference ? difference.map((value) => value * unit.perMv) : new Float32Array(x.length)],
    lines: [
      { label: 'Difference', colour: 'trace-c', width: 1, value: (value) => `${formatNumber(value)} ${unit.symbol}` },
    ],
    xLabel: 'time (ms)',
    yLabel: unit.symbol,
    ...(difference ? {} : { yRange: [-1, 1] as const }),
  });
  const sites = await siteGroup(payload);
  return sites ? [group, sites] : [group];
}

async function siteGroup(payload: CrosscheckPayload): Promise<Group | null> {
  if (payload.perSite === null || document.getElementById('site-plot') === null) return null;
  const perSite = await unpackFloats(payload.perSite);
  const unit = voltageUnit(payload.maxAbsDiffMv);
  const group = new Group('sites');
  group.add({
    id: 'site-plot',
    x: Float64Array.from(perSite, (_, site) => site),
    values: [perSite.map((value) => value * unit.perMv)],
    lines: [
      {
        label: 'Largest difference',
        colour: 'trace-c',
        width: 1,
        value: (value) => `${formatNumber(value)} ${unit.symbol}`,
      },
    ],
    xLabel: "compartment, in NEURON's order",
    counting: true,
    yLabel: unit.symbol,
  });
  return group;
}
