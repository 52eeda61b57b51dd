/**
 * Drives: small mechanisms of our own, as NMODL texts, that move what a mechanism only reads. They run in NEURON and in the
 * solver like any other mechanism, so that both see the same concentrations and currents.
 */
import type { IonFacts } from './facts.ts';

/** What of an ion is moved. */
export type DrivenField = 'inside' | 'outside' | 'current';

export interface Drive {
  /** SUFFIX of the mechanism. */
  readonly name: string;
  readonly ion: string;
  readonly field: DrivenField;
  readonly text: string;
}

/** Between which values a quantity is swept, and whether on a logarithmic scale. mM; mA/cm². */
interface Sweep {
  readonly low: number;
  readonly high: number;
}

/** Concentrations that a cell may see: from rest to a strong signal. */
const SWEEPS: Readonly<Record<string, Sweep>> = {
  'ca inside': { low: 5e-5, high: 1e-2 },
  'ca outside': { low: 0.5, high: 4 },
  'na inside': { low: 5, high: 30 },
  'na outside': { low: 100, high: 160 },
  'k inside': { low: 40, high: 150 },
  'k outside': { low: 2, high: 15 },
  'cl inside': { low: 3, high: 30 },
  'cl outside': { low: 80, high: 150 },
  // Fluxes into and out of a membrane, inward for what flows in.
  'ca current': { low: -0.02, high: 0 },
  'na current': { low: -0.01, high: 0 },
  'k current': { low: 0, high: 0.01 },
};
const CONCENTRATION: Sweep = { low: 1e-3, high: 2 };
const CURRENT: Sweep = { low: -5e-3, high: 1e-3 };

/** A number for POINTERs that are written through. */
export const TARGET = {
  name: 'TwincellTarget',
  variable: 'value',
  text: ': A number that another mechanism may write.\nNEURON { SUFFIX TwincellTarget RANGE value }\nASSIGNED { value }\nINITIAL { value = 0.5 }\n',
};

/** Time of one sweep up and down (ms). */
const PERIOD_MS = 40;

/** The drive of a field of an ion. `valence` where the ion is not one that NEURON knows. */
export function makeDrive(ion: string, field: DrivenField, valence: number | null): Drive {
  const name = `TwincellDrives_${ion}_${field}`;
  const { low, high } = SWEEPS[`${ion} ${field}`] ?? (field === 'current' ? CURRENT : CONCENTRATION);
  const charge = valence === null ? '' : ` VALENCE ${valence}`;
  const variable = variableOf(ion, field);
  const isCurrent = field === 'current';
  const value = isCurrent ? 'low + (high - low)*wave()' : 'low*exp(log(high/low)*wave())';
  const text = [
    `: Moves ${variable} up and down between two values.`,
    'NEURON {',
    `    SUFFIX ${name}`,
    `    USEION ${ion} WRITE ${variable}${charge}`,
    '    RANGE low, high, period',
    '}',
    `PARAMETER { low = ${low} high = ${high} period = ${PERIOD_MS} }`,
    `ASSIGNED { ${variable} }`,
    ...(isCurrent
      ? ['INITIAL { }', `BREAKPOINT { ${variable} = ${value} }`]
      : [`INITIAL { ${variable} = low }`, 'BREAKPOINT { SOLVE move }', `PROCEDURE move() { ${variable} = ${value} }`]),
    'FUNCTION wave() {',
    '    wave = fmod(t/period, 1)',
    '    if (wave < 0.5) { wave = 2*wave } else { wave = 2 - 2*wave }',
    '}',
    '',
  ].join('\n');
  return { name, ion, field, text };
}

function variableOf(ion: string, field: DrivenField): string {
  return field === 'inside' ? `${ion}i` : field === 'outside' ? `${ion}o` : `i${ion}`;
}

/** What of its ions a mechanism reads and nobody moves; with `reversals`, also the concentrations that move what it reads of them. */
export function drivenFields(
  ions: readonly IonFacts[],
  reversals: boolean,
): { ion: string; field: DrivenField; valence: number | null }[] {
  return ions.flatMap(({ name: ion, read, write, valence }) => {
    const moved = new Set<DrivenField>();
    for (const field of ['inside', 'outside', 'current'] as const) {
      const variable = variableOf(ion, field);
      if (read.includes(variable) && !write.includes(variable)) moved.add(field);
    }
    const readsReversal = read.includes(`e${ion}`) && !write.includes(`e${ion}`);
    if (reversals && readsReversal && moved.size === 0 && !writesConcentration(ion, write)) moved.add('outside');
    return [...moved].map((field) => ({ ion, field, valence }));
  });
}

function writesConcentration(ion: string, write: readonly string[]): boolean {
  return write.includes(`${ion}i`) || write.includes(`${ion}o`);
}
