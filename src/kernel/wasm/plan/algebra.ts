/** Placeholder */
import type { Output } from './emit.ts';
import type { Values } from './values.ts';

export function simplifyOutputs(_values: Values, outputs: readonly Output[]): readonly Output[] {
  return outputs;
}
