/** The order in which NEURON's compiler goes through its names. */
import type { Lowering } from '../lower/lowering.ts';

/** By first letter; among names of one letter, the one first mentioned in the file comes last. */
export function inNeuronOrder(names: readonly string[], { mentions }: Lowering): readonly string[] {
  return [...names].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0) || mentions.indexOf(b) - mentions.indexOf(a));
}
