/** Which mechanisms of a kind cannot be graphs, and which others must then wait for them. */
import { Executor, Inexpressible } from './execute.ts';
import type { IonPlan } from './ions.ts';
import { initialOf, type PlanOptions, type Slot } from './kind.ts';
import { Values } from './values.ts';

/** Slots that run as JavaScript after the graphs, in order, with why. */
export function leftOf(
  slots: readonly Slot[],
  ions: ReadonlyMap<string, IonPlan>,
  options: PlanOptions,
): Map<number, string> {
  const left = new Map<number, string>();
  for (const slot of slots) {
    const reason = inexpressible(slot, ions, options);
    if (reason !== null) left.set(slot.slot, reason);
  }
  // A mechanism that runs before one that is left must not need what that one does, nor the other way round.
  for (const before of slots) {
    if (!left.has(before.slot)) continue;
    for (const after of slots.slice(before.slot + 1)) {
      if (left.has(after.slot)) continue;
      const ion = orderMatters(before, after);
      if (ion !== null) left.set(after.slot, `its ${ion} depends on ${before.program.name}, which runs as JavaScript`);
    }
  }
  return new Map([...left].sort(([a], [b]) => a - b));
}

function inexpressible(slot: Slot, ions: ReadonlyMap<string, IonPlan>, options: PlanOptions): string | null {
  const { program } = slot;
  if (program.phases.tables !== undefined) return 'it has a TABLE';
  if ((program.diffusions ?? []).length > 0) return 'it spreads along the cable';
  const missing = program.ions.find(({ ion }) => !ions.has(ion));
  if (missing !== undefined) return `nothing says how ion ${missing.ion} behaves`;
  try {
    for (const routine of [program.phases.current, program.phases.state]) {
      if (routine === undefined) continue;
      const values = new Values();
      const scratch = { ...slot, carried: new Set<string>() };
      new Executor({ program, values, initial: initialOf(values, scratch, options) }).run(routine);
    }
    return null;
  } catch (error) {
    if (error instanceof Inexpressible) return error.message;
    throw error;
  }
}

/** The ion over which two mechanisms must keep their order, or null. */
function orderMatters(before: Slot, after: Slot): string | null {
  for (const one of before.program.ions) {
    const other = after.program.ions.find(({ ion }) => ion === one.ion);
    if (other === undefined) continue;
    const sets = [one, other].some(({ writes }) => writes.some(({ field }) => field !== 'current'));
    const sums = [before, after].some(
      ({ program }, k) =>
        program.phases.current !== undefined && [one, other][k]?.reads.some(({ field }) => field === 'current'),
    );
    if (sets || sums) return one.ion;
  }
  return null;
}
