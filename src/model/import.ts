/** A model card and the text of its morphology become a cell, with no Python: the same snapshot that NEURON would give. */
import { InvalidExperimentError, InvalidModelFileError, RefusedError } from '../errors.ts';
import type { KernelProgram } from '../kernel/program.ts';
import type { ModelCard, Region } from './card.ts';
import { type Body, type Choices, distanceFrom, parametersOf } from './cell/biophysics.ts';
import { checkMembrane, measure } from './cell/geometry.ts';
import { mechanismOrder } from './cell/order.ts';
import { positionsOf } from './cell/position.ts';
import { type CellSection, cellSections, DEFAULT_CABLE } from './cell/sections.ts';
import { buildTree, rowAt, type Tree } from './cell/tree.ts';
import { importMorphology } from './morphology/index.ts';
import type { CellSnapshot, SectionType } from './snapshot.ts';

export interface ImportRequest {
  readonly card: ModelCard;
  /** Text of the card's morphology, decoded byte by byte (latin1): what is not ASCII is skipped or refused anyway. */
  readonly morphologyText: string;
  /** Its name: the ending says which format it has; named in errors. */
  readonly fileName: string;
  /** Passive membrane only. */
  readonly passive: boolean;
  /** Factor on every gSK_E2bar. */
  readonly skFactor: number;
  /** The card's mechanisms, compiled, in the order of its files. */
  readonly programs: readonly KernelProgram[];
  /** Whether every dendritic segment carries the experiment's synapses, which then stand in the mechanisms' order. */
  readonly synapses: boolean;
  /** Mechanisms that NEURON has built in (`pas`, `hh`), compiled, in NEURON's order. */
  readonly builtins: readonly KernelProgram[];
}

/** Registered after all others. */
const SYNAPSES = ['TwincellExcitatory', 'TwincellGaba'];

/**
 * Builds the cell.
 * @throws InvalidModelFileError where the morphology cannot be read or has no soma
 * @throws InvalidExperimentError where the card names a mechanism, parameter or section that there is not
 * @throws RefusedError where a hoc or Python builder makes the cell
 */
export function importCell(request: ImportRequest): CellSnapshot {
  const { card, fileName, passive } = request;
  const { construction } = card;
  if (construction.kind !== 'morphology') {
    throw new RefusedError(`model ${card.name} is made by a ${construction.kind} builder, which only NEURON can run`, {
      construct: `a ${construction.kind} builder`,
      remedy: 'Use --engine neuron.',
    });
  }
  const morphology = importMorphology(request.morphologyText, fileName);
  const made = cellSections(morphology, construction, (region) => regionOf(card, region) ?? DEFAULT_CABLE);
  const { sections } = made;
  if (!sections.some(({ region }) => region === 'soma')) {
    throw new InvalidModelFileError('it has no soma', { file: fileName, remedy: 'Use a morphology with a soma.' });
  }
  const tree = buildTree(made);
  const body: Body = { sections, tree };
  const registered = [...request.builtins, ...request.programs];
  const choices: Choices = {
    card,
    passive,
    skFactor: request.skFactor,
    programs: new Map(registered.map((program) => [program.name, program])),
  };
  const geometry = measure(sections, tree);
  checkMembrane(sections, tree, geometry, fileName);
  const parameters = parametersOf(choices, body);
  const dendrite = channelsOf(body);
  return {
    celsius: card.celsius,
    vInit: card.vInit,
    mechanismOrder: [
      ...presentIn(mechanismOrder(registered), parameters, passive),
      ...(request.synapses && dendrite.some((channel) => channel >= 0) ? SYNAPSES : []),
    ],
    nodes: tree.nodes,
    ...namesOf(body),
    sectionType: Array.from(tree.section, (index) => (sections[index] as CellSection).region),
    segment: tree.segment,
    x: tree.x,
    parent: tree.parent,
    ...geometry,
    cm: Float64Array.from(tree.section, (index, row) => {
      return (tree.segment[row] ?? -1) < 0 ? 0 : (sections[index] as CellSection).cable.cm;
    }),
    pathDistance: distances(body),
    dendrite,
    position: positionsOf(sections, tree),
    parameters,
    ...landmarks(card, body),
  };
}

function regionOf(card: ModelCard, region: SectionType) {
  return region === 'other' ? undefined : card.regions[region as Region];
}

/** Names in the order of the rows, as NEURON's describe gives them. */
function namesOf({ sections, tree }: Body): { sectionNames: string[]; section: Int32Array } {
  const index = new Map<number, number>();
  for (const section of tree.section) if (!index.has(section)) index.set(section, index.size);
  return {
    sectionNames: [...index.keys()].map((section) => (sections[section] as CellSection).name),
    section: tree.section.map((section) => index.get(section) ?? -1),
  };
}

function distances(body: Body): Float64Array {
  const distance = distanceFrom(body, 'soma');
  return Float64Array.from(body.tree.section, (section, row) => distance({ section, row }));
}

/** Dendritic channels: the segments of the basal sections, then of the apical ones. */
function channelsOf({ sections, tree }: Body): Int32Array {
  const channels = new Int32Array(tree.nodes).fill(-1);
  let next = 0;
  for (const region of ['basal', 'apical'] as const) {
    for (const [index, section] of sections.entries()) {
      if (section.region !== region) continue;
      for (let i = 0; i < section.nseg; i++) channels[(tree.first[index] ?? 0) + i] = next++;
    }
  }
  return channels;
}

/** Mechanisms that any segment has; a passive cell's ions are not counted. */
function presentIn(
  order: readonly string[],
  parameters: ReadonlyMap<string, Float64Array>,
  passive: boolean,
): string[] {
  const present = new Set([...parameters.keys()].map((column) => column.slice(0, column.indexOf('.'))));
  return order.filter((name) => present.has(name) && !(passive && name.endsWith('_ion')));
}

function landmarks(card: ModelCard, { sections, tree }: Body): { somaNode: number; nexusNode: number } {
  const soma = sections.findIndex(({ region }) => region === 'soma');
  const somaNode = rowAt(sections, tree, soma, 0.5);
  return { somaNode, nexusNode: nexusNode(card, sections, tree) ?? somaNode };
}

function nexusNode({ name, nexus }: ModelCard, sections: readonly CellSection[], tree: Tree): number | null {
  if (nexus === null) return null;
  const index = sections.findIndex((section) => section.name === nexus.section);
  if (index >= 0) return rowAt(sections, tree, index, nexus.x);
  throw new InvalidExperimentError({
    file: `model ${name}`,
    path: '/nexus/section',
    expected: 'a section of the cell',
    found: nexus.section,
    remedy: 'Correct nexus.section in the card.',
  });
}
