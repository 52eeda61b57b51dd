/** What the NEURON block says. */
import type { Current, IonField, IonUse, KernelProgram } from '../../kernel/program.ts';
import type { Span } from '../source.ts';
import type { Block, NeuronList, NeuronStatement } from '../syntax.ts';
import type { Report } from './report.ts';

export interface NeuronFacts {
  readonly name: string;
  readonly kind: KernelProgram['kind'];
  readonly ions: readonly IonUse[];
  readonly currents: readonly Current[];
  readonly electrode: boolean;
  readonly threadsafe: boolean;
  /** Names by list, where they stand. */
  readonly lists: ReadonlyMap<NeuronList, ReadonlyMap<string, Span>>;
  /** Ion variables: which ion and which of its fields. */
  readonly ionVariables: ReadonlyMap<string, { readonly ion: string; readonly field: IonField }>;
}

const KINDS = { SUFFIX: 'density', POINT_PROCESS: 'point', ARTIFICIAL_CELL: 'artificial' } as const;

/** Reads all NEURON blocks of a file together. */
export function readNeuron(blocks: readonly Block[], fallbackName: string, report: Report): NeuronFacts {
  const statements = blocks.flatMap((block) => (block.kind === 'neuron' ? block.statements : []));
  const mechanism = statements.find((one) => one.kind === 'mechanism');
  for (const one of statements)
    if (one.kind === 'mechanism' && one !== mechanism) report('duplicate-declaration', one, { name: one.name });
  if (mechanism?.name === 'nothing') report('no-mechanism', mechanism, {});
  const lists = new Map<NeuronList, Map<string, Span>>();
  const ionVariables = new Map<string, { ion: string; field: IonField }>();
  const ions: IonUse[] = [];
  const currents: Current[] = [];
  for (const one of statements) {
    if (one.kind === 'names') {
      const list = lists.get(one.keyword) ?? new Map<string, Span>();
      lists.set(one.keyword, list);
      for (const name of one.names) list.set(name, one);
      if (one.keyword === 'NONSPECIFIC_CURRENT' || one.keyword === 'ELECTRODE_CURRENT')
        for (const variable of one.names) currents.push({ variable, ion: null });
    } else if (one.kind === 'ion') {
      const use = readIon(one, ionVariables, report);
      if (ions.some((other) => other.ion === use.ion)) report('duplicate-declaration', one, { name: use.ion });
      ions.push(use);
      for (const { field, variable } of use.writes) if (field === 'current') currents.push({ variable, ion: use.ion });
    }
  }
  return {
    name: mechanism?.name ?? fallbackName,
    kind: KINDS[mechanism?.keyword ?? 'SUFFIX'],
    ions,
    currents,
    electrode: lists.has('ELECTRODE_CURRENT'),
    threadsafe: lists.has('THREADSAFE'),
    lists,
    ionVariables,
  };
}

/** NEURON copies what is read, and concentrations that are written, before a phase runs; what is written after it. */
function readIon(
  one: Extract<NeuronStatement, { kind: 'ion' }>,
  variables: Map<string, { ion: string; field: IonField }>,
  report: Report,
): IonUse {
  const ion = one.name;
  const named = (names: readonly string[]) =>
    names.flatMap((variable) => {
      const field = ionField(variable, ion);
      if (field === null) {
        report('unknown-ion-variable', one, { name: variable, ion });
        return [];
      }
      variables.set(variable, { ion, field });
      return [{ field, variable }];
    });
  const reads = named(one.read);
  const writes = named(one.write);
  const concentrations = writes.filter(({ field }) => field === 'inside' || field === 'outside');
  const seen = new Set<string>();
  const all = [...reads, ...concentrations].filter(({ variable }) => !seen.has(variable) && seen.add(variable));
  const valence = one.valence === null || Number.isNaN(Number(one.valence)) ? null : Number(one.valence);
  return { ion, valence, reads: all, writes };
}

function ionField(variable: string, ion: string): IonField | null {
  if (variable === `i${ion}`) return 'current';
  if (variable === `e${ion}`) return 'reversal';
  if (variable === `${ion}i`) return 'inside';
  if (variable === `${ion}o`) return 'outside';
  return null;
}
