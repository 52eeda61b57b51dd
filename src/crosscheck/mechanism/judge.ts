/** One mechanism through its protocol on both sides, to a verdict. */
import { isTwincellError } from '../../errors.ts';
import type { CompiledKernel } from '../../kernel/index.ts';
import type { LibmName } from '../../libm/index.ts';
import { compareRecords } from './compare.ts';
import { type Effect, ownEffects, surroundingEffects } from './effect.ts';
import { explainProbe } from './explain.ts';
import type { MechanismFacts } from './facts.ts';
import type { Kernels, Refusal } from './kernels.ts';
import type { NeuronProbes, ProbeFailure, ProbeRecord } from './neuron-side.ts';
import type { Probe } from './protocol.ts';
import { runInSolver } from './solver-side.ts';
import type { NamedProbe } from './standard.ts';
import type { MechanismVerdict, ProbeVerdict } from './verdict.ts';

export interface Trial {
  readonly facts: MechanismFacts;
  readonly probes: readonly NamedProbe[];
  readonly neuron: NeuronProbes;
  readonly kernels: Kernels;
  readonly libm: LibmName;
}

/** As many variables beyond tolerance are told of a probe. */
const TOLD = 5;

/** The verdict, or why NEURON cannot load the library at all. */
export async function judge(trial: Trial): Promise<MechanismVerdict | { readonly unloadable: string }> {
  const { facts, probes, neuron, kernels } = trial;
  const { refusal } = kernels.of(facts.name);
  const results: ProbeVerdict[] = [];
  const variables = new Set<string>();
  const runtime: Refusal[] = [];
  // NEURON runs the next probe while the solver runs this one.
  let next = probes[0] === undefined ? null : neuron.run(probes[0].probe);
  for (const [index, { name, probe }] of probes.entries()) {
    const outcome = (await next) as ProbeRecord | ProbeFailure;
    if (outcome.status === 'unloadable') return { unloadable: outcome.message };
    // What hangs once hangs again.
    const following = outcome.status === 'timeout' ? undefined : probes[index + 1];
    next = following === undefined ? null : neuron.run(following.probe);
    if (outcome.status !== 'ran') {
      results.push(unrun(name, `NEURON ${outcome.status}: ${outcome.message}`));
      if (outcome.status === 'timeout') break;
      continue;
    }
    const effects = await effectsOf(trial, probe, outcome);
    if (refusal !== null) {
      results.push({ ...unrun(name, ''), status: 'not-compared', effects });
      continue;
    }
    const verdict = compareProbe(trial, name, probe, outcome, effects, runtime);
    for (const variable of verdict.variables) variables.add(variable);
    results.push(await explained(trial, probe, outcome, verdict.probe, results));
  }
  return verdictOf(facts, results, [...variables], refusal ?? runtime[0] ?? null);
}

/** With where the two part, for the first probe of a mechanism in which a variable differs. */
async function explained(
  { neuron, kernels, libm }: Trial,
  probe: Probe,
  record: ProbeRecord,
  verdict: ProbeVerdict,
  before: readonly ProbeVerdict[],
): Promise<ProbeVerdict> {
  if (verdict.beyond.length === 0 || before.some(({ divergence }) => divergence !== null)) return verdict;
  const divergence = await explainProbe({ probe, record, neuron, kernels: kernelsOf(kernels), libm });
  return { ...verdict, divergence };
}

function unrun(name: string, message: string): ProbeVerdict {
  return {
    name,
    status: 'failed',
    bitEqual: false,
    effects: [],
    beyond: [],
    worst: null,
    missing: [],
    divergence: null,
    message,
  };
}

/** What the mechanism did in NEURON; where nothing of its own moved, against a run without it. */
async function effectsOf({ facts, neuron }: Trial, probe: Probe, record: ProbeRecord): Promise<Effect[]> {
  const effects = ownEffects(record, facts.name);
  if (facts.kind !== 'artificial') {
    const without = await neuron.run(withoutMechanism(probe, facts.name));
    if (without.status === 'ran') for (const effect of surroundingEffects(record, without)) effects.add(effect);
  }
  return [...effects];
}

/** The same probe with everything in it but the mechanism. */
function withoutMechanism(probe: Probe, mechanism: string): Probe {
  return {
    ...probe,
    densities: probe.densities.filter((one) => one.mechanism !== mechanism),
    points: probe.points.filter((one) => one.mechanism !== mechanism),
    cells: [],
    connections: [],
    globals: [],
    pointers: [],
    tables: [],
    randoms: [],
    record: [],
  };
}

function compareProbe(
  { kernels, libm }: Trial,
  name: string,
  probe: Probe,
  record: ProbeRecord,
  effects: readonly Effect[],
  runtime: Refusal[],
): { probe: ProbeVerdict; variables: readonly string[] } {
  try {
    const solver = runInSolver(probe, record, kernelsOf(kernels), libm);
    const comparison = compareRecords(record, solver, probe.steps);
    return {
      variables: comparison.compared,
      probe: {
        name,
        status: comparison.agrees && comparison.missing.length === 0 ? 'agrees' : 'differs',
        bitEqual: comparison.bitEqual,
        effects,
        beyond: comparison.beyond.slice(0, TOLD),
        worst: comparison.worst,
        missing: comparison.missing,
        divergence: null,
        message: comparison.missing.length === 0 ? '' : `the solver has no ${comparison.missing.join(', ')}`,
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Only what is refused by name excuses: any other error would hide a mistake of ours.
    if (isTwincellError(error, 'Refused')) {
      runtime.push({ code: 'run', construct: error.construct, line: 0, message });
      return { variables: [], probe: { ...unrun(name, message), status: 'not-compared', effects } };
    }
    const trace = process.env.TWINCELL_DEBUG && error instanceof Error ? `\n${error.stack}` : '';
    return {
      variables: [],
      probe: { ...unrun(name, `the solver failed: ${message}${trace}`), status: 'differs', effects },
    };
  }
}

/** Compiled mechanisms by name, as the solver's side asks for them. */
function kernelsOf(kernels: Kernels) {
  return (mechanism: string): CompiledKernel => {
    const { kernel, refusal } = kernels.of(mechanism);
    if (kernel === null) throw new Error(`${mechanism}: ${refusal.message} (line ${refusal.line})`);
    return kernel;
  };
}

function verdictOf(
  facts: MechanismFacts,
  probes: readonly ProbeVerdict[],
  variables: readonly string[],
  refusal: Refusal | null,
): MechanismVerdict {
  const effects = [...new Set(probes.flatMap((probe) => probe.effects))];
  const compared = probes.filter(({ status }) => status === 'agrees' || status === 'differs');
  const worst = compared.map(({ worst }) => worst?.relative ?? 0);
  const base = {
    file: facts.file,
    mechanism: facts.name,
    bitEqual: compared.length > 0 && compared.every(({ bitEqual }) => bitEqual),
    effects,
    maxRelative: compared.length === 0 ? Number.NaN : Math.max(...worst),
    variables,
    probes,
  };
  // A probe that ends in a refusal does not excuse another that differs.
  const wrong = compared.find(({ status }) => status === 'differs');
  if (wrong !== undefined) return { ...base, status: 'differs', message: differenceText(wrong) };
  if (refusal !== null) return { ...base, ...refusalOf(refusal) };
  if (compared.length === 0) return { ...base, status: 'failed', message: probes[0]?.message ?? 'no probe was run' };
  if (effects.length === 0) {
    return {
      ...base,
      status: 'inert',
      message: 'in NEURON it changed no potential, no ion, no event and nothing of its own',
    };
  }
  return { ...base, status: 'agrees', message: '' };
}

/** What a verdict says of a refusal. */
export function refusalOf(refusal: Refusal): Required<Pick<MechanismVerdict, 'status' | 'message' | 'refused'>> {
  const { code, construct, line, message } = refusal;
  const where = line > 0 ? `line ${line}: ` : '';
  return { status: 'refused', message: `${where}${message}`, refused: { code, construct, line } };
}

function differenceText({ name, message, beyond: [first] }: ProbeVerdict): string {
  if (first === undefined) return `${name}: ${message}`;
  const at = first.firstStep === null ? '' : ` at step ${first.firstStep}`;
  return `${name}: ${first.name} (${first.place})${at}: NEURON ${first.neuron}, solver ${first.solver}`;
}
