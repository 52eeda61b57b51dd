/** The parts of a mechanism's cross-check that need no NEURON: what files declare, how they are driven, compared and judged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRecords } from '../../src/crosscheck/mechanism/compare.ts';
import { drivenFields, makeDrive, TARGET } from '../../src/crosscheck/mechanism/drive.ts';
import { ownEffects, surroundingEffects } from '../../src/crosscheck/mechanism/effect.ts';
import { factsOf, type MechanismFacts } from '../../src/crosscheck/mechanism/facts.ts';
import { groupFiles } from '../../src/crosscheck/mechanism/group.ts';
import { exitCodeOf, type MechanismVerdict, standardProbes } from '../../src/crosscheck/mechanism/index.ts';
import type { ProbeRecord } from '../../src/crosscheck/mechanism/neuron-side.ts';
import type { ProbeColumn } from '../../src/crosscheck/mechanism/protocol.ts';
import type { SolverRecord } from '../../src/crosscheck/mechanism/solver-side.ts';
import { compile } from '../../src/nmodl/compile.ts';

const TEXT = `
TITLE a channel : USEION x READ ex
NEURON {
  POINT_PROCESS Sample
  USEION ca READ cai, eca WRITE ica
  USEION zn READ zni VALENCE 2
  NONSPECIFIC_CURRENT i
  RANGE gmax, tau, drive
  GLOBAL shift
  POINTER seen, told
  RANDOM noise
}
PARAMETER { gmax (uS) tau = 3 (ms) shift = 0 (mV) amount = 0 (nA) }
ASSIGNED { v (mV) i (nA) ica (nA) eca (mV) cai (mM) zni (mM) seen told drive (mV) }
STATE { m }
FUNCTION_TABLE curve(x, y)
BREAKPOINT { SOLVE s METHOD cnexp i = gmax*m*(v - eca) + seen told = m }
DERIVATIVE s { m' = -m / tau }
NET_RECEIVE(w, other) { m = m + w }
`;

const facts = factsOf('sample.mod', TEXT, () => null);

test('a file’s declarations are seen as they are', () => {
  expect(facts).toMatchObject({ kind: 'point', name: 'Sample', weights: ['w', 'other'], randoms: ['noise'] });
  expect(facts.ions).toEqual([
    { name: 'ca', read: ['cai', 'eca'], write: ['ica'], valence: null },
    { name: 'zn', read: ['zni'], write: [], valence: 2 },
  ]);
  expect(facts.pointers).toEqual([
    { name: 'seen', written: false },
    { name: 'told', written: true },
  ]);
  expect(facts.inputs).toEqual([{ name: 'drive', units: 'mV' }]);
  expect(facts.functionTables).toEqual([{ name: 'curve', arguments: 2 }]);
});

test('a POINTER that only C uses holds an address, and is pointed at nothing', () => {
  const text = (body: string) =>
    `NEURON { POINT_PROCESS p POINTER space }\nASSIGNED { space v }\nINITIAL {\n${body}\n}\n`;
  const pointers = (body: string) => factsOf('p.mod', text(body), () => null).pointers.map(({ name }) => name);
  expect(pointers('VERBATIM\n  *((void**)(&space)) = 0;\nENDVERBATIM')).toEqual([]);
  expect(pointers('VERBATIM\n  *((void**)(&_p_space)) = 0;\nENDVERBATIM : space')).toEqual([]);
  expect(pointers('space = 1')).toEqual(['space']);
});

test('declarations in an included file count, and a file that includes itself ends', () => {
  const included = 'NEURON { SUFFIX inner USEION k READ ek }\nINCLUDE "b.inc"';
  const found = factsOf('folder/a.mod', 'INCLUDE "b.inc"', (file) => (file === 'folder/b.inc' ? included : null));
  expect(found).toMatchObject({ name: 'inner', ions: [{ name: 'k' }] });
});

test('what a mechanism only reads is driven, what it writes is not', () => {
  expect(drivenFields(facts.ions, false)).toEqual([
    { ion: 'ca', field: 'inside', valence: null },
    { ion: 'zn', field: 'inside', valence: 2 },
  ]);
  const pool = [{ name: 'ca', read: ['ica', 'cai'], write: ['cai'], valence: null }];
  expect(drivenFields(pool, true)).toEqual([{ ion: 'ca', field: 'current', valence: null }]);
  const channel = [{ name: 'k', read: ['ek'], write: ['ik'], valence: null }];
  expect(drivenFields(channel, false)).toEqual([]);
  expect(drivenFields(channel, true)).toEqual([{ ion: 'k', field: 'outside', valence: null }]);
});

test('every drive compiles without complaint', () => {
  const drives = (['inside', 'outside', 'current'] as const).flatMap((field) => [
    makeDrive('ca', field, null),
    makeDrive('zn', field, 2),
  ]);
  for (const { name, text } of [...drives, TARGET]) {
    expect(compile({ file: `${name}.mod`, text }).diagnostics).toEqual([]);
  }
});

test('the standard protocol sets what is zero, points pointers, sends events, and uses both orders', () => {
  const probes = standardProbes(facts);
  expect(new Set(probes.map(({ probe }) => probe.order))).toEqual(new Set([1, 2]));
  for (const { probe } of probes) {
    const [point] = probe.points;
    expect(point).toMatchObject({ mechanism: 'Sample' });
    expect(point?.parameters.gmax).toBeGreaterThan(0);
    expect(point?.parameters.tau).toBeUndefined();
    expect(probe.pointers.map(({ name, of }) => [name, of?.mechanism ?? 'v'])).toEqual([
      ['seen', 'v'],
      ['told', TARGET.name],
    ]);
    expect(probe.connections.length).toBeGreaterThan(1);
    for (const { weights } of probe.connections) for (const weight of weights) expect(weight).toBeGreaterThan(0);
  }
});

test('a node has an ion once in NEURON also where two instances of a point process need two ions', () => {
  const ion = (name: string) => ({ name, read: [`e${name}`], write: [`i${name}`], valence: -1 });
  for (const { probe } of standardProbes({ ...facts, ions: [ion('cl'), ion('hco3')] }))
    expect(probe.ions).toEqual([{ ion: 'hco3' }]);
});

test('no two files of a library share a name, none is lost, and no ion has two charges', () => {
  const file = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), charge: fc.constantFrom(null, 1, 2) });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 30 }), (files) => {
      const all: MechanismFacts[] = files.map(({ name, charge }, k) => ({
        ...facts,
        file: `${k}.mod`,
        name,
        ions: [{ name: 'x', read: [], write: [], valence: charge }],
      }));
      const groups = groupFiles(all);
      expect(groups.flat().sort((a, b) => all.indexOf(a) - all.indexOf(b))).toEqual(all);
      for (const group of groups) {
        expect(new Set(group.map(({ name }) => name)).size).toBe(group.length);
        expect(new Set(group.flatMap(({ ions }) => ions.map(({ valence }) => valence ?? [])).flat()).size).toBeLessThan(
          2,
        );
      }
    }),
  );
});

const V: ProbeColumn = { kind: 'v', owner: '', variable: 'v', place: 0, element: 0 };
const M: ProbeColumn = { kind: 'instance', owner: 'x', variable: 'm', place: 0, element: 0 };
const CA: ProbeColumn = { kind: 'ion', owner: 'ca', variable: 'inside', place: 0, element: 0 };

/** A record of these columns; one row a step. */
function recordOf(
  columns: readonly ProbeColumn[],
  rows: readonly (readonly number[])[],
  times: number[] = [],
): ProbeRecord {
  const none = new Float64Array(0);
  return {
    status: 'ran',
    mechanismOrder: [],
    instances: {},
    valences: {},
    columns,
    nodes: { parent: new Int32Array(0), area: none, diameter: none, cm: none, axialA: none, axialB: none },
    samples: Float64Array.from(rows.flat()),
    events: [{ mechanism: 'x', instance: 0, times }],
  } as unknown as ProbeRecord;
}

function solverOf(rows: readonly (readonly number[])[], more: Partial<SolverRecord> = {}): SolverRecord {
  return { samples: Float64Array.from(rows.flat()), missing: new Set(), steps: rows.length - 1, events: [[]], ...more };
}

describe('comparing', () => {
  const rows = [
    [-65, 0.1],
    [-64, 0.2],
    [-63, 0.4],
  ];

  test('equal numbers are equal to the last bit', () => {
    const found = compareRecords(recordOf([V, M], rows), solverOf(rows), 2);
    expect(found).toMatchObject({ agrees: true, bitEqual: true, beyond: [], missing: [] });
    expect(found.compared).toEqual(['v', 'x.m']);
  });

  test('each variable is held to its own largest value', () => {
    const within = rows.map(([v = 0, m = 0], k) => [v, k === 1 ? m + 3e-10 : m]);
    expect(compareRecords(recordOf([V, M], rows), solverOf(within), 2)).toMatchObject({
      agrees: true,
      bitEqual: false,
    });
    const beyond = rows.map(([v = 0, m = 0], k) => [v, k === 1 ? m + 5e-10 : m]);
    const found = compareRecords(recordOf([V, M], rows), solverOf(beyond), 2);
    expect(found).toMatchObject({ agrees: false, beyond: [{ name: 'x.m', firstStep: 1, neuron: 0.2 }] });
  });

  test('NaN on both sides is the same, on one side it is not', () => {
    const lost = rows.map(([v = 0, m = 0], k) => [v, k === 2 ? Number.NaN : m]);
    expect(compareRecords(recordOf([V, M], lost), solverOf(lost), 2).agrees).toBe(true);
    expect(compareRecords(recordOf([V, M], lost), solverOf(rows), 2).agrees).toBe(false);
    expect(compareRecords(recordOf([V, M], rows), solverOf(lost), 2).agrees).toBe(false);
  });

  test('where the solver stops, NEURON must have lost the potential too', () => {
    const stopped = solverOf(rows.slice(0, 2), {
      samples: Float64Array.from([-65, 0.1, -64, 0.2, Number.NaN, Number.NaN]),
    });
    expect(compareRecords(recordOf([V, M], rows), stopped, 2).agrees).toBe(false);
    const lost = [...rows.slice(0, 2), [Number.NaN, 0.4]];
    expect(compareRecords(recordOf([V, M], lost), stopped, 2).agrees).toBe(true);
  });

  test('events count as many as they are, at their times', () => {
    const record = recordOf([V], [[-65], [-64]], [0.5, 0.75]);
    const events = (...times: number[]) =>
      compareRecords(record, solverOf([[-65], [-64]], { events: [times] }), 1).agrees;
    expect(events(0.5, 0.75)).toBe(true);
    expect(events(0.5)).toBe(false);
    expect(events(0.5, 0.7)).toBe(false);
    expect(events(0.5, 0.75, 1)).toBe(false);
    // Rounding of an early event excuses no later one.
    expect(events(0.5 + 2 ** -53, 0.75)).toBe(true);
    expect(events(0.5 + 2 ** -53, 0.75, 1)).toBe(false);
  });
});

describe('what a mechanism did', () => {
  test('a variable of its own that moves is an effect; a start that only settles is none, nor is NaN', () => {
    const effects = (...m: number[]) => [
      ...ownEffects(
        recordOf(
          [M],
          m.map((one) => [one]),
        ),
        'x',
      ),
    ];
    expect(effects(0, 0.1, 0.2)).toEqual(['state']);
    expect(effects(0, 0.1, 0.1)).toEqual([]);
    expect(effects(0, Number.NaN, Number.NaN)).toEqual([]);
    expect([...ownEffects(recordOf([M], [[0], [0]], [1]), 'x')]).toEqual(['event']);
  });

  test('so is a potential or an ion that is otherwise without it', () => {
    const without = recordOf([V, CA], [[-65, 1], [-65, 1]]); // biome-ignore format: one row a step
    const effects = (v: number, ca: number) =>
      [...surroundingEffects(recordOf([V, CA], [[-65, 1], [v, ca]]), without)]; // biome-ignore format: as above
    expect(effects(-65, 1)).toEqual([]);
    expect(effects(-64, 1)).toEqual(['voltage']);
    expect(effects(-65, 2)).toEqual(['ion']);
  });
});

test('a difference ends a command with 1, a refusal with 2, agreement with 0', () => {
  const code = (...statuses: MechanismVerdict['status'][]) =>
    exitCodeOf(statuses.map((status) => ({ status }) as MechanismVerdict));
  expect(code('agrees')).toBe(0);
  expect(code('agrees', 'refused')).toBe(2);
  expect(code('refused', 'differs')).toBe(1);
  expect(code('agrees', 'inert')).toBe(1);
});
