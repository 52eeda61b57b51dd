/** Mechanisms that plans leave to JavaScript: on all their nodes, or on those of the kinds that leave them. */
import { UsageError } from '../../errors.ts';
import type { EventSink, LinkedKernel } from '../../kernel/linkage.ts';
import type { Kind } from './arrange.ts';
import type { KindParts } from './kinds.ts';

export interface LeftKernels {
  /** With a phase of currents, and with one of states, in NEURON's order. */
  readonly currents: readonly LinkedKernel[];
  readonly states: readonly LinkedKernel[];
}

/** A kind and which of its slots its plan leaves. */
interface Leaving {
  readonly kind: Kind;
  readonly left: readonly number[];
}

export function linkLeft(leaving: readonly Leaving[], parts: KindParts): LeftKernels {
  const kernels = parts.kernels.flatMap((kernel, mechanism) => {
    const of = ({ slots }: Kind) => slots.flatMap((slot, k) => (slot.mechanism === mechanism ? [{ ...slot, k }] : []));
    const all = leaving.flatMap(({ kind }) => of(kind));
    const mine = leaving.flatMap(({ kind, left }) =>
      of(kind).flatMap(({ first, k }) => (left.includes(k) ? [{ first, count: kind.count }] : [])),
    );
    if (mine.length === all.length) return mine.length > 0 ? [kernel] : [];
    return mine.map(({ first, count }) => linkSome(mechanism, first, count, parts));
  });
  return {
    currents: kernels.filter(({ program }) => program.phases.current !== undefined),
    states: kernels.filter(({ program }) => program.phases.state !== undefined),
  };
}

/** The mechanism once more, on the numbers of `count` of its instances. */
function linkSome(mechanism: number, first: number, count: number, parts: KindParts): LinkedKernel {
  const { arrangement, kernels, v, rhs, d, clock, ions, libm } = parts;
  const whole = kernels[mechanism] as LinkedKernel;
  const { circuit } = arrangement;
  const placement = circuit.mechanisms[mechanism];
  if (placement === undefined) throw new UsageError(`there is no mechanism ${mechanism}`);
  const { name } = whole.program;
  const some = placement.kernel.link({
    count,
    nodes: placement.nodes.subarray(first, first + count),
    v,
    rhs,
    d,
    area: circuit.area,
    diameter: circuit.diameter,
    clock,
    ions,
    libm,
    events: silent(name),
    pointers: new Map(),
    randoms: new Map(),
    storage: (owner, field) =>
      owner === 'global'
        ? whole.global(field.name)
        : whole.instance(field.name).subarray(first * field.length, (first + count) * field.length),
    fail(instance, message) {
      throw new UsageError(`${name}[${first + instance}] at ${clock[0]} ms: ${message}`);
    },
  });
  for (const [table, { abscissae, values }] of placement.tables ?? []) some.setTable(table, abscissae, values);
  return some;
}

/** Events reach the whole mechanism; nothing outside NET_RECEIVE sends any. */
function silent(name: string): EventSink {
  const refuse = (): never => {
    throw new UsageError(`${name} sends an event from BREAKPOINT`, { remedy: 'Run it in mode reference.' });
  };
  return { send: refuse, event: refuse, move: refuse, clearWatches: refuse, watch: refuse, netcons: () => [] };
}
