/** The model cards that come with twincell. */
import type { ModelCard } from './card.ts';
import { L5PC_BBP } from './cards/l5pc-bbp.ts';
import { L5PC_HAY } from './cards/l5pc-hay.ts';

/** By name, the default first. */
export const BUILTIN_CARDS: readonly ModelCard[] = [L5PC_BBP, L5PC_HAY];

export function builtinCard(name: string): ModelCard | undefined {
  return BUILTIN_CARDS.find((card) => card.name === name);
}
