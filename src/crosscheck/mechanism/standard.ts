/**
 * The standard protocol: what a mechanism is put through. One compartment and a cable of five segments, with and without hh
 * to move the voltage, both orders of the time step, pulses that move the voltage from far below rest to far above it,
 * drives for what the mechanism reads, events for what receives them.
 */
import { drivenFields, makeDrive, TARGET } from './drive.ts';
import type { MechanismFacts } from './facts.ts';
import type { Probe, ProbeConnection } from './protocol.ts';
import { tunedParameters } from './tuning.ts';

/** A probe with its name. */
export interface NamedProbe {
  readonly name: string;
  readonly probe: Probe;
}

const STEPS = 3200;
const DT_MS = 0.025;
const TIMEOUT_S = 60;

interface Stage {
  readonly name: string;
  readonly cable: boolean;
  readonly spikes: boolean;
  readonly order: 1 | 2;
  readonly celsius: number;
  readonly vInit: number;
  /** Whether concentrations move where only a reversal potential is read. */
  readonly reversals: boolean;
}

const STAGES: readonly Stage[] = [
  { name: 'compartment', cable: false, spikes: false, order: 1, celsius: 34, vInit: -65, reversals: false },
  { name: 'compartment with hh', cable: false, spikes: true, order: 2, celsius: 16, vInit: -65, reversals: false },
  { name: 'cable', cable: true, spikes: false, order: 2, celsius: 25, vInit: -75, reversals: true },
  { name: 'cable with hh', cable: true, spikes: true, order: 1, celsius: 20, vInit: -65, reversals: false },
];

/** Current pulses (nA, ms), to be scaled with the membrane's area. */
const PULSES = [
  { del: 2, dur: 8, amp: -0.15 },
  { del: 14, dur: 10, amp: 0.1 },
  { del: 28.3, dur: 8, amp: 0.3 },
  { del: 42, dur: 4, amp: 0.55 },
  { del: 50, dur: 5, amp: -0.3 },
  { del: 60, dur: 15, amp: 0.2 },
] as const;

/** The mechanisms of ours that the standard protocol uses for a mechanism: name and text. */
export function drivesOf(facts: MechanismFacts): { readonly name: string; readonly text: string }[] {
  const drives = drivenFields(facts.ions, true).map(({ ion, field, valence }) => makeDrive(ion, field, valence));
  return needsTarget(facts) ? [...drives, TARGET] : drives;
}

/** Whether the file writes through a POINTER, and so needs something to write to. */
function needsTarget(facts: MechanismFacts): boolean {
  return facts.pointers.some(({ written }) => written);
}

/** The probes of the standard protocol. */
export function standardProbes(facts: MechanismFacts): NamedProbe[] {
  return facts.kind === 'artificial'
    ? [{ name: 'input trains', probe: artificialProbe(facts) }]
    : STAGES.map((stage) => ({ name: stage.name, probe: stageProbe(facts, stage) }));
}

function stageProbe(facts: MechanismFacts, stage: Stage): Probe {
  const { cable, spikes } = stage;
  const drives = drivenFields(facts.ions, stage.reversals);
  const at = cable ? [0.3, 0.7] : [0.5];
  const points =
    facts.kind === 'point'
      ? at.map((x) => ({ mechanism: facts.name, section: 0, x, parameters: tunedParameters(facts, 'range') }))
      : [];
  return {
    ...empty(facts),
    // Two instances of a point process make NEURON 9 give a node two copies of its second ion, of which one shows.
    ions: facts.kind === 'point' ? facts.ions.slice(1).map(({ name }) => ({ ion: name })) : [],
    celsius: stage.celsius,
    vInit: stage.vInit,
    order: stage.order,
    sections: [
      cable
        ? { L: 400, diam: 2, nseg: 5, Ra: 120, cm: 1, parent: null }
        : { L: 20, diam: 20, nseg: 1, Ra: 100, cm: 1, parent: null },
    ],
    densities: [
      { mechanism: 'pas', sections: [0], parameters: { g: 3e-4, e: -65 } },
      ...(spikes && facts.name !== 'hh' ? [{ mechanism: 'hh', sections: [0], parameters: {} }] : []),
      ...(needsTarget(facts) ? [{ mechanism: TARGET.name, sections: [0], parameters: {} }] : []),
      ...drives.map(({ ion, field, valence }) => ({
        mechanism: makeDrive(ion, field, valence).name,
        sections: [0],
        parameters: {},
      })),
      ...(facts.kind === 'density'
        ? [{ mechanism: facts.name, sections: [0], parameters: tunedParameters(facts, 'range') }]
        : []),
    ],
    // The mechanism's own come first, so that events find them by their number.
    points: [
      ...points,
      ...PULSES.map(({ del, dur, amp }) => ({
        mechanism: 'IClamp',
        section: 0,
        x: cable ? 0.1 : 0.5,
        parameters: { del, dur, amp: cable ? 2 * amp : amp },
      })),
    ],
    connections:
      facts.weights === null || facts.kind !== 'point' ? [] : at.flatMap((_, point) => trains(facts, { point })),
  };
}

function artificialProbe(facts: MechanismFacts): Probe {
  const parameters = tunedParameters(facts, 'range');
  return {
    ...empty(facts),
    celsius: 34,
    vInit: -65,
    order: 1,
    sections: [{ L: 20, diam: 20, nseg: 1, Ra: 100, cm: 1, parent: null }],
    densities: [
      { mechanism: 'pas', sections: [0], parameters: { g: 3e-4, e: -65 } },
      ...(needsTarget(facts) ? [{ mechanism: TARGET.name, sections: [0], parameters: {} }] : []),
    ],
    points: [],
    cells: [
      { mechanism: facts.name, parameters },
      { mechanism: facts.name, parameters },
    ],
    connections: facts.weights === null ? [] : [...trains(facts, { cell: 0 }), ...trains(facts, { cell: 1 }).slice(1)],
  };
}

/** Two trains of events: a weak one, and one that is strong for a conductance and plausible for a count or an amplitude. */
function trains(facts: MechanismFacts, target: ProbeConnection['target']): ProbeConnection[] {
  const weights = (first: number) => (facts.weights ?? []).map((_, k) => (k === 0 ? first : 0.4 + 0.1 * k));
  return [
    { source: { times: [5, 12, 13.01, 14, 25.3125, 40.0125, 47.3] }, target, delay: 0, weights: weights(0.005) },
    { source: { times: [8.1, 20.1, 33, 33.7, 34.4, 35.1, 55, 55.4, 70.2] }, target, delay: 0, weights: weights(0.6) },
  ];
}

/** What is the same for all: settings of the mechanism itself. */
function empty(
  facts: MechanismFacts,
): Omit<Probe, 'celsius' | 'vInit' | 'order' | 'sections' | 'densities' | 'points' | 'connections'> {
  const { name: mechanism } = facts;
  const globals = Object.entries(tunedParameters(facts, 'global'));
  return {
    dt: DT_MS,
    steps: STEPS,
    cells: [],
    globals: globals.map(([name, value]) => ({ mechanism, name, value })),
    ions: [],
    pointers: facts.pointers.map(({ name, written }) => ({
      mechanism,
      name,
      section: 0,
      x: 0.5,
      of: written ? { mechanism: TARGET.name, variable: TARGET.variable } : null,
    })),
    tables: facts.functionTables.map(({ name, arguments: count }) => ({ mechanism, name, ...tableData(count) })),
    randoms: facts.randoms.map((name) => ({ mechanism, name })),
    record: [mechanism, ...(needsTarget(facts) ? [TARGET.name] : [])],
    timeoutSeconds: TIMEOUT_S,
  };
}

/** A curve over potentials in mV for a table of one argument, else a constant. */
function tableData(count: number): { abscissae: number[]; values: number[] } {
  if (count !== 1) return { abscissae: [0], values: [0.5] };
  const abscissae = Array.from({ length: 41 }, (_, k) => -100 + 5 * k);
  return { abscissae, values: abscissae.map((x) => 0.1 + (x + 100) / 250 + ((x + 40) / 200) ** 2) };
}
