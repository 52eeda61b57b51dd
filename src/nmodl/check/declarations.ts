/** What every name of a file means. */
import type { Ambient, Field, IonField, Role } from '../../kernel/program.ts';
import { positionAt, type Source, type Span } from '../source.ts';
import type { Block, Declarator, Variable } from '../syntax.ts';
import { type NeuronFacts, readNeuron } from './neuron.ts';
import type { Report } from './report.ts';
import { sixDigits } from './six-digits.ts';
import { UnitTable } from './units.ts';
import { visitNodes } from './walk.ts';

export type RoutineBlock = Extract<Block, { kind: 'function' }>;
export type SolvedBlock = Extract<Block, { kind: 'named' }>;

export type Meaning =
  | { readonly kind: 'field'; readonly where: 'instance' | 'global'; readonly field: Field }
  /** A CONSTANT or unit factor that nothing assigns to. */
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'ambient'; readonly name: Ambient }
  | { readonly kind: 'pointer' | 'random' | 'external' }
  | { readonly kind: 'routine'; readonly block: RoutineBlock }
  | { readonly kind: 'table'; readonly block: Extract<Block, { kind: 'function-table' }> }
  | { readonly kind: 'solved'; readonly block: SolvedBlock };

export interface Declarations {
  readonly neuron: NeuronFacts;
  readonly meanings: ReadonlyMap<string, Meaning>;
  readonly defines: ReadonlyMap<string, number>;
  readonly states: ReadonlyMap<string, { readonly name: string; readonly length: number }>;
  /** Start value of each state: the place of x0, by state. */
  readonly starts: ReadonlyMap<string, string>;
  readonly ionVariables: ReadonlyMap<string, { readonly ion: string; readonly field: IonField }>;
}

const AMBIENT: readonly Ambient[] = ['v', 't', 'dt', 'celsius', 'area', 'diam'];
const ROLES: Readonly<Record<string, Role>> = {
  PARAMETER: 'parameter',
  CONSTANT: 'constant',
  ASSIGNED: 'assigned',
  STATE: 'state',
};

/** Collects the declarations of a file, in the order it makes them. */
export function declare(source: Source, blocks: readonly Block[], report: Report): Declarations {
  const fallback = (source.file.split('/').at(-1) ?? '').replace(/\.mod$/, '');
  const neuron = readNeuron(blocks, fallback, report);
  const collector = new Collector(source, neuron, assignedNames(blocks), report);
  if (hasTable(blocks)) collector.useTables();
  for (const block of blocks) if (block.kind === 'define') collector.define(block);
  for (const block of blocks) collector.add(block);
  return collector.finish();
}

/** Names that something in the file assigns to; any name in VERBATIM may be. */
function assignedNames(blocks: readonly Block[]): ReadonlySet<string> {
  const names = new Set<string>();
  visitNodes(blocks, (node) => {
    if (node.kind === 'assign' && node.target.kind === 'variable') names.add(node.target.name);
    if (node.kind === 'table') for (const name of node.names) names.add(name);
    if (node.kind === 'verbatim') for (const name of node.text.match(/[A-Za-z_]\w*/g) ?? []) names.add(name);
  });
  return names;
}

function hasTable(blocks: readonly Block[]): boolean {
  return blocks.some((block) => block.kind === 'function' && block.body.statements.some((one) => one.kind === 'table'));
}

/** What NEURON declares where there is a TABLE: 0 makes routines compute instead of looking up. */
export const USETABLE = 'usetable';

class Collector {
  readonly #source: Source;
  readonly #neuron: NeuronFacts;
  readonly #assigned: ReadonlySet<string>;
  readonly #report: Report;
  readonly #units = new UnitTable();
  readonly #meanings = new Map<string, Meaning>();
  readonly #defines = new Map<string, number>();
  /** Where names are declared. */
  readonly #places = new Map<string, Span>();
  readonly #states = new Map<string, { name: string; length: number }>();
  readonly #startValues = new Map<string, { state: Variable; value: number; units: string }>();

  constructor(source: Source, neuron: NeuronFacts, assigned: ReadonlySet<string>, report: Report) {
    this.#source = source;
    this.#neuron = neuron;
    this.#assigned = assigned;
    this.#report = report;
    for (const name of AMBIENT) if (!this.#isOwn(name)) this.#meanings.set(name, { kind: 'ambient', name });
    for (const name of this.#listed('POINTER')) this.#meanings.set(name, { kind: 'pointer' });
    for (const name of this.#listed('BBCOREPOINTER')) this.#meanings.set(name, { kind: 'pointer' });
    for (const name of this.#listed('RANDOM')) this.#meanings.set(name, { kind: 'random' });
    for (const name of this.#listed('EXTERNAL')) this.#meanings.set(name, { kind: 'external' });
  }

  /** Whether the file makes a number of NEURON's its own: GLOBAL celsius is a variable of the mechanism, which nobody sets. */
  #isOwn(name: Ambient): boolean {
    const lists = (['RANGE', 'GLOBAL'] as const).flatMap((keyword) => this.#neuron.lists.get(keyword)?.get(name) ?? []);
    const [span] = lists;
    if (span === undefined || name === 'v') return false;
    if (name !== 'celsius') this.#report('special-listed', span, { name });
    return name === 'celsius';
  }

  #listed(keyword: Parameters<NeuronFacts['lists']['get']>[0]): Iterable<string> {
    return this.#neuron.lists.get(keyword)?.keys() ?? [];
  }

  #isListed(keyword: Parameters<NeuronFacts['lists']['get']>[0], name: string): boolean {
    return this.#neuron.lists.get(keyword)?.has(name) === true;
  }

  useTables(): void {
    const field: Field = {
      name: USETABLE,
      length: 1,
      role: 'parameter',
      initial: 1,
      units: '',
      visible: true,
      line: 0,
    };
    this.#meanings.set(USETABLE, { kind: 'field', where: 'global', field });
  }

  define(block: Extract<Block, { kind: 'define' }>): void {
    this.#defines.set(block.name, Number(block.value));
  }

  add(block: Block): void {
    if (block.kind === 'variables' && block.keyword !== 'INDEPENDENT')
      for (const variable of block.variables) this.#variable(block.keyword, variable);
    else if (block.kind === 'units') this.#unitLines(block);
    else if (block.kind === 'local') for (const one of block.names) this.#fileLocal(one);
    else if (block.kind === 'function') this.#named(block.name, { kind: 'routine', block }, block);
    else if (block.kind === 'function-table') this.#named(block.name, { kind: 'table', block }, block);
    else if (block.kind === 'named') this.#named(block.name, { kind: 'solved', block }, block);
  }

  #named(name: string, meaning: Meaning, span: Span): void {
    if (this.#meanings.has(name)) this.#report('duplicate-declaration', span, { name });
    else this.#meanings.set(name, meaning);
  }

  #variable(keyword: 'PARAMETER' | 'CONSTANT' | 'ASSIGNED' | 'STATE', variable: Variable): void {
    const { name } = variable;
    this.#places.set(name, variable);
    const known = this.#meanings.get(name);
    if (name === USETABLE && known !== undefined) return;
    if (known !== undefined && known.kind !== 'field' && known.kind !== 'number') {
      // NEURON's own variables, POINTERs and the like may be declared, to give their units.
      if (known.kind === 'routine' || known.kind === 'table' || known.kind === 'solved')
        this.#report('duplicate-declaration', variable, { name });
      return;
    }
    if (known !== undefined) {
      this.#report('duplicate-declaration', variable, { name });
      return;
    }
    const isIon = this.#neuron.ionVariables.has(name);
    const value = variable.value === null ? 0 : this.#number(variable.value, variable);
    if (keyword === 'CONSTANT' && !this.#assigned.has(name)) {
      this.#meanings.set(name, { kind: 'number', value });
      return;
    }
    const range = this.#isListed('RANGE', name);
    const current = this.#neuron.currents.some((one) => one.variable === name);
    const instance =
      keyword === 'STATE' ||
      isIon ||
      (keyword === 'PARAMETER' ? range || current : keyword === 'ASSIGNED' && !this.#isListed('GLOBAL', name));
    const length = variable.length === null ? 1 : this.#length(variable.length, name, variable);
    const field: Field = {
      name,
      length,
      role: isIon && keyword !== 'STATE' ? 'ion' : (ROLES[keyword] ?? 'assigned'),
      initial: isIon || length > 1 ? 0 : keyword === 'CONSTANT' ? value : sixDigits(value),
      units: variable.units ?? '',
      visible: instance ? !isIon && (range || keyword === 'STATE') : keyword !== 'CONSTANT',
      line: positionAt(this.#source, variable.start).line,
    };
    this.#meanings.set(name, { kind: 'field', where: instance ? 'instance' : 'global', field });
    if (keyword === 'STATE') this.#state(variable, length);
  }

  #state(variable: Variable, length: number): void {
    this.#states.set(variable.name, { name: variable.name, length });
    // A concentration starts from the ion.
    const ion = this.#neuron.ionVariables.get(variable.name);
    if (ion?.field === 'inside' || ion?.field === 'outside') return;
    const value = variable.startValue === null ? 0 : sixDigits(this.#number(variable.startValue, variable));
    this.#startValues.set(`${variable.name}0`, { state: variable, value, units: variable.units ?? '' });
  }

  #unitLines(block: Extract<Block, { kind: 'units' }>): void {
    for (const line of block.lines) {
      const [first = '', second] = line.units;
      if (line.isUnit) {
        // A unit that is only named in declarations need not be known to us.
        this.#units.define(line.name, first);
        continue;
      }
      const value = line.value === null ? this.#units.factor(first, second ?? '1') : this.#number(line.value, line);
      if (typeof value === 'object') this.#report('unknown-unit', line, { unit: value.unknown });
      const number = typeof value === 'object' ? 1 : value;
      if (!this.#assigned.has(line.name)) this.#named(line.name, { kind: 'number', value: number }, line);
      else this.#global(line.name, number, 'constant', line);
    }
  }

  #fileLocal(one: Declarator): void {
    const length = one.length === null ? 1 : this.#length(one.length, one.name, one);
    this.#global(one.name, 0, 'internal', one, length);
  }

  #global(name: string, initial: number, role: Role, span: Span, length = 1): void {
    const { line } = positionAt(this.#source, span.start);
    const field: Field = { name, length, role, initial, units: '', visible: false, line };
    this.#named(name, { kind: 'field', where: 'global', field }, span);
  }

  #number(text: string, span: Span): number {
    const sign = text.startsWith('-') ? -1 : 1;
    const bare = text.replace(/^-/, '');
    const value = this.#defines.get(bare) ?? Number(bare);
    if (Number.isNaN(value)) this.#report('not-a-number', span, { text });
    return Number.isNaN(value) ? 0 : sign * value;
  }

  #length(text: string, name: string, span: Span): number {
    const length = this.#defines.get(text) ?? Number(text);
    if (Number.isInteger(length) && length > 0 && length <= 1e4) return length;
    this.#report('array-length', span, { name });
    return 1;
  }

  /** Adds what NEURON declares by itself: x0 of the states, ion variables, currents, usetable. */
  finish(): Declarations {
    const starts = new Map<string, string>();
    for (const [name, { state, value }] of this.#startValues) {
      if (!this.#meanings.has(name)) this.#global(name, value, 'internal', state);
      starts.set(state.name, name);
    }
    const implied = [...this.#neuron.ionVariables.keys(), ...this.#neuron.currents.map(({ variable }) => variable)];
    for (const name of implied) {
      const known = this.#meanings.get(name);
      if (known !== undefined) {
        const isOwn = known.kind === 'field' && known.where === 'instance';
        if (!isOwn) this.#report('ion-redeclared', this.#places.get(name) ?? { start: 0, end: 0 }, { name });
        continue;
      }
      const role = this.#neuron.ionVariables.has(name) ? 'ion' : 'assigned';
      const field: Field = { name, length: 1, role, initial: 0, units: '', visible: role !== 'ion', line: 1 };
      this.#meanings.set(name, { kind: 'field', where: 'instance', field });
    }
    return {
      neuron: this.#neuron,
      meanings: this.#meanings,
      defines: this.#defines,
      states: this.#states,
      starts,
      ionVariables: this.#neuron.ionVariables,
    };
  }
}
