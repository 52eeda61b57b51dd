/** The cell as `python/bench/arbor_lane.py` takes it: cylinders, one a compartment, with what is on each of them. */
import type { ModelCard } from 'twincell';
import { type CellSnapshot, compartmentRows } from '../../src/model/snapshot.ts';

/** NEURON's (Ω·cm). */
const DEFAULT_RESISTIVITY = 35.4;
/** What a snapshot names that no channel is. */
const STRUCTURAL = /_ion$|^(morphology|capacitance)$/;

export interface ArborCompartment {
  /** Index of the parent compartment; -1 for the root. */
  readonly parent: number;
  /** µm. */
  readonly length: number;
  readonly diameter: number;
  readonly region: string;
  /** Channel of the excitatory synapse; -1 where there are no synapses. */
  readonly dendrite: number;
  /** µF/cm², Ω·cm, mV. */
  readonly cm: number;
  readonly resistivity: number;
  readonly reversals: Readonly<Record<string, number>>;
  /** Name as Arbor's `density` takes it → parameters. */
  readonly mechanisms: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Compartments in the order of the snapshot: a parent stands before its children. */
export function arborCompartments(snapshot: CellSnapshot, { regions }: ModelCard): ArborCompartment[] {
  const rows = compartmentRows(snapshot);
  const numberOf = new Map(Array.from(rows, (row, index) => [row, index]));
  return Array.from(rows, (row) => ({
    parent: parentCompartment(snapshot, row, numberOf),
    length: snapshot.length[row] as number,
    diameter: snapshot.diameter[row] as number,
    region: snapshot.sectionType[row] as string,
    dendrite: snapshot.dendrite[row] as number,
    cm: snapshot.cm[row] as number,
    resistivity: regions[snapshot.sectionType[row] as keyof typeof regions]?.Ra ?? DEFAULT_RESISTIVITY,
    ...channelsAt(snapshot, row),
  }));
}

/** Ends of sections have no membrane: the next compartment towards the root. */
function parentCompartment(snapshot: CellSnapshot, row: number, numberOf: ReadonlyMap<number, number>): number {
  let parent = snapshot.parent[row] as number;
  while (parent >= 0 && !numberOf.has(parent)) parent = snapshot.parent[parent] as number;
  return numberOf.get(parent) ?? -1;
}

function channelsAt(snapshot: CellSnapshot, row: number): Pick<ArborCompartment, 'mechanisms' | 'reversals'> {
  const mechanisms: Record<string, Record<string, number>> = {};
  const reversals: Record<string, number> = {};
  for (const [key, column] of snapshot.parameters) {
    const value = column[row] as number;
    const [mechanism = '', parameter = ''] = key.split('.');
    if (Number.isNaN(value) || parameter === 'inserted') continue;
    const ion = /^(k|na)_ion\.e/.exec(key)?.[1];
    if (ion !== undefined) reversals[ion] = value;
    if (STRUCTURAL.test(mechanism)) continue;
    mechanisms[mechanism] ??= {};
    Object.assign(mechanisms[mechanism], { [parameter]: value });
  }
  return { mechanisms: withLeakOf(mechanisms), reversals };
}

/** The reversal potential of Arbor's `pas` is part of its name. */
function withLeakOf(mechanisms: Record<string, Record<string, number>>): ArborCompartment['mechanisms'] {
  const { pas, ...others } = mechanisms;
  if (pas === undefined) return others;
  const { e = -70, ...parameters } = pas;
  return { [`pas/e=${e}`]: parameters, ...others };
}
