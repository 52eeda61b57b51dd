/**
 * Plans that other processes have made of the same. A plan depends on its mechanisms' programs and on numbers that the planner
 * asks for as it goes, so two things are kept: its questions, by everything else, and the plan, by those and the answers.
 */
import type { CompartmentPlan } from '../graph.ts';
import type { KeptStore } from '../kept.ts';
import { fromText, textOf } from '../text.ts';
import type { KnownNumbers, PlannedIon, PlannedMechanism, PlanOptions } from './kind.ts';
import { planCompartment } from './plan.ts';

type Question =
  | readonly ['field' | 'global', slot: number, name: string, element: number]
  | readonly ['ion', ion: string, field: 'reversal' | 'inside' | 'outside']
  | readonly ['observed', slot: number, field: string];
type Answer = number | boolean | null;

/** As `planCompartment`; what a plan found depends on has been asked for too, once. */
export function planKept(
  mechanisms: readonly PlannedMechanism[],
  ions: readonly PlannedIon[],
  options: PlanOptions,
  kept: KeptStore | undefined,
): CompartmentPlan {
  if (kept === undefined) return planCompartment(mechanisms, ions, options);
  const { known = {}, observed, ...others } = options;
  const { dt, celsius, ...functions } = known;
  const asks = [...Object.keys(functions).sort(), ...(observed === undefined ? [] : ['observed'])];
  // Where a file stands changes nothing.
  const programs = mechanisms.map(({ program: { file: _, ...program }, index }) => ({ program, index }));
  const base = textOf(['plan', programs, ions, { ...others, dt, celsius }, asks]);
  const keyOf = (answered: readonly (readonly [Question, Answer])[]): string => `${base}\n${textOf(answered)}`;
  const questions = contentOf(kept.find(base), isList);
  if (questions !== null) {
    const plan = contentOf(kept.find(keyOf(questions.map((one) => [one, answerTo(one, options)]))), isPlan);
    if (plan !== null) return plan;
  }
  const { noting, answered } = notes(options);
  const plan = planCompartment(mechanisms, ions, noting);
  kept.keep(base, bytesOf(answered().map(([question]) => question)));
  kept.keep(keyOf(answered()), bytesOf(plan));
  return plan;
}

function answerTo(question: Question, { known, observed }: PlanOptions): Answer {
  switch (question[0]) {
    case 'observed':
      return observed?.(question[1], question[2]) ?? false;
    case 'ion':
      return known?.ion?.(question[1], question[2]) ?? null;
    default:
      return known?.[question[0]]?.(question[1], question[2], question[3]) ?? null;
  }
}

/** Options that answer the same, and what was asked of them. */
function notes(options: PlanOptions) {
  const answers = new Map<string, readonly [Question, Answer]>();
  const note = (question: Question): Answer => {
    const key = JSON.stringify(question);
    const [, answer] = answers.get(key) ?? [question, answerTo(question, options)];
    answers.set(key, [question, answer]);
    return answer;
  };
  const numeric = (question: Question): number | null => note(question) as number | null;
  const { known = {}, observed } = options;
  const noted: KnownNumbers = {
    ...known,
    ...(known.field && { field: (slot, name, element) => numeric(['field', slot, name, element]) }),
    ...(known.global && { global: (slot, name, element) => numeric(['global', slot, name, element]) }),
    ...(known.ion && { ion: (ion, field) => numeric(['ion', ion, field]) }),
  };
  const noting: PlanOptions = {
    ...options,
    known: noted,
    ...(observed && { observed: (slot, field) => note(['observed', slot, field]) === true }),
  };
  return { noting, answered: () => [...answers.values()] };
}

const bytesOf = (thing: unknown): Uint8Array => new TextEncoder().encode(textOf(thing));

/** Null for bytes that were not made here. */
function contentOf<Content>(bytes: Uint8Array | null, is: (thing: unknown) => thing is Content): Content | null {
  if (bytes === null) return null;
  try {
    const content = fromText(new TextDecoder().decode(bytes));
    return is(content) ? content : null;
  } catch {
    return null;
  }
}

const isList = (thing: unknown): thing is readonly Question[] => Array.isArray(thing) && thing.every(Array.isArray);

function isPlan(thing: unknown): thing is CompartmentPlan {
  const { slots, columns, uniforms, prologue, current, state, left } = (thing ?? {}) as Partial<CompartmentPlan>;
  const lists = [slots, columns, uniforms, left, prologue?.uniformStores];
  return [...lists, ...[prologue, current, state].flatMap((graph) => [graph?.nodes, graph?.stores])].every(
    Array.isArray,
  );
}
