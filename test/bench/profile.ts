/**
 * Where the nanoseconds of a compartment-step go, in each mode:
 *
 *     node --conditions=twincell-source test/bench/profile.ts [--mode exact,fast,reference] [--models DIR] [--model NAME]
 *       [--seconds 0.3] [--repetitions 5] [--json]
 *
 * The cell is l5pc-hay where --models says where its morphology is, else l5pc-bbp. Every stretch of a trial counts as its
 * fastest repetition, since other work on the machine only ever adds.
 */
import { parseArgs } from 'node:util';
import { SOLVER_MODES, type SolverMode } from '../../src/solver/index.ts';
import { type CompiledProfile, profileCompiled } from './profile-compiled.ts';
import { profileReference, type ReferenceProfile } from './profile-reference.ts';
import { createSubject, solverMechanisms } from './subject.ts';

const DT = 0.025;

const { values: given } = parseArgs({
  options: {
    mode: { type: 'string', default: 'exact,fast,reference' },
    model: { type: 'string' },
    models: { type: 'string' },
    seconds: { type: 'string', default: '0.3' },
    repetitions: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const modes = given.mode.split(',').map((name): SolverMode => {
  const mode = SOLVER_MODES.find((one) => one === name);
  if (mode === undefined) throw new TypeError(`--mode takes a list of ${SOLVER_MODES.join(', ')}, not ${name}`);
  return mode;
});
const seconds = Number(given.seconds);
const { models, model = models === undefined ? 'l5pc-bbp' : 'l5pc-hay' } = given;
const subject = await createSubject({ model, seconds, trials: 1, ...(models === undefined ? {} : { models }) });
const mechanisms = await solverMechanisms(subject);
const options = { dt: DT, steps: Math.round((seconds * 1000) / DT), repetitions: Number(given.repetitions) };

const ns = (value: number): string => value.toFixed(2);

/** Columns of equal width, the first to the left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, k) => Math.max(cell.length, all[k] ?? 0)), []);
  return rows.map((row) =>
    row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0))).join('  '),
  );
}

function printCompiled(mode: SolverMode, { variants, passes, kinds }: CompiledProfile): void {
  const all = Object.entries(variants);
  const parts = Object.keys(all[0]?.[1].parts ?? {});
  const rows = [
    [`mode ${mode}`, ...all.map(([name]) => name)],
    ['a step', ...all.map(([, { whole }]) => ns(whole))],
    ...parts.map((part) => [`  ${part}`, ...all.map(([, one]) => ns(one.parts[part] ?? 0))]),
    ['output spikes', ...all.map(([, { spikes }]) => String(spikes))],
    ['passes by themselves:', ...all.map(() => '')],
    ...Object.entries(passes).map(([name, value]) => [`  ${name}`, ns(value), ...all.slice(1).map(() => '')]),
  ];
  for (const line of aligned(rows)) console.log(line.trimEnd());
  for (const kind of kinds) {
    console.log(`${kind.compartments} × ${kind.mechanisms.join(' ')}${kind.left > 0 ? `, ${kind.left} left` : ''}`);
    for (const pass of ['current', 'state'] as const) {
      const counts = Object.entries(kind[pass]).map(([op, count]) => `${count} ${op}`);
      console.log(`  ${pass}: ${counts.join(', ')}`);
    }
  }
}

function printReference(profile: ReferenceProfile): void {
  const each = Object.entries(profile.mechanisms);
  const sum = (phase: 'current' | 'state'): string => ns(each.reduce((all, [, one]) => all + one[phase], 0));
  const rows = [
    ['mode reference', 'full'],
    ['a step', ns(profile.whole)],
    ['  events', ns(profile.events)],
    ['  currents', sum('current')],
    ['  tree', ns(profile.tree)],
    ['    by themselves: axial currents', ns(profile.axial)],
    ['    solution', ns(profile.solution)],
    ['  states', sum('state')],
    ['output spikes', String(profile.spikes)],
  ];
  for (const line of aligned(rows)) console.log(line);
  const table = each.map(([name, { current, state }]) => [`  ${name}`, ns(current), ns(state)]);
  for (const line of aligned([['of its mechanisms:', 'currents', 'states'], ...table])) console.log(line);
}

const profiles: Partial<Record<SolverMode, CompiledProfile | ReferenceProfile>> = {};
if (!given.json) {
  console.log(
    `${model}, ${subject.compartments} compartments, ns per compartment and step, Node ${process.versions.node}`,
  );
}
// Mode reference comes first: what JavaScript learns of the compiled modes' memory makes its kernels slower.
for (const mode of SOLVER_MODES.filter((one) => modes.includes(one))) {
  profiles[mode] =
    mode === 'reference'
      ? profileReference(subject, mechanisms, options)
      : profileCompiled(subject, mechanisms, { ...options, mode });
}
for (const mode of given.json ? [] : modes) {
  const profile = profiles[mode];
  console.log('');
  if (profile === undefined) continue;
  if ('variants' in profile) printCompiled(mode, profile);
  else printReference(profile);
}
if (given.json) {
  const { compartments } = subject;
  console.log(JSON.stringify({ model, node: process.versions.node, compartments, modes: profiles }));
}
