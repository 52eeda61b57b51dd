/** Rules about statements in VERBATIM that C took and C++ does not, and about calls that NEURON 9 has changed. */
import type { Block, Span } from '../../nmodl/index.ts';
import { blockAt, type Edit, findAll } from '../text.ts';
import { complaintsLike, type Failing, type Finding, finding, locate, type Rule } from './rule.ts';

/** `scop_random(1)`, in NMODL and in VERBATIM. */
export const scopRandomArgument: Rule = (failing) => {
  if (complaintsLike(failing, 'compile', /scop_random/).length === 0) return [];
  const { mod } = failing;
  return [mod.nmodl, mod.c].flatMap((text) =>
    findAll(text, /\bscop_random\s*\(([^()]*[^()\s][^()]*)\)/g).map((match) => {
      const span = { start: match.index, end: match.index + match[0].length };
      return finding('scop-random-argument', span, {}, [{ ...span, text: 'scop_random()' }]);
    }),
  );
};

/** The places of a pattern in the lines that complaints of a kind show. */
function inLines(
  failing: Failing,
  message: RegExp,
  pattern: RegExp,
): { span: Span; match: RegExpExecArray; of: RegExpExecArray }[] {
  return complaintsLike(failing, 'compile', message).flatMap(({ complaint, match: of }) => {
    const line = locate(failing, complaint);
    if (line === null) return [];
    return findAll(failing.mod.c.slice(line.start, line.end), pattern).map((match) => {
      const start = line.start + match.index;
      return { span: { start, end: start + match[0].length }, match, of };
    });
  });
}

/** The statements of VERBATIM that match, in blocks of the one sort or the other; where there are none, those in the lines shown. */
function returns(
  failing: Failing,
  message: RegExp,
  pattern: RegExp,
  wanted: (block: Block | undefined) => boolean,
): Span[] {
  if (complaintsLike(failing, 'compile', message).length === 0) return [];
  const all = findAll(failing.mod.c, pattern).map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
  const shown = inLines(failing, message, pattern).map(({ span }) => span);
  const likely = all.filter(({ start }) => wanted(blockAt(failing.mod, start)));
  return likely.length > 0 ? likely : shown;
}

/** `return;` where NEURON returns a number: in a PROCEDURE or a FUNCTION. */
export const returnWithoutValue: Rule = (failing) =>
  returns(
    failing,
    /return-statement with no value|non-void function '\w+' should return a value/,
    /\breturn\s*;/g,
    (block) => block?.kind === 'function',
  ).map((span) => {
    const block = blockAt(failing.mod, span.start);
    const isFunction = block?.kind === 'function' && block.keyword === 'FUNCTION';
    const instead = isFunction ? `return _l${block.name};` : 'return 0;';
    return finding('return-without-value', span, { instead }, [{ ...span, text: instead }]);
  });

/** `return 0;` where NEURON returns nothing: in INITIAL, BREAKPOINT and the blocks that SOLVE names. */
export const returnWithValue: Rule = (failing) =>
  returns(
    failing,
    /return-statement with a value|void function '\w+' should not return a value/,
    /\breturn\b\s*[^;\s][^;]*;/g,
    (block) => block !== undefined && block.kind !== 'function' && block.kind !== 'verbatim',
  ).map((span) => finding('return-with-value', span, {}, [{ ...span, text: 'return;' }]));

/** `double* x = malloc(…)`. */
export const untypedMemory: Rule = (failing) =>
  inLines(
    failing,
    /invalid conversion from 'void\*' to '([^']*?\*)'|cannot initialize a variable of type '([^']*?\*)' with an rvalue of type 'void \*'|assigning to '([^']*?\*)' from incompatible type 'void \*'/,
    /(?<![=!<>])=(?!=)\s*/g,
  ).map(({ span, of }) => {
    const type = (of[1] ?? of[2] ?? of[3] ?? '').replace(/\s*\{aka.*$/, '').replace(/\s+\*/g, '*');
    const edits: Edit[] = [{ start: span.end, end: span.end, text: `(${type})` }];
    return finding('untyped-memory', span, { type }, edits);
  });

/** `(unsigned int)pointer`. */
export const pointerAsNumber: Rule = (failing) =>
  inLines(
    failing,
    /cast from '.*' to '(.*)' loses (?:precision|information)|cast from pointer to smaller type '(.*)' loses information/,
    /\(\s*((?:unsigned\s+)?(?:int|long|short|char)|unsigned|u_?int)\s*\)(?!\s*\(size_t\))/g,
  ).map(({ span, match }) => {
    const type = match[1] ?? '';
    return finding('pointer-as-number', span, { type }, [{ start: span.end, end: span.end, text: '(size_t)' }]);
  });

const KEYWORDS =
  'new|delete|class|this|template|typename|namespace|operator|private|public|protected|friend|virtual|try|catch|throw|using|export|explicit|mutable|and|or|not|xor';

/** `int new;`. */
export const cppKeyword: Rule = ({ mod, complaints }) => {
  if (!complaints.some(({ stage }) => stage === 'compile')) return [];
  const types = /\b(?:int|double|char|float|long|short|unsigned|void|size_t)\b([^;{}]*)[;{]/g;
  const declared = findAll(mod.c, types).flatMap((match) =>
    findAll(match[1] ?? '', new RegExp(`(?<=^[\\s*]*|[,(][^,]*?)\\b(${KEYWORDS})\\b(?=\\s*(?:[,=)[]|$))`, 'g')),
  );
  return [...new Set(declared.map((match) => match[1] ?? ''))].flatMap((name): Finding[] => {
    const [first, ...more] = findAll(mod.c, new RegExp(`\\b${name}\\b`, 'g')).map(
      ({ index }): Edit => ({ start: index, end: index + name.length, text: `${name}_` }),
    );
    return first === undefined ? [] : [finding('cpp-keyword', first, { name }, [first, ...more])];
  });
};

/** `object->template`, which is a word of C++; NEURON calls it ctemplate. */
export const templateMember: Rule = ({ mod, complaints }) => {
  if (!complaints.some(({ stage }) => stage === 'compile')) return [];
  const edits = findAll(mod.c, /(?<=->\s*)template\b/g).map(
    ({ index }): Edit => ({ start: index, end: index + 8, text: 'ctemplate' }),
  );
  return edits.map((edit) => finding('template-member', edit, {}, [edit]));
};

const OLD_ARGUMENTS = /\b_p\s*,\s*_ppvar\s*,\s*_thread\s*,\s*_nt\b(\s*,)?/g;
const OLD_FORMALS =
  /\bdouble\s*\*\s*_p\s*,\s*Datum\s*\*\s*_ppvar\s*,\s*\w+\s*\*\s*_thread\s*,\s*(?:struct\s+)?_?NrnThread\s*\*\s*_nt\b(\s*,)?/g;

/** `f(_p, _ppvar, _thread, _nt)`. */
export const oldThreadArguments: Rule = ({ mod, complaints }) => {
  if (
    !complaints.some(
      ({ stage, message }) =>
        stage === 'compile' && /'_p'|'_threadargs|cannot convert|no matching function/.test(message),
    )
  )
    return [];
  const replaced = (pattern: RegExp, alone: string, before: string) =>
    findAll(mod.c, pattern).map((match) => {
      const span = { start: match.index, end: match.index + match[0].length };
      return finding('old-thread-arguments', span, {}, [{ ...span, text: match[1] === undefined ? alone : before }]);
    });
  return [
    ...replaced(OLD_ARGUMENTS, '_threadargs_', '_threadargscomma_'),
    ...replaced(OLD_FORMALS, '_internalthreadargsproto_', '_internalthreadargsprotocomma_'),
  ];
};

/** NEURON's own structures. */
export const neuronInternals: Rule = (failing) => [
  ...complaintsLike(
    failing,
    'compile',
    /(?:invalid use of|member access into) incomplete type '(?:\w+ )?(?:struct |class )?(\w+)'|'(?:struct |class )?(\w+)'(?: \{aka .*\})? has no member named|no member named '\w+' in '(\w+)'/,
  )
    .filter(({ complaint }) => !/_vdata|_STRIDE/.test(complaint.message))
    .flatMap(({ complaint, match }): Finding[] => {
      const line = locate(failing, complaint);
      const name = match[1] ?? match[2] ?? match[3] ?? '';
      return line === null ? [] : [finding('neuron-internals', line, { name })];
    }),
  ...complaintsLike(failing, 'compile', /(_vdata|_STRIDE)/).flatMap(({ complaint, match }): Finding[] => {
    const line = locate(failing, complaint);
    return line === null ? [] : [finding('coreneuron-only', line, { name: match[1] ?? '' })];
  }),
];

/** `net_send(1)`. */
export const selfEventWithoutFlag: Rule = (failing) =>
  complaintsLike(failing, 'compile', /no matching function for call to '\w*net_send\(/).length === 0
    ? []
    : findAll(failing.mod.nmodl, /\bnet_send\s*\(([^(),]*(?:\([^()]*\)[^(),]*)*)\)/g).map((match) =>
        finding('self-event-without-flag', { start: match.index, end: match.index + match[0].length }, {}),
      );

/** A state whose initial value has the name of a function: `y` and y0(). */
export const initialValueClash: Rule = (failing) =>
  complaintsLike(failing, 'compile', /'double (\w+)0' redeclared|redefinition of '(\w+)0'/).flatMap(
    ({ match }): Finding[] => {
      const { mod } = failing;
      const name = match[1] ?? match[2] ?? '';
      const neuron = mod.blocks.find((block) => block.kind === 'neuron');
      const at = new RegExp(`\\b${name}\\b`).exec(
        mod.nmodl.replace(/[\s\S]*?\bSTATE\b/, (found) => ' '.repeat(found.length)),
      );
      if (neuron === undefined || at === null) return [];
      const close = neuron.end - 1;
      const edits = [
        { start: close, end: close, text: ` RANGE ${name}0 ` },
        { start: neuron.end, end: neuron.end, text: `\n\nPARAMETER { ${name}0 = 0 }` },
      ];
      return [finding('initial-value-clash', { start: at.index, end: at.index + name.length }, { name }, edits)];
    },
  );

/** Equations for elements of an array. */
export const derivativeOfArray: Rule = ({ mod, complaints }) => {
  if (!complaints.some(({ stage }) => stage !== 'link')) return [];
  return mod.blocks.flatMap((block) => {
    if (block.kind !== 'named' || block.keyword !== 'DERIVATIVE') return [];
    return block.body.statements.flatMap((statement): Finding[] => {
      if (statement.kind !== 'assign' || statement.target.kind !== 'variable') return [];
      const { name, primes, index } = statement.target;
      return primes === 0 || index === null ? [] : [finding('derivative-of-array', statement.target, { name })];
    });
  });
};
