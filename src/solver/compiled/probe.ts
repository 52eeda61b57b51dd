/** How a profile looks into a compiled simulation; a simulation without a probe pays nothing for it. */
import type { PlacedKind } from '../../kernel/wasm/codegen/index.ts';
import type { Arena } from './arena.ts';

/** Parts of a step, in order; events are delivered twice. */
export type StepPart = 'events' | 'currents' | 'eliminate' | 'substitute' | 'states' | 'publish';

export interface StepProbe {
  /** The kinds, and the memory on which their passes run. */
  bound(kinds: readonly PlacedKind[], arena: Arena): void;
  /** A step has just done this part. */
  passed(part: StepPart): void;
}
