/**
 * Cross-checking mechanisms: any `.mod` file put through a protocol in NEURON and in the solver, every variable compared at
 * every step, and a verdict: agrees, differs, inert, refused. Nothing is assumed of the file: in NEURON it runs in a process
 * of its own.
 *
 * ```ts
 * const [verdict] = await crosscheckMechanisms({ files: ['Ih.mod'] });
 * if (verdict?.status !== 'agrees') console.error(verdict?.message);
 * ```
 */
export { crosscheckMechanisms, type MechanismCheckOptions } from './check.ts';
export { TOLERANCE, type VariableDifference } from './compare.ts';
export type { Effect } from './effect.ts';
export { factsOf, type MechanismFacts } from './facts.ts';
export { Probe } from './protocol.ts';
export { type NamedProbe, standardProbes } from './standard.ts';
export { exitCodeOf, type MechanismStatus, type MechanismVerdict, type ProbeVerdict } from './verdict.ts';
