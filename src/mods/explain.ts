/** Why a file does not compile: what the rules find, and where none of them knows, the compiler's own first word. */
import { missingInclude, nonAscii, titleQuote } from './rules/characters.ts';
import {
  cppKeyword,
  derivativeOfArray,
  initialValueClash,
  neuronInternals,
  oldThreadArguments,
  pointerAsNumber,
  returnWithoutValue,
  returnWithValue,
  scopRandomArgument,
  selfEventWithoutFlag,
  templateMember,
  untypedMemory,
} from './rules/code.ts';
import {
  argumentNamedAsVariable,
  declaredOtherwise,
  declaredWithoutArguments,
  implicitInt,
  oldStyleFunction,
  undefinedFunction,
} from './rules/declarations.ts';
import { missingHeader, undeclaredFunction } from './rules/headers.ts';
import {
  notNmodl,
  reservedWord,
  severalDerivatives,
  stateIsGlobal,
  timeDeclared,
  variableAndFunction,
  voltageUndeclared,
  writtenNowhere,
} from './rules/names.ts';
import { type Failing, type Finding, finding, locate, type Rule } from './rules/rule.ts';
import { ionIsConstant, localNotFirst, undeclaredVariable } from './rules/variables.ts';
import { lineStart } from './text.ts';

const RULES: readonly Rule[] = [
  variableAndFunction,
  stateIsGlobal,
  voltageUndeclared,
  timeDeclared,
  undeclaredVariable,
  ionIsConstant,
  localNotFirst,
  reservedWord,
  nonAscii,
  missingInclude,
  writtenNowhere,
  severalDerivatives,
  derivativeOfArray,
  titleQuote,
  initialValueClash,
  oldStyleFunction,
  declaredOtherwise,
  declaredWithoutArguments,
  implicitInt,
  argumentNamedAsVariable,
  scopRandomArgument,
  returnWithoutValue,
  returnWithValue,
  missingHeader,
  undeclaredFunction,
  untypedMemory,
  pointerAsNumber,
  cppKeyword,
  templateMember,
  oldThreadArguments,
  neuronInternals,
  selfEventWithoutFlag,
  undefinedFunction,
];

/** All causes that can be named, in the order of the file; one `unknown` where there is none. */
export function explain(failing: Failing): Finding[] {
  const found = RULES.flatMap((rule) => rule(failing));
  const seen = new Set<string>();
  const distinct = found.filter(({ code, span }) => {
    const key = `${code} ${span.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  if (distinct.length > 0) return distinct.sort((a, b) => a.span.start - b.span.start);
  const translator = notNmodl(failing);
  return translator.length > 0 ? translator : [unknown(failing)];
}

function unknown(failing: Failing): Finding {
  const [first] = failing.complaints;
  const message = first === undefined ? 'it failed without a word' : first.message;
  const line = first === undefined ? null : locate(failing, first);
  const start = line?.start ?? lineStart(failing.mod.source.text, first?.stage === 'translate' ? (first.line ?? 1) : 1);
  return finding('unknown', { start, end: line?.end ?? start }, { message });
}
