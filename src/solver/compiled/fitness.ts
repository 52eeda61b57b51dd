/** Which circuits compiled code runs. */
import type { KernelProgram } from '../../kernel/program.ts';
import type { Circuit } from '../circuit.ts';

/** Why a circuit needs the very order of operations of mode reference, or null. */
export function needsReference({ mechanisms }: Circuit): string | null {
  for (const { kernel, nodes } of mechanisms) {
    const { program } = kernel;
    const { name } = program;
    if (nodes.length === 0) continue;
    if (program.pointers.length > 0) return `${name} has POINTERs`;
    if (program.randoms.length > 0) return `${name} draws random numbers`;
    if ((program.diffusions ?? []).length > 0) return `${name} spreads along the cable`;
    const text = JSON.stringify([...program.routines.values()]);
    if (/"(op":"shared-draw|do":"shared-seed)"/.test(text)) return `${name} draws from the generator that all share`;
  }
  return null;
}

/** Whether NET_RECEIVE may assign to the potential of its node. */
export function eventsMovePotential({ phases, routines }: KernelProgram): boolean {
  if (phases.receive === undefined) return false;
  return JSON.stringify([...routines.values()]).includes('"do":"set","place":{"kind":"ambient","name":"v"');
}
