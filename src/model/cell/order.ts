/** The order in which NEURON runs a cell's mechanisms: what it has first of all, ions, pools, and the rest as registered. */
import type { KernelProgram } from '../../kernel/program.ts';
import { ionsUsed } from './ions.ts';

/** Ions that NEURON knows before any file. */
const FIRST_IONS = ['na', 'k'];

/** @param registered mechanisms that NEURON has built in, then those of the files, in their order */
export function mechanismOrder(registered: readonly KernelProgram[]): string[] {
  const first = registered.filter(({ name }) => name === 'pas').map(({ name }) => name);
  const others = registered.filter(({ name }) => name !== 'pas');
  const ions = new Set([...FIRST_IONS, ...ionsUsed(others)]);
  // Each that writes a concentration is put right behind the ions, before those registered earlier.
  const pools = others.filter(writesConcentration).map(({ name }) => name);
  const rest = others.filter((program) => !writesConcentration(program)).map(({ name }) => name);
  return [...first, ...[...ions].map((ion) => `${ion}_ion`), ...pools.reverse(), ...rest];
}

function writesConcentration({ ions }: KernelProgram): boolean {
  return ions.some(({ writes }) => writes.some(({ field }) => field === 'inside' || field === 'outside'));
}
