/** A card's numbers go onto segments: mechanisms, their parameters, reversal potentials, channel distributions. */
import { InvalidExperimentError } from '../../errors.ts';
import type { KernelProgram } from '../../kernel/program.ts';
import type { Biophysics, Distribution, ModelCard, Region } from '../card.ts';
import { evaluateDistribution } from '../distribution.ts';
import { pathDistance, placeAt } from './distance.ts';
import { ionsUsed, reversalOf } from './ions.ts';
import type { CellSection } from './sections.ts';
import type { Tree } from './tree.ts';

export interface Choices {
  readonly card: ModelCard;
  /** Mechanisms by name, among them NEURON's own. */
  readonly programs: ReadonlyMap<string, KernelProgram>;
  readonly passive: boolean;
  /** Factor on every gSK_E2bar. */
  readonly skFactor: number;
}

/** Where the cell is: what a distribution is evaluated on. */
export interface Body {
  readonly sections: readonly CellSection[];
  readonly tree: Tree;
}

/** The paper's SKE2_mult_factor acts on this. */
const SK_CONDUCTANCE = 'gSK_E2bar';

/** `mechanism.parameter` → value per node, NaN where the mechanism is not inserted; by name. */
export function parametersOf(choices: Choices, body: Body): Map<string, Float64Array> {
  const columns = new Columns(body.tree.nodes);
  for (const [region, biophysics] of Object.entries(choices.card.regions) as [Region, Biophysics][]) {
    insertRegion(choices, body, region, biophysics, columns);
  }
  return new Map([...columns.columns].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function insertRegion(choices: Choices, body: Body, region: Region, biophysics: Biophysics, columns: Columns): void {
  const { card, passive, skFactor, programs } = choices;
  const rows = rowsOf(body, region);
  const inserted = Object.entries(biophysics.mechanisms).filter(([name]) => !passive || name === 'pas');
  const here = inserted.map(([name]) => programNamed(choices, region, name));
  if (rows.length === 0) return;
  for (const [k, [name, parameters]] of inserted.entries()) {
    const program = here[k] as KernelProgram;
    for (const [column, initial] of ownColumns(program)) columns.fill(`${name}.${column}`, rows, () => initial);
    for (const [parameter, distribution] of Object.entries(parameters)) {
      checkParameter(card, region, program, parameter);
      const factor = parameter === SK_CONDUCTANCE ? skFactor : 1;
      const value = distributed(body, region, distribution);
      columns.fill(`${name}.${parameter}`, rows, (row) => value(row) * factor);
    }
  }
  for (const ion of ionsUsed(here)) {
    const set = biophysics.reversals[`e${ion}`];
    const reversal = reversalOf(ion, here, [...programs.values()], set, card.celsius);
    columns.fill(`${ion}_ion.e${ion}`, rows, () => reversal);
  }
}

/** Rows of a region's segments. */
function rowsOf({ sections, tree }: Body, region: Region): number[] {
  const rows: number[] = [];
  for (let row = 0; row < tree.nodes; row++) {
    const section = sections[tree.section[row] ?? 0];
    if (section?.region === region && (tree.segment[row] ?? -1) >= 0) rows.push(row);
  }
  return rows;
}

/** What a user may set on a segment, element by element, with the file's values; where that is nothing, that it is there. */
function ownColumns({ instance }: KernelProgram): [column: string, initial: number][] {
  const parameters = instance.filter(({ role, visible }) => role === 'parameter' && visible);
  if (parameters.length === 0) return [['inserted', 1]];
  return parameters.flatMap(({ name, length, initial }) => {
    if (length === 1) return [[name, initial]];
    return Array.from({ length }, (_, k): [string, number] => [`${name}[${k}]`, initial]);
  });
}

/** Columns of a table with one row a node. */
class Columns {
  readonly columns = new Map<string, Float64Array>();
  readonly #nodes: number;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** Writes values into some rows of a column. */
  fill(name: string, rows: readonly number[], value: (row: number) => number): void {
    const column = this.columns.get(name) ?? new Float64Array(this.#nodes).fill(Number.NaN);
    this.columns.set(name, column);
    for (const row of rows) column[row] = value(row);
  }
}

/** A distribution as a function of the row. */
function distributed(body: Body, region: Region, distribution: Distribution): (row: number) => number {
  if (typeof distribution === 'number') return () => distribution;
  const { sections, tree } = body;
  const distance = distanceFrom(body, distribution.origin);
  const ends = sections.flatMap((section, index) =>
    section.region === region ? [distance(placeAt(sections, tree, index, 1))] : [],
  );
  const longest = Math.max(...ends);
  return (row) => {
    const own = distance({ section: tree.section[row] ?? 0, row });
    return evaluateDistribution(distribution, own, longest);
  };
}

/** Path distance (µm) from the middle of the soma, or from the start of the first apical section where there is one. */
export function distanceFrom({ sections, tree }: Body, origin: 'soma' | 'apical') {
  const apical = origin === 'apical' ? sections.findIndex(({ region }) => region === 'apical') : -1;
  const soma = sections.findIndex(({ region }) => region === 'soma');
  const from = apical >= 0 ? placeAt(sections, tree, apical, 0) : placeAt(sections, tree, soma, 0.5);
  return (place: { readonly section: number; readonly row: number }) => pathDistance(sections, tree, from, place);
}

function programNamed({ card, programs }: Choices, region: Region, name: string): KernelProgram {
  const program = programs.get(name);
  if (program !== undefined) return program;
  throw new InvalidExperimentError({
    file: `model ${card.name}`,
    path: `/regions/${region}/mechanisms`,
    expected: 'a mechanism of the files that the card names, or one that NEURON has built in',
    found: name,
    remedy: `Add the .mod file that has SUFFIX ${name} to the card's mechanisms.`,
  });
}

function checkParameter(card: ModelCard, region: Region, program: KernelProgram, parameter: string): void {
  if (program.instance.some(({ name, visible }) => visible && name === parameter)) return;
  throw new InvalidExperimentError({
    file: `model ${card.name}`,
    path: `/regions/${region}/mechanisms/${program.name}`,
    expected: `RANGE parameters of ${program.name}`,
    found: parameter,
    remedy: `Correct regions.${region}.mechanisms.${program.name}.${parameter} in the card, or declare it RANGE.`,
  });
}
