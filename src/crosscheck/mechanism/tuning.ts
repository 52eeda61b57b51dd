/**
 * Parameters that files leave at zero or without a value, so that a mechanism as it stands does nothing: conductances,
 * permeabilities, amplitudes and durations of stimuli, time constants and factors get values with which it acts.
 */
import type { MechanismFacts, ParameterFacts } from './facts.ts';

/** Conductances and the like that make a difference and do not drown the cell, by units (density mechanisms). */
const DENSITY: Readonly<Record<string, number>> = {
  'mho/cm2': 1e-3,
  'S/cm2': 1e-3,
  'siemens/cm2': 1e-3,
  'mS/cm2': 1,
  'millimho/cm2': 1,
  'pS/um2': 10,
  'cm/s': 1e-5,
  'cm/sec': 1e-5,
  'mA/cm2': 1e-3,
  'milliamp/cm2': 1e-3,
  'uA/cm2': 1,
};
/** The same of point processes. */
const POINT: Readonly<Record<string, number>> = {
  uS: 5e-3,
  umho: 5e-3,
  micromho: 5e-3,
  microsiemens: 5e-3,
  nS: 5,
  pS: 5e3,
  mho: 5e-9,
  S: 5e-9,
  nA: 0.1,
  nanoamp: 0.1,
  mA: 1e-7,
  pA: 100,
  ms: 20,
};
const CONDUCTANCE = /^(?:g|p|perm|gbar|gmax|pbar|imax|amp)$|bar|max|^g[A-Z_0-9]|^g[a-z]{1,5}$|^pcabar/;

/** Parameters to set, by name: of instances, or global ones. */
export function tunedParameters(facts: MechanismFacts, scope: 'range' | 'global'): Record<string, number> {
  const tuned: Record<string, number> = {};
  for (const [index, parameter] of facts.parameters.entries()) {
    if (parameter.range !== (scope === 'range') || facts.ambient.has(parameter.name)) continue;
    const value = livelyValue(parameter, facts.kind) ?? livelyTime(parameter, index) ?? livelyNumber(parameter);
    if (value !== null) tuned[parameter.name] = value;
  }
  // A potential, or a factor or number that should not be 0.
  if (scope === 'range') for (const { name, units } of facts.inputs) tuned[name] = units === 'mV' ? -40 : 1;
  return tuned;
}

function livelyValue({ name, value, units }: ParameterFacts, kind: MechanismFacts['kind']): number | null {
  if (value !== null && value !== 0) return null;
  const byUnits = (kind === 'density' ? DENSITY : { ...DENSITY, ...POINT })[units];
  if (byUnits !== undefined && (units !== 'ms' || /^dur/i.test(name))) return byUnits;
  if (units === '' && CONDUCTANCE.test(name)) return kind === 'density' ? 1e-3 : 5e-3;
  return null;
}

/** Time constants (ms): each another, rising in the order of the file, since rise comes before decay. */
function livelyTime({ name, value, units }: ParameterFacts, index: number): number | null {
  const isTime = units === 'ms' && (value === null || /^tau/i.test(name));
  return isTime && (value === null || value === 0) ? 1 + 2 * index : null;
}

/** A number without value and units: hoc is to give it. */
function livelyNumber({ value, units }: ParameterFacts): number | null {
  return value === null && (units === '' || units === '1') ? 0.5 : null;
}
