/** The sections of a cell that a card makes of a morphology: segments, and a stub for the axon. */
import type { Construction } from '../card.ts';
import type { Morphology, MorphologySection } from '../morphology/index.ts';
import type { SectionType } from '../snapshot.ts';
import { type Cable, segmentsByWavelength } from './wavelength.ts';

/** NEURON's, where a card says nothing. */
export const DEFAULT_CABLE: Cable = { cm: 1, Ra: 35.4 };

export interface CellSection {
  readonly name: string;
  readonly region: SectionType;
  /** Index of the parent section, -1 for a root. */
  readonly parent: number;
  /** Where on the parent it is attached, 0 to 1. */
  readonly parentX: number;
  readonly nseg: number;
  /** µm */
  readonly length: number;
  readonly cable: Cable;
  /** Its 3-d points, or null where it is a cylinder. */
  readonly traced: MorphologySection | null;
  /** Of a cylinder (µm). */
  readonly diameter: number;
}

export interface CellSections {
  /** In the order NEURON creates them. */
  readonly sections: readonly CellSection[];
  /** Indices of sections in the order they are connected to their parents. */
  readonly connected: readonly number[];
}

type FromMorphology = Extract<Construction, { kind: 'morphology' }>;
type Stub = Exclude<FromMorphology['axon'], string>;

/** The stub that stands for the axon (Hay et al. 2011): two cylinders (µm). */
const STUB_LENGTH = 30;
const STUB: Stub = { diameters: [1, 1], at: 0.5 };
/** NEURON takes no section for shorter than this (µm). */
const SHORTEST = 1e-9;

export function cellSections(
  morphology: Morphology,
  construction: FromMorphology,
  cableOf: (region: SectionType) => Cable,
): CellSections {
  const all = morphology.sections.map((traced): CellSection => {
    const { name, region, parent, parentX } = traced;
    const length = Math.max(traced.arc.at(-1) ?? 0, SHORTEST);
    const cable = cableOf(region);
    const nseg = segmentsOf(construction.segmentLength, traced, length, cable);
    return { name, region, parent, parentX, nseg, length, cable, traced, diameter: 0 };
  });
  const made = { sections: all, connected: morphology.connected };
  const { axon } = construction;
  return axon === 'keep' ? made : withStub(made, axon === 'stub' ? STUB : axon, cableOf('axon'));
}

function segmentsOf(
  rule: FromMorphology['segmentLength'],
  traced: MorphologySection,
  length: number,
  cable: Cable,
): number {
  return typeof rule === 'number'
    ? 1 + 2 * Math.trunc(length / rule)
    : segmentsByWavelength(traced, length, cable, rule);
}

/** Takes the axon away and puts two short cylinders at the soma instead; what hung on it becomes a root. */
function withStub({ sections, connected }: CellSections, { diameters, at }: Stub, cable: Cable): CellSections {
  const kept = sections.flatMap(({ region }, index) => (region === 'axon' ? [] : [index]));
  const place = new Map(kept.map((old, index) => [old, index]));
  const moved = kept.map((old): CellSection => {
    const section = sections[old] as CellSection;
    return { ...section, parent: place.get(section.parent) ?? -1 };
  });
  const soma = moved.findIndex(({ name }) => name === 'soma[0]');
  const first = moved.length;
  const stubs = diameters.map((diameter, index): CellSection => {
    const [parent, parentX] = index === 0 ? [soma, at] : [first + index - 1, 1];
    const name = `axon[${index}]`;
    return { name, region: 'axon', parent, parentX, nseg: 1, length: STUB_LENGTH, cable, traced: null, diameter };
  });
  return {
    sections: [...moved, ...stubs],
    connected: [...connected.flatMap((old) => place.get(old) ?? []), ...stubs.map((_, index) => first + index)],
  };
}
