/** Which files can share one compiled library: no two of a name, and no ion with two charges. */
import { BUILTIN_MECHANISMS, REFUSED_MECHANISMS } from '../../nmodl/builtin/index.ts';
import type { MechanismFacts } from './facts.ts';

const CHARGES: Readonly<Record<string, number>> = { na: 1, k: 1, ca: 2 };
/** Of the largest library: more files a library mean less linking, and a longer wait for the first result. */
const LARGEST = 60;

/** Divides the files, in their order, into as few groups as a simple rule gives: each goes into the first that takes it. */
export function groupFiles(all: readonly MechanismFacts[]): MechanismFacts[][] {
  const groups: { files: MechanismFacts[]; names: Set<string>; charges: Map<string, number> }[] = [];
  for (const facts of all) {
    const group = groups.find(
      ({ files, names, charges }) =>
        files.length < LARGEST &&
        !names.has(facts.name) &&
        facts.kind !== 'nothing' &&
        facts.ions.every(({ name, valence }) => valence === null || (charges.get(name) ?? valence) === valence),
    ) ?? { files: [], names: new Set<string>(), charges: new Map(Object.entries(CHARGES)) };
    if (group.files.length === 0) groups.push(group);
    group.files.push(facts);
    group.names.add(facts.name);
    for (const { name, valence } of facts.ions) if (valence !== null) group.charges.set(name, valence);
  }
  return groups.map(({ files }) => files);
}

/** Names of NEURON's that are no mechanism for users. */
const OTHERS: ReadonlySet<string> = new Set(['capacitance', 'morphology', 'fastpas', 'OClamp', 'PointProcessMark']);

/** Whether NEURON has a mechanism of this name already, and so cannot load the file. */
export function isBuiltin(name: string): boolean {
  return BUILTIN_MECHANISMS.has(name) || REFUSED_MECHANISMS.has(name) || OTHERS.has(name);
}
