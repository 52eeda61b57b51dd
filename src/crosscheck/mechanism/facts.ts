/**
 * What a mechanism file declares, from its syntax alone: enough to design an experiment for it, also where the compiler
 * refuses the file.
 */
import { basename, dirname, join } from 'node:path';
import { type Block, parse, type Variable } from '../../nmodl/index.ts';

export interface IonFacts {
  readonly name: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly valence: number | null;
}

export interface ParameterFacts {
  readonly name: string;
  /** Null where the file gives none. */
  readonly value: number | null;
  /** As written, without parentheses. */
  readonly units: string;
  readonly range: boolean;
}

export interface MechanismFacts {
  readonly file: string;
  readonly kind: 'density' | 'point' | 'artificial' | 'nothing';
  /** SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL name. */
  readonly name: string;
  readonly ions: readonly IonFacts[];
  /** POINTERs to numbers, and whether the file writes what they point at; those that only C uses, for addresses, are left out. */
  readonly pointers: readonly { readonly name: string; readonly written: boolean }[];
  /** Variables of instances that the file never sets: hoc is to set them. */
  readonly inputs: readonly { readonly name: string; readonly units: string }[];
  readonly randoms: readonly string[];
  readonly parameters: readonly ParameterFacts[];
  /** Arguments of NET_RECEIVE, or null where there is none. */
  readonly weights: readonly string[] | null;
  readonly functionTables: readonly { readonly name: string; readonly arguments: number }[];
  /** Names that belong to the surroundings: ion variables, currents, the potential and the like. */
  readonly ambient: ReadonlySet<string>;
}

const AMBIENT = ['v', 't', 'dt', 'celsius', 'area', 'diam', 'secondorder'];

/** Reads the files that a text includes; null where there is none of this name. */
export type ReadInclude = (file: string) => string | null;

/** What the file declares. */
export function factsOf(file: string, text: string, read: ReadInclude): MechanismFacts {
  const blocks = blocksOf(file, text, read, new Set());
  const neuron = blocks.flatMap((block) => (block.kind === 'neuron' ? block.statements : []));
  const names = (keyword: string) =>
    neuron.flatMap((one) => (one.kind === 'names' && one.keyword === keyword ? one.names : []));
  const declared = neuron.find((one) => one.kind === 'mechanism');
  const range = new Set(names('RANGE'));
  const written = writtenIn(text);
  const ambient = new Set([
    ...AMBIENT,
    ...['NONSPECIFIC_CURRENT', 'ELECTRODE_CURRENT', 'POINTER', 'BBCOREPOINTER'].flatMap(names),
    ...neuron.flatMap((one) => (one.kind === 'ion' ? [...one.read, ...one.write] : [])),
  ]);
  return {
    file,
    ...kindOf(declared, file),
    ions: neuron.flatMap((one) =>
      one.kind === 'ion'
        ? [
            {
              name: one.name,
              read: one.read,
              write: one.write,
              valence: one.valence === null ? null : Number(one.valence),
            },
          ]
        : [],
    ),
    pointers: names('POINTER')
      .filter((name) => !isOpaque(name, text, blocks))
      .map((name) => ({ name, written: written.has(name) })),
    inputs: blocks.flatMap((block) =>
      block.kind === 'variables' && block.keyword === 'ASSIGNED'
        ? block.variables.filter(({ name }) => range.has(name) && !written.has(name) && !ambient.has(name)).map(inputOf)
        : [],
    ),
    randoms: names('RANDOM'),
    parameters: blocks.flatMap((block) =>
      block.kind === 'variables' && block.keyword === 'PARAMETER'
        ? block.variables.map((variable) => parameterOf(variable, range))
        : [],
    ),
    weights:
      blocks.flatMap((block) => (block.kind === 'net-receive' ? [block.arguments.map(({ name }) => name)] : []))[0] ??
      null,
    functionTables: blocks.flatMap((block) =>
      block.kind === 'function-table' ? [{ name: block.name, arguments: block.arguments.length }] : [],
    ),
    ambient,
  };
}

function kindOf(
  declared: { readonly keyword: 'SUFFIX' | 'POINT_PROCESS' | 'ARTIFICIAL_CELL'; readonly name: string } | undefined,
  file: string,
): Pick<MechanismFacts, 'kind' | 'name'> {
  // Without a NEURON block, or a SUFFIX in it, a mechanism is called as its file.
  if (declared === undefined) return { kind: 'density', name: basename(file, '.mod') };
  const { keyword, name } = declared;
  if (keyword === 'SUFFIX') return { kind: name === 'nothing' ? 'nothing' : 'density', name };
  return { kind: keyword === 'POINT_PROCESS' ? 'point' : 'artificial', name };
}

/** Names that stand left of an equals sign anywhere, or in C. */
function writtenIn(text: string): ReadonlySet<string> {
  const names = [...text.matchAll(/(\w+)(?:\s*\[[^\]\n]*\])?\s*=(?!=)/g)].map(([, name]) => name ?? '');
  const verbatim = [...text.matchAll(/^\s*VERBATIM\b([\s\S]*?)^\s*ENDVERBATIM/gm)];
  return new Set([...names, ...verbatim.flatMap(([, code]) => code?.match(/\w+/g) ?? [])]);
}

/** Whether only C uses the name: then it holds an address, and nothing is to be written there. */
function isOpaque(name: string, text: string, blocks: readonly Block[]): boolean {
  const word = new RegExp(`\\b(?:_p_)?${name}\\b`);
  const uses = blocks.filter(({ kind }) => kind !== 'neuron' && kind !== 'variables' && kind !== 'title');
  const texts = uses.map(({ start, end }) => text.slice(start, end));
  return texts.some((one) => word.test(one)) && !texts.some((one) => word.test(withoutC(one)));
}

function withoutC(text: string): string {
  return text.replaceAll(/^[ \t]*VERBATIM\b[\s\S]*?^[ \t]*ENDVERBATIM\b/gm, '').replaceAll(/[:?].*$/gm, '');
}

function inputOf({ name, units }: Variable): { name: string; units: string } {
  return { name, units: bare(units) };
}

/** Units without parentheses and spaces. */
function bare(units: string | null): string {
  return (units ?? '').replaceAll(/[()\s]/g, '');
}

function parameterOf({ name, value, units }: Variable, range: ReadonlySet<string>): ParameterFacts {
  return {
    name,
    value: value === null ? null : Number(value),
    units: bare(units),
    range: range.has(name),
  };
}

function blocksOf(file: string, text: string, read: ReadInclude, seen: Set<string>): Block[] {
  return parse({ file, text }).mechanism.blocks.flatMap((block) => {
    if (block.kind !== 'include') return [block];
    const included = join(dirname(file), block.file.replaceAll('"', ''));
    if (seen.has(included)) return [];
    seen.add(included);
    const inner = read(included);
    return inner === null ? [] : blocksOf(included, inner, read, seen);
  });
}
