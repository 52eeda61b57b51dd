/** Rules about names: used twice, reserved, not declared. What NEURON's translator says. */
import type { Block, Span } from '../../nmodl/index.ts';
import { type Edit, findAll, type ModText, removal } from '../text.ts';
import { complaintsLike, type Finding, finding, lineSpan, type Rule } from './rule.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

function blocksOf<Kind extends Block['kind']>({ blocks }: ModText, kind: Kind): Of<Kind>[] {
  return blocks.filter((block): block is Of<Kind> => block.kind === kind);
}

/** Takes a name out of the lists of NEURON whose keyword is one of those given. */
function takeOutOfLists(mod: ModText, name: string, keywords: readonly string[]): { span: Span; edit: Edit }[] {
  return blocksOf(mod, 'neuron').flatMap(({ statements }) =>
    statements.flatMap((statement) => {
      if (statement.kind !== 'names' || !keywords.includes(statement.keyword)) return [];
      if (!statement.names.includes(name)) return [];
      const inside = mod.nmodl.slice(statement.start, statement.end);
      const at = new RegExp(`\\b${name}\\b`).exec(inside.slice(statement.keyword.length));
      if (at === null) return [];
      const start = statement.start + statement.keyword.length + at.index;
      const span = { start, end: start + name.length };
      if (statement.names.length === 1) return [{ span, edit: removal(mod.source.text, statement) }];
      const after = /^\s*,\s*/.exec(mod.nmodl.slice(span.end, statement.end));
      const before = /,\s*$/.exec(mod.nmodl.slice(statement.start, start));
      if (after !== null) return [{ span, edit: { start, end: span.end + after[0].length, text: '' } }];
      const from = before === null ? start : start - before[0].length;
      return [{ span, edit: { start: from, end: span.end, text: '' } }];
    }),
  );
}

/** Every place where a name stands in NMODL, renamed. */
function renamed(text: string, name: string, to: string, within?: Span): Edit[] {
  return findAll(text, new RegExp(`\\b${name}\\b`, 'g'))
    .map(({ index }) => ({ start: index, end: index + name.length, text: to }))
    .filter(({ start }) => within === undefined || (within.start <= start && start < within.end));
}

const LISTS = ['RANGE', 'GLOBAL', 'POINTER', 'EXTERNAL'];

/** `r used as both variable and function`. */
export const variableAndFunction: Rule = (failing) =>
  complaintsLike(failing, 'translate', /\b(\w+) used as both variable and function/).flatMap(({ match }): Finding[] => {
    const { mod } = failing;
    const name = match[1] ?? '';
    const block = blocksOf(mod, 'function').find((one) => one.name === name);
    const what = block?.keyword ?? 'function';
    const declared = blocksOf(mod, 'variables').flatMap(({ variables }) =>
      variables.filter((one) => one.name === name),
    );
    const listed = takeOutOfLists(mod, name, LISTS);
    const place = listed[0]?.span ?? declared[0] ?? block;
    if (place === undefined) return [];
    if (declared.length === 0)
      return [
        finding(
          'variable-and-function',
          place,
          { name, what },
          listed.map(({ edit }) => edit),
        ),
      ];
    if (block === undefined) return [finding('variable-and-function', place, { name, what })];
    const calls = findAll(mod.nmodl, new RegExp(`\\b${name}\\b(?=\\s*\\()`, 'g')).map(({ index }) => index);
    const outside = calls.filter(
      (at) => !(block.start <= at && at < block.end) && !declared.some(({ start, end }) => start <= at && at < end),
    );
    const edits = [
      ...renamed(mod.nmodl, name, `${name}_`, block),
      ...outside.map((start) => ({ start, end: start + name.length, text: `${name}_` })),
    ];
    return [finding('variable-and-function', place, { name, what }, edits)];
  });

/** `cai is a STATE variable and hence cannot be declared as GLOBAL`. */
export const stateIsGlobal: Rule = (failing) =>
  complaintsLike(failing, 'translate', /(\w+) is a STATE variable and hence cannot be declared as GLOBAL/).flatMap(
    ({ match }) => {
      const name = match[1] ?? '';
      return takeOutOfLists(failing.mod, name, ['GLOBAL']).map(({ span, edit }) =>
        finding('state-is-global', span, { name }, [edit]),
      );
    },
  );

/** `v does not have a proper declaration`: nothing declares it, or INDEPENDENT does. */
export const voltageUndeclared: Rule = (failing) =>
  complaintsLike(failing, 'translate', /\bv does not have a proper declaration/).map(() => {
    const { mod } = failing;
    const used = /\bv\b/.exec(mod.nmodl);
    const span = { start: used?.index ?? 0, end: (used?.index ?? 0) + 1 };
    const edits: Edit[] = [];
    for (const { keyword, variables, start, end } of blocksOf(mod, 'variables')) {
      if (keyword !== 'INDEPENDENT' || !variables.some(({ name }) => name === 'v')) continue;
      edits.push({ start, end, text: 'INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }' });
    }
    const neuron = blocksOf(mod, 'neuron')[0];
    const at = neuron?.end ?? mod.source.text.length;
    edits.push({ start: at, end: at, text: '\n\nASSIGNED { v (mV) }' });
    return finding('voltage-undeclared', span, {}, edits);
  });

/** `t is a ASSIGNED`, `t is a INDEPENDENT`. */
export const timeDeclared: Rule = (failing) =>
  complaintsLike(failing, 'translate', /\bt is a \w+(?:.*)multiple uses for same variable/).flatMap(() =>
    blocksOf(failing.mod, 'variables')
      .filter(({ keyword }) => keyword !== 'INDEPENDENT')
      .flatMap(({ variables }) => variables.filter(({ name }) => name === 't'))
      .map((one) => finding('time-declared', one, {}, [removal(failing.mod.source.text, one)])),
  );

/** `step is a RESERVED WORD`. */
export const reservedWord: Rule = (failing) =>
  complaintsLike(failing, 'translate', /\b(\w+) is a RESERVED WORD/).flatMap(({ match }): Finding[] => {
    const { mod } = failing;
    const name = match[1] ?? '';
    const [first, ...more] = [...renamed(mod.nmodl, name, `${name}_`), ...renamed(mod.c, name, `${name}_`)];
    return first === undefined ? [] : [finding('reserved-word', first, { name }, [first, ...more])];
  });

/** `caiis WRITE but is not a STATE and has no assignment statement`. */
export const writtenNowhere: Rule = (failing) =>
  complaintsLike(failing, 'translate', /(\w+?)\s*is WRITE but is not a STATE and has no assignment/).map(
    ({ match }) => {
      const name = match[1] ?? '';
      const at = new RegExp(`\\b${name}\\b`).exec(failing.mod.nmodl)?.index ?? 0;
      return finding('written-nowhere', { start: at, end: at + name.length }, { name });
    },
  );

/** Two blocks of derivatives, at which the translator stops or does not end. */
export const severalDerivatives: Rule = (failing) => {
  if (!failing.complaints.some(({ stage, message }) => stage === 'translate' && /end|SOLVE|block|memory/.test(message)))
    return [];
  const solved = new Set(findAll(failing.mod.nmodl, /\bSOLVE\s+(\w+)/g).map((match) => match[1] ?? ''));
  const derivatives = failing.mod.blocks.filter(
    (block): block is Of<'named'> => block.kind === 'named' && block.keyword === 'DERIVATIVE' && solved.has(block.name),
  );
  const second = derivatives[1];
  return second === undefined ? [] : [finding('several-derivatives', head(second), {})];
};

/** A block's first line. */
function head({ start, keyword, name }: Of<'named'>): Span {
  return { start, end: start + keyword.length + 1 + name.length };
}

/** What the translator says of text that it cannot read, where no rule knows better. */
export function notNmodl(failing: Parameters<Rule>[0]): Finding[] {
  const complaint = failing.complaints.find(({ stage }) => stage === 'translate');
  if (complaint?.line == null) return [];
  const span = lineSpan(failing.mod.source.text, complaint.line);
  return [finding('not-nmodl', span, { message: `NEURON’s translator: ${complaint.message}` })];
}
