/** One module of the passes of all kinds of compartments of a circuit. */
import type { CompartmentPlan } from '../graph.ts';
import type { CodeOptions, CompiledKinds, PlacedKind } from './layout.ts';

/** Room for tables and constants of these plans, in bytes: an upper bound that is known before addresses are. */
export function staticBytes(_plans: readonly CompartmentPlan[]): number {
  return 65536;
}

/** Compiles the passes of all kinds into one module. */
export function compileKinds(_kinds: readonly PlacedKind[], _options: CodeOptions): CompiledKinds {
  throw new Error('not yet');
}
