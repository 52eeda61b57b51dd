/** The two passes of a step over the mechanisms of a kind, each as the values that it leaves behind. */
import type { IonUse } from '../../program.ts';
import type { NodeId } from '../graph.ts';
import type { Contribution } from './currents.ts';
import { ambientKey, type Contents, Executor, instanceKey } from './execute.ts';
import { type IonPlan, type IonValues, loadIon, nernst } from './ions.ts';
import { initialOf, type PlanOptions, type Slot } from './kind.ts';
import { slopeIn } from './slope.ts';
import type { Values } from './values.ts';

/** What a pass leaves: fields of slots by key, ions, and what the compartment's currents are made of. */
export interface PassResult {
  readonly contributions: readonly Contribution[];
  readonly fields: { readonly slot: Slot; readonly contents: Contents }[];
  readonly ions: ReadonlyMap<string, IonValues>;
}

export interface Kind {
  readonly values: Values;
  /** The slots that are written as graphs. */
  readonly slots: readonly Slot[];
  readonly ions: ReadonlyMap<string, IonPlan>;
  readonly options: PlanOptions;
  /** Ions of which reversal potentials are computed at the end of the state pass rather than before currents. */
  readonly early: ReadonlySet<string>;
}

/** mV by which NEURON shifts the potential to find a current's slope. */
const SHIFT = 0.001;

function executorOf({ values, options }: Kind, slot: Slot): Executor {
  return new Executor({ program: slot.program, values, initial: initialOf(values, slot, options) });
}

function copyIn(executor: Executor, uses: readonly IonUse[], ions: ReadonlyMap<string, IonValues>): void {
  for (const { ion, reads } of uses) {
    const present = ions.get(ion);
    if (present === undefined) continue;
    for (const { field, variable } of reads) executor.write(instanceKey(variable, 0), present[field]);
  }
}

/** Concentrations and potentials that a mechanism writes; currents are added, not copied. */
function copyOut(executor: Executor, uses: readonly IonUse[], ions: ReadonlyMap<string, IonValues>): void {
  for (const { ion, writes } of uses) {
    const present = ions.get(ion);
    if (present === undefined) continue;
    for (const { field, variable } of writes) {
      if (field !== 'current') present[field] = executor.read(instanceKey(variable, 0));
    }
  }
}

export function statePass(kind: Kind): PassResult {
  const { values, options } = kind;
  const ions = new Map<string, IonValues>();
  for (const [name, plan] of kind.ions) {
    const ion = loadIon(values, plan, options);
    // Currents at the middle of the step: `rhs` is the potential's change over half of it.
    if (options.order === 2) {
      ion.current = values.add(ion.current, values.mul(ion.slope, values.column({ kind: 'rhs' }, true)));
    }
    ions.set(name, ion);
  }
  const fields = kind.slots.flatMap((slot) => {
    const { state } = slot.program.phases;
    if (state === undefined) return [];
    const executor = executorOf(kind, slot);
    copyIn(executor, slot.program.ions, ions);
    executor.run(state);
    copyOut(executor, slot.program.ions, ions);
    return [{ slot, contents: executor.contents }];
  });
  for (const name of kind.early) {
    const ion = ions.get(name);
    const plan = kind.ions.get(name);
    if (ion !== undefined && plan !== undefined) ion.reversal = nernst(values, plan.style, ion, options);
  }
  return { contributions: [], fields, ions };
}

export function currentPass(kind: Kind): PassResult {
  const { values, options } = kind;
  const zero = values.constant(0);
  const ions = new Map<string, IonValues>();
  for (const [name, plan] of kind.ions) {
    const ion = { ...loadIon(values, plan, options), current: zero, slope: zero };
    if (plan.style.follows && !kind.early.has(name)) ion.reversal = nernst(values, plan.style, ion, options);
    ions.set(name, ion);
  }
  const contributions: Contribution[] = [];
  const fields = kind.slots.flatMap((slot) => {
    const { program } = slot;
    if (program.phases.current === undefined) return [];
    const { contents, flow, whole } = currentOf(kind, slot, ions);
    const area = program.kind === 'point' ? values.column({ kind: 'area' }, false) : null;
    const scale = area === null ? null : values.div(values.constant(100), area);
    const scaled = (value: NodeId): NodeId => (scale === null ? value : values.mul(value, scale));
    for (const { ion, writes } of program.ions) {
      const present = ions.get(ion);
      for (const { field, variable } of writes) {
        if (field !== 'current' || present === undefined) continue;
        const { current, slope } = flow(variable);
        present.current = values.add(present.current, scaled(current));
        present.slope = values.add(present.slope, scaled(slope));
      }
    }
    for (const { variable, ion } of program.currents) {
      const outwards = (value: NodeId): NodeId => (program.electrode ? values.unary('neg', value) : value);
      const { current, slope } = flow(variable);
      contributions.push({
        ion: program.electrode ? null : ion,
        current: outwards(current),
        slope: outwards(slope),
        whole,
        scale,
      });
    }
    return [{ slot, contents }];
  });
  return { contributions, fields, ions };
}

/** A mechanism's phase at v, and each of its currents with its slope there. */
function currentOf(kind: Kind, slot: Slot, ions: ReadonlyMap<string, IonValues>) {
  const { values } = kind;
  const { program, carried } = slot;
  const v = values.column({ kind: 'v' }, true);
  const run = (executor: Executor, potential: NodeId): void => {
    executor.write(ambientKey('v'), potential);
    executor.run(program.phases.current as string);
  };
  const before = new Set(carried);
  const fresh = (): Executor => {
    const executor = executorOf(kind, slot);
    copyIn(executor, program.ions, ions);
    return executor;
  };
  let here = fresh();
  carried.clear();
  run(here, v);
  // NEURON runs the phase above v and then at v: what the first run left is seen by the second.
  const remembers = [...carried].some((key) => here.contents.has(key));
  for (const key of before) carried.add(key);
  let above: Executor | null = null;
  const shifted = (): Executor => {
    const executor = fresh();
    run(executor, values.add(v, values.constant(SHIFT)));
    return executor;
  };
  if (remembers) {
    above = shifted();
    here = fresh();
    here.contents = new Map(above.contents);
    run(here, v);
  }
  copyOut(here, program.ions, ions);
  const flow = (variable: string): { current: NodeId; slope: NodeId } => {
    const key = instanceKey(variable, 0);
    const current = here.read(key);
    const straight = remembers ? null : slopeIn(values, current, v);
    if (straight !== null) return { current, slope: straight };
    above ??= shifted();
    const change = values.sub(above.read(key), current);
    return { current, slope: values.div(change, values.constant(SHIFT)) };
  };
  return { contents: here.contents, flow, whole: remembers };
}
