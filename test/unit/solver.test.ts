import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import type { CellSnapshot } from '../../src/model/snapshot.ts';
import { createSolver, PAPER_SYNAPSES, type Solver, type SynapseSet } from '../../src/solver/index.ts';
import type { EventTable } from '../../src/stimulus/events.ts';
import { OWN_MECHANISMS } from '../fixtures/own-mechanisms.ts';
import { cable, cellOfNodes, type NodeShape } from '../fixtures/synthetic-cell.ts';

const silence = (cell: CellSnapshot): EventTable => ({
  dendrites: cell.dendrite.filter((channel) => channel >= 0).length,
  channel: new Int32Array(0),
  time: new Float64Array(0),
});

function start(
  cell: CellSnapshot,
  dt: number,
  order: 1 | 2,
  synapses: SynapseSet | null = null,
  events = silence(cell),
): Solver {
  const solver = createSolver(cell, { dt, order, synapses, mechanisms: OWN_MECHANISMS });
  solver.initialize(events);
  return solver;
}

function run(solver: Solver, steps: number): void {
  for (let k = 0; k < steps; k++) solver.step();
}

/** Slope of log error against log step: the order of convergence. */
function slope(steps: readonly number[], errors: readonly number[]): number {
  const [x, y] = [steps.map(Math.log), errors.map(Math.log)];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, k) => sum + (value - mx) * ((y[k] as number) - my), 0);
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

const ONE: NodeShape = { parent: -1, area: 500, resistance: 1, cm: 1, g: 1e-4, e: -90, dendrite: 0 };
/** cm / g, in ms. */
const TAU = 10;

test('a passive compartment decays by the factor of its scheme in every step', () => {
  const dt = 0.5;
  const factors = { 1: 1 / (1 + dt / TAU), 2: (1 - dt / (2 * TAU)) / (1 + dt / (2 * TAU)) } as const;
  for (const order of [1, 2] as const) {
    const solver = start(cellOfNodes([ONE]), dt, order);
    for (let k = 1; k <= 100; k++) {
      solver.step();
      // The slope of the leak is a quotient of differences over 0.001 mV, which leaves it 11 digits.
      expect(solver.v[0]).toBeCloseTo(-90 + 14 * factors[order] ** k, 8);
    }
  }
});

test.each([
  [1, 1],
  [2, 2],
] as const)('order %d converges on the exact decay with that order', (order, expected) => {
  const steps = [0.8, 0.4, 0.2, 0.1];
  const errors = steps.map((dt) => {
    const solver = start(cellOfNodes([ONE]), dt, order);
    run(solver, Math.round(8 / dt));
    return Math.abs((solver.v[0] as number) - (-90 + 14 * Math.exp(-8 / TAU)));
  });
  expect(Math.abs(slope(steps, errors) - expected)).toBeLessThan(0.05);
});

const CABLE = { lengthUm: 800, diameterUm: 1.6, resistivity: 150, cm: 1, g: 1e-4, vInit: -70 } as const;
/** Squared length constant, d / (4·Ra·g), in µm². */
const LAMBDA_SQUARED = (CABLE.diameterUm * 1e-4) / (4 * CABLE.resistivity * CABLE.g) / 1e-8;
/** The first mode of a sealed cable fades (λπ/L)² + 1 times as fast as a uniform one. */
const MODE = 1 + LAMBDA_SQUARED * (Math.PI / CABLE.lengthUm) ** 2;
const cosine = (x: number) => -70 + 20 * Math.cos(Math.PI * x);

test('a cable’s steady state converges on the solution of the cable equation with order 2 in space', () => {
  const sizes = [8, 16, 32, 64];
  const errors = sizes.map((compartments) => {
    const solver = start(cable({ ...CABLE, compartments, e: cosine }), 5, 1);
    run(solver, 400);
    const exact = Array.from(solver.v, (_, k) => -70 + (20 / MODE) * Math.cos((Math.PI * (k + 0.5)) / compartments));
    return Math.max(...exact.map((value, k) => Math.abs(value - (solver.v[k] as number))));
  });
  expect(
    Math.abs(
      slope(
        sizes.map((size) => 1 / size),
        errors,
      ) - 2,
    ),
  ).toBeLessThan(0.05);
  expect(errors.at(-1)).toBeLessThan(0.01);
});

test.each([
  [1, 1],
  [2, 2],
] as const)('a cable’s first mode grows in time as it must, order %d', (order, expected) => {
  const compartments = 20;
  // Exact for this many compartments: the eigenvalue of the discrete Laplacian on the cosine.
  const step = CABLE.lengthUm / compartments;
  const rate = 1 + (LAMBDA_SQUARED * 2 * (1 - Math.cos(Math.PI / compartments))) / step ** 2;
  const steps = [0.4, 0.2, 0.1, 0.05];
  const errors = steps.map((dt) => {
    const solver = start(cable({ ...CABLE, compartments, e: cosine }), dt, order);
    run(solver, Math.round(4 / dt));
    const grown = (20 / rate) * (1 - Math.exp((-4 / TAU) * rate));
    const exact = Array.from(solver.v, (_, k) => -70 + grown * Math.cos((Math.PI * (k + 0.5)) / compartments));
    return Math.max(...exact.map((value, k) => Math.abs(value - (solver.v[k] as number))));
  });
  expect(Math.abs(slope(steps, errors) - expected)).toBeLessThan(0.1);
});

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** A random branched cell; about a third of its nodes are bare, as NEURON's ends of sections are. */
const cells = fc.integer({ min: 2, max: 25 }).chain((nodes) =>
  fc.tuple(
    ...Array.from({ length: nodes }, (_, row) =>
      fc.record({
        parent: row === 0 ? fc.constant(-1) : fc.integer({ min: 0, max: row - 1 }),
        area: between(10, 1000),
        resistance: between(0.1, 100),
        cm: row === 0 ? between(0.5, 2) : fc.oneof(fc.constant(0), between(0.5, 2), between(0.5, 2)),
        g: between(1e-6, 1e-3),
        e: between(-100, 0),
        dendrite: fc.constant(-1),
      }),
    ),
  ),
);

test('no charge appears or is lost inside: what the membrane takes up has come through its leaks', () => {
  fc.assert(
    fc.property(cells, (shapes) => {
      const dt = 0.1;
      const solver = start(cellOfNodes(shapes), dt, 1);
      for (let k = 0; k < 5; k++) {
        const before = solver.v.slice();
        solver.step();
        let stored = 0;
        let leaked = 0;
        let scale = 0;
        for (const [i, { area, cm, g, e }] of shapes.entries()) {
          if (cm === 0) continue;
          const v = solver.v[i] as number;
          // µm² · µF/cm² · mV / ms is 1e-3 of µm² · S/cm² · mV.
          stored += (0.001 * area * cm * (v - (before[i] as number))) / dt;
          leaked += area * g * (e - v);
          scale += area * (g * 100 + (0.001 * cm * 100) / dt);
        }
        expect(Math.abs(stored - leaked) / scale).toBeLessThan(1e-9);
      }
    }),
  );
});

test('at its own resting potential a cell stays there', () => {
  fc.assert(
    fc.property(cells, fc.constantFrom(1 as const, 2 as const), (shapes, order) => {
      const solver = start(cellOfNodes(shapes.map((shape) => ({ ...shape, e: -76 }))), 0.025, order);
      run(solver, 20);
      for (const v of solver.v) expect(Math.abs(v + 76)).toBeLessThan(1e-10);
    }),
  );
});

/** ∫ of a double exponential whose peak is 1, in ms. */
function areaUnder({ tauRise, tauDecay }: { tauRise: number; tauDecay: number }): number {
  const peak = ((tauRise * tauDecay) / (tauDecay - tauRise)) * Math.log(tauDecay / tauRise);
  return (tauDecay - tauRise) / (Math.exp(-peak / tauDecay) - Math.exp(-peak / tauRise));
}

/** Charge (fC) through one synapse after one event of weight 1, into a compartment so large that it does not move. */
function chargeOf(channel: 0 | 1, synapses: SynapseSet, dt: number): number {
  const area = 1e9;
  const cell = cellOfNodes([{ ...ONE, g: 0, area }], -60);
  const events = { dendrites: 1, channel: Int32Array.of(channel), time: Float64Array.of(1) };
  const solver = start(cell, dt, 1, synapses, events);
  run(solver, Math.round(1500 / dt));
  // µm² · µF/cm² · mV = 1e-2 pF · mV = 1e-2 fC.
  return 0.01 * area * ((solver.v[0] as number) + 60);
}

// nS · ms · mV = fC. Rectangles of width dt meet a curve that begins and ends at 0, so that little is lost.
test('an event brings the charge of its double exponential', () => {
  const { ampa, nmda, gabaA, magnesium } = PAPER_SYNAPSES;
  if (nmda === null) throw new Error('the paper’s synapses have NMDA');
  const block = 1 / (1 + (Math.exp(0.08 * 60) * magnesium) / 3.57);
  const ampaCharge = ampa.conductance * areaUnder(ampa) * 60;
  const nmdaCharge = nmda.conductance * areaUnder(nmda) * 60 * block;
  const gabaCharge = gabaA.conductance * areaUnder(gabaA) * (gabaA.reversal + 60);
  const found = (channel: 0 | 1, synapses: SynapseSet) => chargeOf(channel, synapses, 0.025);
  expect(found(0, { ...PAPER_SYNAPSES, nmda: null }) / ampaCharge).toBeCloseTo(1, 2);
  expect(found(0, PAPER_SYNAPSES) / (ampaCharge + nmdaCharge)).toBeCloseTo(1, 2);
  expect(found(1, PAPER_SYNAPSES) / gabaCharge).toBeCloseTo(1, 2);
});

test('an event is there from the first step whose middle it does not miss', () => {
  const cell = cellOfNodes([{ ...ONE, e: -76 }]);
  const dt = 0.1;
  for (const [time, step] of [
    [0, 1],
    [0.34, 4],
    [0.36, 5],
    [1, 11],
  ] as const) {
    const events = { dendrites: 1, channel: Int32Array.of(0), time: Float64Array.of(time) };
    const solver = start(cell, dt, 1, PAPER_SYNAPSES, events);
    let moved = 0;
    // Both exponentials start equal, so that the current begins one step later.
    for (let k = 1; moved === 0; k++) {
      solver.step();
      if (Math.abs((solver.v[0] as number) + 76) > 1e-6) moved = k;
    }
    expect(moved, `event at ${time} ms`).toBe(step + 1);
  }
});

test('time accumulates, and starting again forgets everything', () => {
  const cell = cellOfNodes([ONE]);
  const events = { dendrites: 1, channel: Int32Array.of(0, 1), time: Float64Array.of(0, 2) };
  const solver = start(cell, 0.025, 2, PAPER_SYNAPSES, events);
  run(solver, 400);
  const first = solver.v.slice();
  expect(solver.t).toBeCloseTo(10, 9);
  solver.initialize(events);
  expect([solver.t, solver.v[0]]).toEqual([0, -76]);
  run(solver, 400);
  expect(solver.v).toEqual(first);
});

test('a mechanism the solver does not have is refused by name', () => {
  const cell = { ...cellOfNodes([ONE]), mechanismOrder: ['pas', 'ca_ion', 'Ih', 'TwincellGaba'] };
  const create = () => createSolver(cell, { dt: 0.025, order: 1, synapses: null, mechanisms: OWN_MECHANISMS });
  expect(create).toThrow(
    expect.toSatisfy((error: unknown) => isTwincellError(error, 'Refused') && error.construct === 'mechanism Ih'),
  );
});

test('where the voltage stops being a number, the error says when and in which compartment', () => {
  const shapes = [ONE, { ...ONE, parent: 0, dendrite: 1 }, { ...ONE, parent: 1, dendrite: 2 }];
  const cell = {
    ...cellOfNodes(shapes),
    sectionNames: ['dend[0]', 'dend[1]'],
    section: Int32Array.of(0, 0, 1),
    x: Float64Array.of(0.25, 0.75, 0.5),
  };
  const poison = { channel: Int32Array.of(2), time: Float64Array.of(3), weight: Float64Array.of(Number.NaN) };
  const solver = start(cell, 0.025, 1, PAPER_SYNAPSES, { dendrites: 3, ...poison });
  expect(() => run(solver, 1000)).toThrow(
    expect.toSatisfy(
      (error: unknown) =>
        isTwincellError(error, 'NotFinite') && error.site === 'dend[1](0.5)' && Math.abs(error.timeMs - 3) < 0.05,
    ),
  );
});

test('events for another cell are refused', () => {
  const events = { dendrites: 4, channel: Int32Array.of(0), time: Float64Array.of(1) };
  expect(() => start(cellOfNodes([ONE]), 0.025, 1, PAPER_SYNAPSES, events)).toThrow(
    /4 dendritic segments, the cell has 1/,
  );
});
