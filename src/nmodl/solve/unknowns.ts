/** Numbers for the states that a LINEAR or NONLINEAR block solves for. */
import type { Place } from '../../kernel/program.ts';
import type { Lowering } from '../lower/lowering.ts';
import { number } from './steps.ts';

export interface Unknowns {
  /** The number of each state's first element, in order. */
  readonly first: ReadonlyMap<string, number>;
  /** All elements. */
  readonly size: number;
}

export function numberUnknowns(names: readonly string[], lowering: Lowering): Unknowns {
  const first = new Map<string, number>();
  let size = 0;
  for (const name of names) {
    first.set(name, size);
    size += lowering.states.get(name)?.length ?? 1;
  }
  return { first, size };
}

/** The places of all elements in the order of their numbers. */
export function elementsOf({ first }: Unknowns, lowering: Lowering): Place[] {
  return [...first.keys()].flatMap((name) => {
    const length = lowering.states.get(name)?.length ?? 1;
    return Array.from({ length }, (_, k) => lowering.place(name, length === 1 ? null : number(k)));
  });
}
