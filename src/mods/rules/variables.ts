/** Rules about variables that NMODL uses and does not declare, and about where it declares them. */
import type { Block, Body, Statement } from '../../nmodl/index.ts';
import { type Edit, type ModText, removal } from '../text.ts';
import { complaintsLike, type Finding, finding, type Rule } from './rule.ts';

/** Units of what NEURON gives every mechanism. */
const GIVEN: Readonly<Record<string, string>> = { v: 'mV', celsius: 'degC', dt: 'ms', diam: 'um', area: 'um2' };

/** Units of an ion's variable or of a current; null where the name is neither. */
function unitsOf({ blocks }: ModText, name: string): string | null {
  const statements = blocks.flatMap((block) => (block.kind === 'neuron' ? block.statements : []));
  const isPoint = statements.some((one) => one.kind === 'mechanism' && one.keyword === 'POINT_PROCESS');
  const current = isPoint ? 'nA' : 'mA/cm2';
  for (const statement of statements) {
    if (statement.kind === 'names' && /CURRENT/.test(statement.keyword) && statement.names.includes(name))
      return current;
    if (statement.kind !== 'ion' || ![...statement.read, ...statement.write].includes(name)) continue;
    if (name === `i${statement.name}`) return current;
    return name === `e${statement.name}` ? 'mV' : 'mM';
  }
  return GIVEN[name] ?? null;
}

/** `'eca' was not declared in this scope`, of a name that NMODL uses. */
export const undeclaredVariable: Rule = (failing) => {
  const { mod } = failing;
  const missing = new Set(
    complaintsLike(
      failing,
      'compile',
      /'(\w+)' was not declared in this scope|use of undeclared identifier '(\w+)'/,
    ).map(({ match }) => match[1] ?? match[2] ?? ''),
  );
  const neuron = mod.blocks.find(({ kind }) => kind === 'neuron');
  return [...missing].flatMap((name): Finding[] => {
    const uses = [...mod.nmodl.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].map(({ index }) => index);
    const use = uses.find(
      (at) => !mod.blocks.some(({ kind, start, end }) => kind === 'neuron' && start <= at && at < end),
    );
    if (use === undefined || new RegExp(`\\b${name}\\b`).test(mod.c)) return [];
    const span = { start: use, end: use + name.length };
    const units = unitsOf(mod, name);
    if (units === null || neuron === undefined) return [finding('undeclared-variable', span, { name })];
    const edit = { start: neuron.end, end: neuron.end, text: `\n\nASSIGNED { ${name} (${units}) }` };
    return [finding('ion-undeclared', span, { name, units }, [edit])];
  });
};

/** `cao used in USEION statement can not be re-declared in a CONSTANT block`. */
export const ionIsConstant: Rule = (failing) =>
  complaintsLike(failing, 'translate', /(\w+) used in USEION statement can not be re-declared/).flatMap(({ match }) => {
    const name = match[1] ?? '';
    return failing.mod.blocks.flatMap((block) =>
      block.kind === 'variables' && block.keyword === 'CONSTANT'
        ? block.variables.filter((one) => one.name === name).map((one) => finding('ion-is-constant', one, { name }))
        : [],
    );
  });

/** LOCAL behind other statements: the translator calls the block illegal. */
export const localNotFirst: Rule = (failing) => {
  if (complaintsLike(failing, 'translate', /Illegal block|syntax error/).length === 0) return [];
  const { mod } = failing;
  return failing.mod.blocks.flatMap(bodiesOf).flatMap(({ statements, start }): Finding[] => {
    const late = statements.filter(
      (one, index): one is Statement & { kind: 'local' } => one.kind === 'local' && index > 0,
    );
    const [first, ...others] = late;
    if (first === undefined) return [];
    const names = late.flatMap((one) => one.names.map((name) => mod.source.text.slice(name.start, name.end)));
    const leading = statements[0]?.kind === 'local' ? statements[0] : undefined;
    const insertion: Edit =
      leading === undefined
        ? { start: start + 1, end: start + 1, text: `\n\tLOCAL ${names.join(', ')}` }
        : { start: leading.end, end: leading.end, text: `, ${names.join(', ')}` };
    const removals = [first, ...others].map((one) => removal(mod.source.text, one));
    return [finding('local-not-first', first, {}, [insertion, ...removals])];
  });
};

function bodiesOf(block: Block): Body[] {
  return 'body' in block ? [block.body] : [];
}
