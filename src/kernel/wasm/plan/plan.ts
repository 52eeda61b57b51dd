/** From the mechanisms of a kind of compartment to what its compartments do in a step. */
import type { ColumnSource, CompartmentPlan } from '../graph.ts';
import type { Totals } from './currents.ts';
import { createEmitter, type Output } from './emit.ts';
import { instanceKey } from './execute.ts';
import { type IonPlan, type IonValues, ionPlans } from './ions.ts';
import { type PlannedIon, type PlannedMechanism, type PlanOptions, parts, type Slot, slotsOf } from './kind.ts';
import { leftOf } from './left.ts';
import { currentPass, type Kind, type PassResult, statePass } from './passes.ts';
import { Values } from './values.ts';
import { asWritten, rewritten } from './writing.ts';

/** @param mechanisms in NEURON's order */
export function planCompartment(
  mechanisms: readonly PlannedMechanism[],
  ions: readonly PlannedIon[],
  options: PlanOptions,
): CompartmentPlan {
  const all = slotsOf(mechanisms);
  const values = new Values();
  const plans = ionPlans(
    mechanisms.map(({ program }) => program),
    ions,
  );
  const left = leftOf(all, plans, options);
  const kind: Kind = {
    values,
    slots: all.filter(({ slot }) => !left.has(slot)),
    ions: plans,
    options,
    early: earlyIons(all, plans, left, options),
  };
  const current = currentPass(kind);
  const state = statePass(kind);
  const shared = ionsOfLeft(all, left);
  const write = options.asWritten === true ? asWritten(values) : rewritten(values, options);
  const written = write({
    currents: (totals) => [
      ...totalOutputs(values, totals),
      ...outputsOf(kind, current, { shared, pass: 'current', totals }),
    ],
    contributions: current.contributions,
    states: outputsOf(kind, state, { shared, pass: 'state', totals: null }),
  });
  const emitter = createEmitter(values);
  const passes = {
    current: emitter.pass(written.current),
    state: emitter.pass(written.state),
    ...(written.near && { near: emitter.guarded(written.near.outputs, written.near.guard) }),
    ...(written.nearCurrent && {
      nearCurrent: emitter.guarded(written.nearCurrent.outputs, written.nearCurrent.guard),
    }),
  };
  return {
    slots: mechanisms.map(({ index }) => index),
    columns: values.columns,
    uniforms: values.uniforms,
    ...passes,
    prologue: emitter.prologue(),
    left: [...left.keys()],
    leftBecause: [...left.values()],
  };
}

/** Ions whose potential follows concentrations that nothing touches between a state pass and the next currents. */
function earlyIons(
  slots: readonly Slot[],
  ions: ReadonlyMap<string, IonPlan>,
  left: ReadonlyMap<number, string>,
  { keep }: PlanOptions,
): Set<string> {
  if (keep === 'all') return new Set();
  const early = [...ions.values()].filter(({ ion, style }) => {
    const users = slots.filter(({ program }) => program.ions.some((use) => use.ion === ion));
    const plain = users.every(
      ({ slot, program }) =>
        !left.has(slot) && program.phases.receive === undefined && program.phases.hooks.length === 0,
    );
    return style.follows && plain;
  });
  return new Set(early.map(({ ion }) => ion));
}

function ionsOfLeft(slots: readonly Slot[], left: ReadonlyMap<number, string>): Set<string> {
  return new Set(
    slots.filter(({ slot }) => left.has(slot)).flatMap(({ program }) => program.ions.map(({ ion }) => ion)),
  );
}

interface Wanted {
  /** Ions that mechanisms outside the graph use too. */
  readonly shared: ReadonlySet<string>;
  readonly pass: 'current' | 'state';
  readonly totals: Totals | null;
}

function totalOutputs(values: Values, totals: Totals): Output[] {
  return [
    { source: { kind: 'rhs' }, value: values.unary('neg', totals.current) },
    { source: { kind: 'd' }, value: totals.slope },
  ];
}

/** What a pass must write back. */
function outputsOf(kind: Kind, result: PassResult, wanted: Wanted): Output[] {
  const fields = result.fields.flatMap(({ slot, contents }) =>
    [...contents].flatMap(([key, value]): Output[] => {
      const [place, element, field] = parts(key);
      if (place !== 'i' || !isKept(kind, slot, key)) return [];
      const source: ColumnSource = { kind: 'field', slot: slot.slot, field, element };
      return value === kind.values.column(source, slot.changing.has(field)) ? [] : [{ source, value }];
    }),
  );
  const ions = [...result.ions].flatMap(([ion, now]) => ionOutputs(kind, ion, now, wanted));
  return [...fields, ...ions];
}

function isKept({ options }: Kind, slot: Slot, key: string): boolean {
  const [, element, name] = parts(key);
  if (options.keep === 'all' || options.observed?.(slot.slot, name)) return true;
  if (slot.carried.has(instanceKey(name, element)) || slot.outside.has(name)) return true;
  const copied = slot.program.ions.some(({ reads }) => reads.some(({ variable }) => variable === name));
  return !copied && slot.program.instance.some((field) => field.name === name && field.role === 'state');
}

function ionOutputs(kind: Kind, ion: string, values: IonValues, { shared, pass, totals }: Wanted): Output[] {
  const plan = kind.ions.get(ion);
  if (plan === undefined) return [];
  const all = kind.options.keep === 'all' || shared.has(ion);
  const fields: (keyof IonValues)[] = (['reversal', 'inside', 'outside'] as const).filter((field) =>
    plan.changing.has(field),
  );
  if (pass === 'current' && (all || plan.readsCurrent)) {
    fields.push('current');
    if (all || kind.options.order === 2) fields.push('slope');
  }
  if (pass === 'state' && all && kind.options.order === 2) fields.push('current');
  const now = { ...values, ...totals?.ions.get(ion) };
  return fields.flatMap((field): Output[] => {
    const source = { kind: 'ion', ion, field } as const;
    const value = now[field];
    return value === kind.values.column(source, true) ? [] : [{ source, value }];
  });
}
