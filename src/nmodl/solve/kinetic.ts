/** METHOD sparse: an implicit Euler step of a KINETIC block, by sparse elimination; iterated where it is not linear. */
import type { NumericStep, Place, Step, Value } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import type { Expression, Statement } from '../syntax.ts';
import { bodiesOf } from './bodies.ts';
import { advance, derivativePlace, inHalves } from './derivative.ts';
import { conserveSteps, isBareSum, reactionSteps, type Target, volumeOf } from './reaction.ts';
import { type Compartment, type Scheme, schemeOf } from './scheme.ts';
import {
  add,
  binary,
  DT,
  divide,
  element,
  get,
  invoke,
  local,
  multiply,
  negate,
  number,
  set,
  subtract,
  when,
} from './steps.ts';

/** The step that stands for infinity (ms). */
const STEADY_STATE_DT = 1e9;
/** How often a steady state of non-linear equations is tried anew from states that came out negative. */
const TRIES = 7;
/** A state below this is negative for STEADYSTATE. */
const NEGATIVE = -1e-6;

/** A block as routine: made once, however many SOLVEs name it. */
interface Compiled {
  readonly scheme: Scheme;
  readonly fill: string;
  readonly matrix: string;
  readonly residual: string;
}
const compiledBlocks = new WeakMap<Lowering, Map<unknown, Compiled | null>>();

export function sparseKinetic(request: SolveRequest, lowering: Lowering): Step[] {
  const blocks = compiledBlocks.get(lowering) ?? new Map<unknown, Compiled | null>();
  compiledBlocks.set(lowering, blocks);
  const compiled = blocks.has(request.block) ? (blocks.get(request.block) ?? null) : compile(request, lowering);
  blocks.set(request.block, compiled);
  if (compiled === null) return [];
  const states = [...compiled.scheme.numbers.keys()];
  const method = request.steadyState
    ? steadyState(compiled, lowering)
    : implicitStep(compiled, compiled.scheme.isLinear, lowering).steps;
  return inHalves(lowering, method, advance(lowering, states));
}

function compile(request: SolveRequest, lowering: Lowering): Compiled | null {
  const { block } = request;
  const another = lowering.blocks.find((one) => one.keyword === 'KINETIC' && one !== block);
  if (another !== undefined) {
    lowering.report('kinetic-twice', request.span, { name: block.name, other: another.name });
    return null;
  }
  const scheme = schemeOf(request, lowering);
  if (scheme === null) return null;
  const matrix = lowering.workspace(`${block.name} matrix`, scheme.size ** 2);
  const residual = lowering.workspace(`${block.name} residual`, scheme.size);
  const fill = lowering.routine(block.name, () => {
    const [forward, backward, term] = ['f_flux', 'b_flux', 'term'].map((hint) => local(lowering.local(hint))) as [
      Place,
      Place,
      Place,
    ];
    lowering.bind('f_flux', forward);
    lowering.bind('b_flux', backward);
    const target: Target = { scheme, solveFor: block.solveFor, matrix, residual, forward, backward, term };
    const volumes = [...bodiesOf(block.body)].filter((one) => one.kind === 'compartment') as Compartments[];
    let hasBegun = false;
    const custom = (statement: Statement): Step[] | null => {
      if (!hasBegun && statement.kind !== 'local') {
        hasBegun = true;
        // NEURON's compiler starts the equations at the top of the block, behind its LOCALs.
        const { start, end } = statement;
        return [
          ...timeSteps(target, lowering),
          ...lowering.statements({ statements: [statement], start, end }, custom),
        ];
      }
      return kineticSteps(statement, target, volumes, lowering);
    };
    return lowering.statements(block.body, custom);
  });
  return { scheme, fill, matrix, residual };
}

type Compartments = Extract<Statement, { readonly names: readonly string[]; readonly volume: Expression }>;

function kineticSteps(
  statement: Statement,
  target: Target,
  volumes: readonly Compartments[],
  lowering: Lowering,
): Step[] | null {
  switch (statement.kind) {
    case 'reaction':
      if (statement.arrow === '<->') {
        for (const rate of statement.rates) if (isBareSum(rate)) lowering.report('rate-without-parentheses', rate, {});
      }
      return reactionSteps(statement, target, lowering);
    case 'conserve':
      return conserveSteps(statement, target, lowering);
    case 'compartment':
      return [];
    case 'diffusion':
      diffuse(statement, volumes, lowering);
      return [];
    default:
      return null;
  }
}

/** A state that spreads has the volume of the first COMPARTMENT that names it, whether or not it reacts. */
function diffuse(statement: Compartments, volumes: readonly Compartments[], lowering: Lowering): void {
  for (const name of statement.names) {
    const volume = volumes.find((one) => one.names.includes(name));
    if (volume === undefined) lowering.report('diffusion-without-compartment', statement, { name });
    else lowering.diffusion(name, statement, volume);
  }
}

/** What an implicit step of dt puts into the equations before any reaction: (new - old)/dt, times the volume. */
function timeSteps({ scheme, matrix, residual }: Target, lowering: Lowering): Step[] {
  const rate = local(lowering.local('rate'));
  const steps: Step[] = [set(rate, divide(number(1), get(DT)))];
  const scaling: Step[] = [];
  const scalingOfArrays: Step[] = [];
  for (const { state, first, length } of unknowns(scheme, lowering)) {
    if (first < scheme.conserved.size) continue;
    const compartment = scheme.compartments.get(state);
    for (let k = 0; k < length; k++) {
      const right = element(residual, number(first + k));
      const diagonal = element(matrix, number((first + k) * (scheme.size + 1)));
      const index = length === 1 ? undefined : number(k);
      const change = subtract(get(lowering.place(state, index ?? null)), get(derivativePlace(lowering, state, index)));
      steps.push(set(right, multiply(negate(get(rate)), change)), set(diagonal, get(rate)));
      if (compartment === undefined) continue;
      const volume = volumeOfElement(compartment, length === 1 ? null : k, lowering);
      (length === 1 ? scaling : scalingOfArrays).push(
        set(right, multiply(get(right), volume)),
        set(diagonal, multiply(get(diagonal), volume)),
      );
    }
  }
  return [...steps, ...scaling, ...scalingOfArrays];
}

function volumeOfElement(compartment: Compartment, k: number | null, lowering: Lowering): Value {
  const { start, end } = compartment.volume;
  const index: Expression | null = k === null ? null : { kind: 'number', text: `${k}`, units: null, start, end };
  return volumeOf(compartment, index, lowering);
}

interface Unknown {
  readonly state: string;
  readonly first: number;
  readonly length: number;
}

function unknowns({ numbers }: Scheme, lowering: Lowering): Unknown[] {
  return [...numbers].map(([state, first]) => ({ state, first, length: lowering.states.get(state)?.length ?? 1 }));
}

/** Every element of every state, with the place that holds its old value during a step and its derivative after it. */
function elements(scheme: Scheme, lowering: Lowering): { readonly state: Place; readonly derivative: Place }[] {
  return unknowns(scheme, lowering).flatMap(({ state, length }) =>
    Array.from({ length }, (_, k) => {
      const index = length === 1 ? undefined : number(k);
      return { state: lowering.place(state, index ?? null), derivative: derivativePlace(lowering, state, index) };
    }),
  );
}

/** One step; `outcome` is 0 where it succeeded. An error leaves the states as they are and does not stop the run, as in NEURON. */
function implicitStep(
  { scheme, fill, matrix, residual }: Compiled,
  linear: boolean,
  lowering: Lowering,
): { readonly steps: Step[]; readonly outcome: Value } {
  const pairs = elements(scheme, lowering);
  const outcome = lowering.local('outcome');
  const solve: NumericStep = {
    do: 'sparse',
    states: pairs.map(({ state }) => state),
    fill,
    matrix,
    residual,
    linear,
    outcome,
    pattern: scheme.pattern,
  };
  const succeeded = binary('==', get(local(outcome)), number(0));
  const steps: Step[] = [
    ...pairs.map(({ state, derivative }) => set(derivative, get(state))),
    solve,
    when(succeeded, [
      // The block runs once more at the solution: variables it assigns, fluxes among them, keep those values.
      invoke(fill),
      ...pairs.map(({ state, derivative }) => set(derivative, divide(subtract(get(state), get(derivative)), get(DT)))),
    ]),
  ];
  return { steps, outcome: get(local(outcome)) };
}

/** STEADYSTATE sparse: a step so long that only the limit remains; iterated even where linear. */
function steadyState(compiled: Compiled, lowering: Lowering): Step[] {
  const whole = local(lowering.local('dt'));
  const last = implicitStep(compiled, false, lowering).steps;
  const steps = compiled.scheme.isLinear ? last : repeated(compiled, last, lowering);
  return [set(whole, get(DT)), set(DT, number(STEADY_STATE_DT)), ...steps, set(DT, get(whole))];
}

/** Linear steps until no state comes out negative, then the iteration. */
function repeated(compiled: Compiled, last: readonly Step[], lowering: Lowering): Step[] {
  const count = local(lowering.local('count'));
  const isNegative = local(lowering.local('negative'));
  const { steps, outcome } = implicitStep(compiled, true, lowering);
  const check = elements(compiled.scheme, lowering).map(({ state }) =>
    when(binary('<', get(state), number(NEGATIVE)), [set(state, number(0)), set(isNegative, number(1))]),
  );
  const end = set(count, number(TRIES));
  return [
    set(count, number(0)),
    {
      do: 'while',
      condition: binary('<', get(count), number(TRIES)),
      body: [
        set(count, add(get(count), number(1))),
        ...steps,
        when(binary('!=', outcome, number(0)), [end]),
        when(binary('==', outcome, number(0)), [
          set(isNegative, number(0)),
          ...check,
          when(binary('==', get(isNegative), number(0)), [...last, end]),
        ]),
      ],
    },
  ];
}
