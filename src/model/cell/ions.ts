/** Reversal potentials as NEURON's `finitialize` leaves them, by the use that a section's mechanisms make of an ion. */
import type { KernelProgram } from '../../kernel/program.ts';
import { log } from '../../libm/index.ts';

interface IonDefaults {
  /** mV */
  readonly reversal: number;
  /** mM */
  readonly inside: number;
  readonly outside: number;
  readonly valence: number;
}

const KNOWN: ReadonlyMap<string, IonDefaults> = new Map([
  ['na', { reversal: 50, inside: 10, outside: 140, valence: 1 }],
  ['k', { reversal: -77, inside: 54.4, outside: 2.5, valence: 1 }],
  // NEURON writes 12.5·log(2 / 5e-5) here.
  ['ca', { reversal: 132.4579341637009, inside: 5e-5, outside: 2, valence: 2 }],
]);
const UNKNOWN = { reversal: 0, inside: 1, outside: 1 };

/** Names of the ions these mechanisms use, in the order they name them. */
export function ionsUsed(programs: readonly KernelProgram[]): string[] {
  return [...new Set(programs.flatMap(({ ions }) => ions.map(({ ion }) => ion)))];
}

/**
 * Reversal potential (mV) of an ion where these mechanisms are.
 * @param set what a card sets it to (mV)
 * @param everywhere all mechanisms of the cell, any of which may say what an ion's charge is
 */
export function reversalOf(
  ion: string,
  here: readonly KernelProgram[],
  everywhere: readonly KernelProgram[],
  set: number | undefined,
  celsius: number,
): number {
  const valence = KNOWN.get(ion)?.valence ?? valenceOf(ion, everywhere);
  const { reversal, inside, outside } = KNOWN.get(ion) ?? UNKNOWN;
  return followsNernst(ion, here) ? nernst(inside, outside, valence, celsius) : (set ?? reversal);
}

function valenceOf(ion: string, programs: readonly KernelProgram[]): number {
  const uses = programs.flatMap(({ ions }) => ions.filter((use) => use.ion === ion));
  return uses.find(({ valence }) => valence !== null)?.valence ?? 0;
}

/** A mechanism that reads or writes a concentration makes the reversal potential depend on it, unless one writes that itself. */
function followsNernst(ion: string, programs: readonly KernelProgram[]): boolean {
  const uses = programs.flatMap(({ ions }) => ions.filter((use) => use.ion === ion));
  const fields = uses.flatMap(({ reads, writes }) => [...reads, ...writes]);
  const concentrations = fields.some(({ field }) => field === 'inside' || field === 'outside');
  const written = uses.some(({ writes }) => writes.some(({ field }) => field === 'reversal'));
  return concentrations && !written;
}

const GAS_CONSTANT = 8.31446261815324;
const FARADAY = 96485.33212331001;

function nernst(inside: number, outside: number, valence: number, celsius: number): number {
  if (valence === 0) return 0;
  return ((1000 * GAS_CONSTANT * (celsius + 273.15)) / FARADAY / valence) * log(outside / inside);
}
