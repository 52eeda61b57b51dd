/** Rules about functions that VERBATIM declares or defines otherwise than C++ and NEURON's headers do. */
import { type Edit, findAll } from '../text.ts';
import {
  type Declaration,
  declarationsOf,
  definedArguments,
  oldDefinitions,
  withoutDeclaration,
} from './c-declarations.ts';
import { complaintsLike, type Failing, type Finding, finding, locate, type Rule } from './rule.ts';

/** A function as the file may call it: NEURON's headers rename some by macros. */
function spellings(name: string): string[] {
  return [name, name.replace(/^hoc_/, ''), name.replace(/^my_/, ''), name.replace(/_$/, '')];
}

/** `ambiguating new declaration of 'void* nrn_random_arg(int)'`: the same arguments, another result. */
export const declaredOtherwise: Rule = (failing) =>
  complaintsLike(
    failing,
    'compile',
    /(?:ambiguating new declaration of|conflicting declaration of C function|conflicting types for|functions that differ only in their return type cannot be overloaded)(?: '(.*)')?/,
  ).flatMap(({ match, complaint }): Finding[] => {
    const { mod } = failing;
    const named = /(\w+)\s*\(/.exec(match[1] ?? complaint.code ?? '')?.[1] ?? '';
    for (const name of new Set(spellings(named))) {
      const declarations = declarationsOf(mod.c, name);
      if (declarations.length === 0) continue;
      const where = failing.isKnown(name) ? 'in NEURON’s own headers' : 'where it is defined';
      return declarations.map((one) => {
        const edit = failing.isKnown(name) ? null : asDefined(mod.c, one, name, match[1] ?? '');
        return finding('declared-otherwise', one.name, { name, where }, [
          edit ?? withoutDeclaration(mod.source.text, one),
        ]);
      });
    }
    return [];
  });

/** The declaration with the type of the definition: the file may need it to call what it defines further down. */
function asDefined(c: string, { whole, name, isOnly }: Declaration, called: string, definition: string): Edit | null {
  const type = new RegExp(`^(.*\\S)\\s*\\b${called}\\(`).exec(definition)?.[1];
  if (type === undefined || !isOnly) return null;
  const isStatic = /^static\b/.test(c.slice(whole.start, name.start)) && !/^static\b/.test(type);
  return { start: whole.start, end: name.start, text: `${isStatic ? 'static ' : ''}${type} ` };
}

/** `too many arguments to function 'void* vector_arg()'`. */
export const declaredWithoutArguments: Rule = (failing) =>
  complaintsLike(
    failing,
    'compile',
    /too many arguments to function '.*?(\w+)\s*\(\)'|no matching function for call to '(\w+)\(/,
  ).flatMap(({ match }): Finding[] => {
    const { mod } = failing;
    for (const name of new Set(spellings(match[1] ?? match[2] ?? ''))) {
      const declarations = declarationsOf(mod.c, name).filter(
        (one) => mod.c.slice(one.arguments.start, one.arguments.end).trim() === '',
      );
      if (declarations.length === 0) continue;
      return declarations.map((one) => {
        const defined = definedArguments(mod.c, name);
        let edits: Edit[] | null = null;
        if (defined !== null) edits = [{ ...one.arguments, text: defined }];
        else if (failing.isKnown(name)) edits = [withoutDeclaration(mod.source.text, one)];
        return finding('declared-without-arguments', one.name, { name }, edits);
      });
    }
    return [];
  });

/** `void f(x) double x; {`. */
export const oldStyleFunction: Rule = ({ mod, complaints }) => {
  if (!complaints.some(({ stage }) => stage === 'compile')) return [];
  return oldDefinitions(mod.c).map((one) => {
    const name = mod.c.slice(one.name.start, one.name.end);
    const types = declarationsOf(mod.c, name).map(({ type }) => type.replace(/^static\s+/, ''));
    const edits: Edit[] = [{ ...one.head, text: `(${one.arguments})` }];
    if (!one.hasType) edits.push({ start: one.name.start, end: one.name.start, text: `${types[0] ?? 'int'} ` });
    return finding('old-style-function', one.name, { name, instead: `${name}(${one.arguments})` }, edits);
  });
};

/** `ISO C++ forbids declaration of 'f' with no type`. */
export const implicitInt: Rule = (failing) =>
  complaintsLike(
    failing,
    'compile',
    /forbids declaration of '(\w+)' with no type|a type specifier is required/,
  ).flatMap(({ match, complaint }): Finding[] => {
    const line = locate(failing, complaint);
    if (line === null) return [];
    const text = failing.mod.c.slice(line.start, line.end);
    const name = match[1] ?? /(\w+)\s*\(/.exec(text)?.[1] ?? '';
    const at = line.start + text.search(new RegExp(`\\b${name}\\b`));
    if (at < line.start || isMendedAnyway(failing, name)) return [];
    return [
      finding('implicit-int', { start: at, end: at + name.length }, { name }, [{ start: at, end: at, text: 'int ' }]),
    ];
  });

/** Whether the declaration is mended for another reason, too. */
function isMendedAnyway(failing: Failing, name: string): boolean {
  return complaintsLike(failing, 'compile', /ambiguating new declaration of '(.*)'/).some(({ match }) =>
    new RegExp(`\\b${name}\\(`).test(match[1] ?? ''),
  );
}

/** An argument of a declaration that has the name of a variable, which in the C++ is a macro. */
export const argumentNamedAsVariable: Rule = (failing) =>
  complaintsLike(
    failing,
    'compile',
    /expected .* before ['‘]?(?:->|\.|\*)|expected .* before numeric constant/,
  ).flatMap(({ complaint }): Finding[] => {
    const name = /^\s*#\s*define\s+(\w+)\b/.exec(complaint.code ?? '')?.[1];
    if (name === undefined) return [];
    const { c } = failing.mod;
    return findAll(c, new RegExp(`[(,]\\s*[A-Za-z_][\\w\\s]*[\\s*]+\\b(${name})\\s*(?=[,)])`, 'g')).flatMap((one) => {
      const close = c.indexOf(')', one.index);
      if (!/^\s*(?:\)\s*)?;/.test(c.slice(close + 1))) return [];
      const start = one.index + one[0].lastIndexOf(name);
      const span = { start, end: start + name.length };
      return [finding('argument-named-as-variable', span, { name }, [{ ...span, text: '' }])];
    });
  });

/** A declaration to which no definition fits: the linker finds nothing. */
export const undefinedFunction: Rule = (failing) =>
  complaintsLike(failing, 'link', /^undefined: (.*)$/).flatMap(({ match }): Finding[] => {
    const { mod } = failing;
    const name = /(\w+)\s*(?:\(|$)/.exec(match[1] ?? '')?.[1] ?? '';
    const declarations = declarationsOf(mod.c, name);
    const at = new RegExp(`\\b${name}\\b`).exec(mod.c);
    const place = declarations[0]?.name ?? { start: at?.index ?? 0, end: (at?.index ?? 0) + name.length };
    const edits = failing.isKnown(name) ? declarations.map((one) => withoutDeclaration(mod.source.text, one)) : [];
    return [finding('undefined-function', place, { name }, edits.length === 0 ? null : edits)];
  });
