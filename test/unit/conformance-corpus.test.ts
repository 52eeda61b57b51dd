/** The mechanisms of test/conformance/mod between them use every construct of NMODL and every surprise of NEURON's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { codeFrame, type Mechanism, parse } from '../../src/nmodl/index.ts';

const FOLDER = join(packageFolder(), 'test', 'conformance', 'mod');
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.mod'))
  .map((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    return { name, text, ...parse({ file: name, text }) };
  });

/** Every object of a tree that has a kind. */
function* nodes(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const one of value) yield* nodes(one);
  else if (typeof value === 'object' && value !== null) {
    if ('kind' in value) yield value as Readonly<Record<string, unknown>>;
    for (const one of Object.values(value)) yield* nodes(one);
  }
}

type Node = Readonly<Record<string, unknown>>;
const all = files.flatMap(({ mechanism }) => [...nodes(mechanism)]);
const some = (holds: (node: Node) => unknown) => all.some((node) => Boolean(holds(node)));
const kind = (name: string) => some((node) => node.kind === name);
const calls = (name: string) => some((node) => node.kind === 'call' && node.name === name);
const lists = (keyword: string) => some((node) => node.kind === 'names' && node.keyword === keyword);
const mechanism = (keyword: string) => some((node) => node.kind === 'mechanism' && node.keyword === keyword);
const solves = (method: string | null, steadyState = false) =>
  some((node) => node.kind === 'solve' && node.method === method && node.steadyState === steadyState);
const ions = (holds: (ion: { name: string; read: string[]; write: string[] }) => boolean) =>
  some((node) => node.kind === 'ion' && holds(node as never));
const hasLength = (items: unknown) => Array.isArray(items) && items.length > 0;
const reaction = (arrow: string) => some((node) => node.kind === 'reaction' && node.arrow === arrow);
const variables = (keyword: string, holds: (one: Record<string, unknown>) => unknown) =>
  some(
    (node) =>
      node.kind === 'variables' &&
      node.keyword === keyword &&
      (node.variables as Record<string, unknown>[]).some(holds),
  );
const block = (keyword: string) => some((node) => node.keyword === keyword);
const verbatim = (pattern: RegExp) => some((node) => node.kind === 'verbatim' && pattern.test(String(node.text)));

const CONSTRUCTS: Readonly<Record<string, boolean>> = {
  'density mechanism': mechanism('SUFFIX'),
  'point process': mechanism('POINT_PROCESS'),
  'artificial cell': mechanism('ARTIFICIAL_CELL'),
  cnexp: solves('cnexp'),
  derivimplicit: solves('derivimplicit'),
  sparse: solves('sparse'),
  euler: solves('euler'),
  'SOLVE without a method': solves(null),
  'STEADYSTATE sparse': solves('sparse', true),
  'STEADYSTATE derivimplicit': solves('derivimplicit', true),
  'no SOLVE': files.some(
    ({ mechanism: tree }) => block('BREAKPOINT') && ![...nodes(tree)].some((node) => node.kind === 'solve'),
  ),
  TABLE: kind('table'),
  'TABLE DEPEND': some((node) => node.kind === 'table' && hasLength(node.depend)),
  'TABLE in a FUNCTION': some((node) => node.kind === 'table' && !hasLength(node.names)),
  FUNCTION_TABLE: kind('function-table'),
  DERIVATIVE: block('DERIVATIVE'),
  KINETIC: block('KINETIC'),
  LINEAR: block('LINEAR'),
  NONLINEAR: block('NONLINEAR'),
  DISCRETE: block('DISCRETE'),
  '<->': reaction('<->'),
  '<<': reaction('<<'),
  '->': reaction('->'),
  'coefficients in reactions': some((node) =>
    node.kind === 'reaction'
      ? (node.left as { coefficient: unknown }[]).some((side) => side.coefficient !== null)
      : false,
  ),
  CONSERVE: kind('conserve'),
  'CONSERVE with coefficients': some((node) =>
    node.kind === 'conserve'
      ? (node.left as { coefficient: unknown }[]).some((side) => side.coefficient !== null)
      : false,
  ),
  COMPARTMENT: kind('compartment'),
  'COMPARTMENT with an index': some((node) => node.kind === 'compartment' && node.index !== null),
  LONGITUDINAL_DIFFUSION: kind('diffusion'),
  'f_flux and b_flux': some((node) => node.name === 'f_flux') && some((node) => node.name === 'b_flux'),
  'write current': ions(({ name, write }) => write.includes(`i${name}`)),
  'read current': ions(({ name, read }) => read.includes(`i${name}`)),
  'read reversal': ions(({ name, read }) => read.includes(`e${name}`)),
  'write reversal': ions(({ name, write }) => write.includes(`e${name}`)),
  'read concentration': ions(({ name, read }) => read.includes(`${name}i`)),
  'read outside': ions(({ name, read }) => read.includes(`${name}o`)),
  'write concentration': ions(({ name, write }) => write.includes(`${name}i`)),
  'write outside': ions(({ name, write }) => write.includes(`${name}o`)),
  VALENCE: some((node) => node.kind === 'ion' && node.valence !== null),
  'custom ions': ions(({ name }) => !['na', 'k', 'ca', 'cl'].includes(name)),
  NONSPECIFIC_CURRENT: lists('NONSPECIFIC_CURRENT'),
  ELECTRODE_CURRENT: lists('ELECTRODE_CURRENT'),
  NET_RECEIVE: kind('net-receive'),
  'NET_RECEIVE with several arguments': some(
    (node) => node.kind === 'net-receive' && (node.arguments as unknown[]).length > 2,
  ),
  'INITIAL in NET_RECEIVE': kind('initial'),
  net_send: calls('net_send'),
  net_event: calls('net_event'),
  net_move: calls('net_move'),
  WATCH: kind('watch'),
  'WATCH of several': some((node) => node.kind === 'watch' && (node.conditions as unknown[]).length > 1),
  FOR_NETCONS: kind('for-netcons'),
  state_discontinuity: calls('state_discontinuity'),
  at_time: calls('at_time'),
  VERBATIM: kind('verbatim'),
  'VERBATIM return': verbatim(/return 0;/),
  'VERBATIM of an ion': verbatim(/_ion_cai/),
  'VERBATIM of hoc arguments': verbatim(/getarg\(1\)/),
  'VERBATIM draw': verbatim(/nrnran123_dblpick/),
  printf: calls('printf'),
  POINTER: lists('POINTER'),
  BBCOREPOINTER: lists('BBCOREPOINTER'),
  RANDOM: lists('RANDOM'),
  GLOBAL: lists('GLOBAL'),
  RANGE: lists('RANGE'),
  THREADSAFE: lists('THREADSAFE'),
  INCLUDE: kind('include'),
  BEFORE: some((node) => node.kind === 'hook' && node.when === 'BEFORE'),
  AFTER: some((node) => node.kind === 'hook' && node.when === 'AFTER'),
  CONSTRUCTOR: block('CONSTRUCTOR'),
  DESTRUCTOR: block('DESTRUCTOR'),
  TITLE: kind('title'),
  COMMENT: files.some(({ text }) => /^COMMENT/m.test(text)),
  'comments with ?': files.some(({ text }) => /^\?/m.test(text)),
  'non-ASCII': files.some(({ text }) => /[^\0-\x7f]/.test(text)),
  'units in expressions': some((node) => node.kind === 'number' && node.units !== null),
  'numbers in parentheses': some((node) => node.kind === 'group' && (node.inner as { kind: string }).kind === 'number'),
  UNITSOFF: some((node) => node.kind === 'marker' && node.name === 'UNITSOFF'),
  'constants of the table of units': some(
    (node) => node.kind === 'units' && JSON.stringify(node.lines).includes('"value":null'),
  ),
  'LOCAL at file scope': files.some(({ mechanism: tree }) => tree.blocks.some(({ kind: one }) => one === 'local')),
  limits: variables('PARAMETER', ({ limits }) => hasLength(limits)),
  INDEPENDENT: block('INDEPENDENT'),
  CONSTANT: block('CONSTANT'),
  DEFINE: kind('define'),
  FROM: kind('from'),
  'FROM with BY': some((node) => node.kind === 'from' && node.by !== null),
  while: kind('while'),
  arrays: variables('ASSIGNED', ({ length }) => length !== null),
  'state arrays': variables('STATE', ({ length }) => length !== null),
  '~ in equations': kind('equation'),
  'assigns to v': some((node) => node.kind === 'assign' && (node.target as { name?: string }).name === 'v'),
  PROTECT: kind('protect'),
  MUTEXLOCK: some((node) => node.kind === 'marker' && node.name === 'MUTEXLOCK'),
  'reads celsius': some((node) => node.kind === 'variable' && node.name === 'celsius'),
  'reads area': some((node) => node.kind === 'variable' && node.name === 'area'),
  'reads diam': some((node) => node.kind === 'variable' && node.name === 'diam'),
  'reads dt': some((node) => node.kind === 'variable' && node.name === 'dt'),
};

test.each(Object.keys(CONSTRUCTS))('%s is used', (name) => {
  expect(CONSTRUCTS[name]).toBe(true);
});

test.each(Array.from({ length: 16 }, (_, index) => index + 1))('surprise %d has a mechanism', (number) => {
  const named = files.filter(({ text }) => new RegExp(`Surprises: (?:\\d+, )*${number}(?:, \\d+)*\\.`).test(text));
  expect(named.length).toBeGreaterThan(0);
});

test('there are sixty of them and more, no two of one name', () => {
  expect(files.length).toBeGreaterThanOrEqual(60);
  const names = files.flatMap(({ mechanism: tree }) => nameOf(tree));
  expect(new Set(names).size).toBe(files.length);
});

function nameOf(tree: Mechanism): string[] {
  return [...nodes(tree)].flatMap((node) => (node.kind === 'mechanism' ? [String(node.name)] : []));
}

describe.each(files)('$name', ({ name, text, diagnostics }) => {
  test('is short, says in plain words what it is for, and is read without complaint', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(62);
    const header = text.replace(/^TITLE.*\n/, '');
    expect(header).toMatch(/^: \S.{30,}/);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((one) => codeFrame({ file: name, text }, one))).toEqual([]);
  });
});
