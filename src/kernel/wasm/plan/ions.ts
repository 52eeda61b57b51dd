/** An ion's numbers while a pass is made: copied in and out of mechanisms, added to, and followed by its potential. */
import type { IonField, KernelProgram } from '../../program.ts';
import type { NodeId } from '../graph.ts';
import type { PlannedIon, PlanOptions } from './kind.ts';
import type { Values } from './values.ts';

/** The 2018 CODATA values as NEURON 9 makes them. */
const GAS_CONSTANT = 1.380649e-23 * 6.02214076e23;
const FARADAY = 1.602176634e-19 * 6.02214076e23;

/** Values of one ion at the moment. */
export interface IonValues {
  reversal: NodeId;
  inside: NodeId;
  outside: NodeId;
  /** mA/cm². */
  current: NodeId;
  /** S/cm². */
  slope: NodeId;
}

export interface IonPlan {
  readonly ion: string;
  readonly style: PlannedIon;
  /** Fields that a step may change. */
  readonly changing: ReadonlySet<IonField>;
  /** Whether anything reads the ion's current. */
  readonly readsCurrent: boolean;
}

export function ionPlans(programs: readonly KernelProgram[], styles: readonly PlannedIon[]): Map<string, IonPlan> {
  return new Map(
    styles.map((style) => {
      const uses = programs.flatMap(({ ions }) => ions.filter(({ ion }) => ion === style.ion));
      const changing = new Set<IonField>(uses.flatMap(({ writes }) => writes.map(({ field }) => field)));
      if (style.follows) changing.add('reversal');
      const readsCurrent = uses.some(({ reads }) => reads.some(({ field }) => field === 'current'));
      return [style.ion, { ion: style.ion, style, changing, readsCurrent }];
    }),
  );
}

/** As the arrays have them when a pass begins. */
export function loadIon(values: Values, { ion, changing }: IonPlan, options: PlanOptions): IonValues {
  const constant = (field: 'reversal' | 'inside' | 'outside'): NodeId => {
    const varies = changing.has(field);
    const known = varies ? null : (options.known?.ion?.(ion, field) ?? null);
    return known === null ? values.column({ kind: 'ion', ion, field }, varies) : values.constant(known);
  };
  return {
    reversal: constant('reversal'),
    inside: constant('inside'),
    outside: constant('outside'),
    current: values.column({ kind: 'ion', ion, field: 'current' }, true),
    slope: values.column({ kind: 'ion', ion, field: 'slope' }, true),
  };
}

/** The Nernst potential (mV), with NEURON's answers where a concentration is not positive. */
export function nernst(values: Values, { valence }: PlannedIon, ion: IonValues, options: PlanOptions): NodeId {
  if (valence === 0) return values.constant(0);
  const { inside, outside } = ion;
  const zero = values.constant(0);
  const celsius =
    options.known?.celsius === undefined
      ? values.uniform({ kind: 'clock', name: 'celsius' }, false)
      : values.constant(options.known.celsius);
  const heat = values.mul(values.constant(1000 * GAS_CONSTANT), values.add(celsius, values.constant(273.15)));
  const factor = values.div(values.div(heat, values.constant(FARADAY)), values.constant(valence));
  const ratio =
    options.asWritten === true
      ? values.unary('log', values.div(outside, inside))
      : values.sub(values.unary('log', outside), values.unary('log', inside));
  const potential = values.mul(factor, ratio);
  const empty = values.select(values.binary('le', outside, zero), values.constant(-1e6), potential);
  return values.select(values.binary('le', inside, zero), values.constant(1e6), empty);
}
