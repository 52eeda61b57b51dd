/**
 * The synapses of the experiment, with the arithmetic of python/mechanisms/*.mod: one TwincellExcitatory (AMPA and NMDA)
 * and one TwincellGaba on every dendritic segment, instance k on channel k.
 *
 * Each part is a difference of two decaying exponentials, b - a, whose peak is 1 for one event of weight 1; a point
 * process's current (nA) becomes a density (mA/cm²) by 100 / area.
 */

import type { Libm } from '../libm/index.ts';
import { type CellSnapshot, dendriteRows } from '../model/snapshot.ts';
import type { DoubleExponential, SynapseSet } from '../model/synapses.ts';
import { type Kernel, NUDGE } from './kernel.ts';

/** What one step takes from a double exponential: constants computed once, in full double precision. */
interface Part {
  /** What an event of weight 1 adds to both states. */
  readonly factor: number;
  /** 1 - exp(-dt/τ), by which the states fall in a step. */
  readonly lossA: number;
  readonly lossB: number;
  /** Peak conductance (µS) and reversal potential (mV). */
  readonly conductance: number;
  readonly reversal: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

function createPart(shape: DoubleExponential, count: number, dt: number, libm: Libm): Part {
  const { tauRise, tauDecay } = shape;
  const peak = ((tauRise * tauDecay) / (tauDecay - tauRise)) * libm.log(tauDecay / tauRise);
  return {
    factor: 1 / (libm.exp(-peak / tauDecay) - libm.exp(-peak / tauRise)),
    lossA: 1 - libm.exp(dt * (-1 / tauRise)),
    lossB: 1 - libm.exp(dt * (-1 / tauDecay)),
    conductance: 0.001 * shape.conductance,
    reversal: shape.reversal,
    a: new Float64Array(count),
    b: new Float64Array(count),
  };
}

function clear(part: Part): void {
  part.a.fill(0);
  part.b.fill(0);
}

function receive(part: Part, index: number, weight: number): void {
  const jump = weight * part.factor;
  part.a[index] = (part.a[index] as number) + jump;
  part.b[index] = (part.b[index] as number) + jump;
}

function decay(part: Part): void {
  const { a, b, lossA, lossB } = part;
  for (let k = 0; k < a.length; k++) {
    a[k] = (a[k] as number) + lossA * (0 - (a[k] as number));
    b[k] = (b[k] as number) + lossB * (0 - (b[k] as number));
  }
}

/** Rows of the dendritic segments and 100 / area of each (area in µm²). */
function targets(cell: CellSnapshot): { nodes: Int32Array; density: Float64Array } {
  const nodes = dendriteRows(cell);
  return { nodes, density: Float64Array.from(nodes, (row) => 100 / (cell.area[row] as number)) };
}

/** TwincellGaba: i = g·(b - a)·(v - E). */
export function createGaba(cell: CellSnapshot, synapses: SynapseSet, dt: number, libm: Libm): Kernel {
  return createOhmic('TwincellGaba', cell, synapses.gabaA, dt, libm);
}

/** TwincellExcitatory: AMPA, and NMDA where the set has it. */
export function createExcitatory(cell: CellSnapshot, synapses: SynapseSet, dt: number, libm: Libm): Kernel {
  const { nmda } = synapses;
  return nmda === null
    ? createOhmic('TwincellExcitatory', cell, synapses.ampa, dt, libm)
    : createAmpaNmda(cell, synapses.ampa, nmda, synapses.magnesium, dt, libm);
}

/** A synapse whose conductance does not depend on the potential. */
function createOhmic(name: string, cell: CellSnapshot, shape: DoubleExponential, dt: number, libm: Libm): Kernel {
  const { nodes, density } = targets(cell);
  const part = createPart(shape, nodes.length, dt, libm);
  const { a, b, conductance, reversal } = part;
  return {
    name,
    initialize: () => clear(part),
    assemble(v, rhs, d) {
      for (let k = 0; k < nodes.length; k++) {
        const node = nodes[k] as number;
        const potential = v[node] as number;
        const g = conductance * ((b[k] as number) - (a[k] as number));
        const above = g * (potential + NUDGE - reversal);
        const current = g * (potential - reversal);
        rhs[node] = (rhs[node] as number) - current * (density[k] as number);
        d[node] = (d[node] as number) + ((above - current) / NUDGE) * (density[k] as number);
      }
    },
    advance: () => decay(part),
    receive: (index, weight) => receive(part, index, weight),
  };
}

function createAmpaNmda(
  cell: CellSnapshot,
  ampaShape: DoubleExponential,
  nmdaShape: DoubleExponential,
  magnesium: number,
  dt: number,
  libm: Libm,
): Kernel {
  const { nodes, density } = targets(cell);
  const { exp } = libm;
  const ampa = createPart(ampaShape, nodes.length, dt, libm);
  const nmda = createPart(nmdaShape, nodes.length, dt, libm);

  /** The current (nA) at potential v for conductances of AMPA and, before its block, NMDA (µS). */
  function current(v: number, ampaConductance: number, nmdaConductance: number): number {
    const block = 1 / (1 + (exp(-0.08 * v) * magnesium) / 3.57);
    return ampaConductance * (v - ampa.reversal) + nmdaConductance * block * (v - nmda.reversal);
  }

  return {
    name: 'TwincellExcitatory',
    initialize() {
      clear(ampa);
      clear(nmda);
    },
    assemble(v, rhs, d) {
      for (let k = 0; k < nodes.length; k++) {
        const node = nodes[k] as number;
        const potential = v[node] as number;
        const g = ampa.conductance * ((ampa.b[k] as number) - (ampa.a[k] as number));
        const blocked = nmda.conductance * ((nmda.b[k] as number) - (nmda.a[k] as number));
        const above = current(potential + NUDGE, g, blocked);
        const here = current(potential, g, blocked);
        rhs[node] = (rhs[node] as number) - here * (density[k] as number);
        d[node] = (d[node] as number) + ((above - here) / NUDGE) * (density[k] as number);
      }
    },
    advance() {
      decay(ampa);
      decay(nmda);
    },
    receive(index, weight) {
      receive(ampa, index, weight);
      receive(nmda, index, weight);
    },
  };
}
