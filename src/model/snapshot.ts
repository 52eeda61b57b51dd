/**
 * A cell as an engine sees it: one row per node of NEURON's tree, in NEURON's own order (a parent stands before its
 * children), as a struct of arrays. Nodes are the compartments and, besides, the root's and each section's end at
 * x = 1, which have area 100 µm² and neither capacitance nor mechanisms.
 */

/** Kind of section a node belongs to. */
export type SectionType = 'soma' | 'axon' | 'basal' | 'apical' | 'other';

export interface CellSnapshot {
  /** Temperature (°C) and initial membrane potential (mV). */
  readonly celsius: number;
  readonly vInit: number;
  /** Mechanisms in the order NEURON runs them. */
  readonly mechanismOrder: readonly string[];
  /** Number of nodes; every column below has this length. */
  readonly nodes: number;
  /** Section names, and for each node the index into them. */
  readonly sectionNames: readonly string[];
  readonly section: Int32Array;
  readonly sectionType: readonly SectionType[];
  /** Segment within the section from 0, or -1 for a node without area of its own. */
  readonly segment: Int32Array;
  /** Position along the section, 0 to 1. */
  readonly x: Float64Array;
  /** Row of the parent node, -1 for the root. */
  readonly parent: Int32Array;
  /** µm, µm, µm². */
  readonly length: Float64Array;
  readonly diameter: Float64Array;
  readonly area: Float64Array;
  /** Off-diagonal terms of NEURON's matrix, as it holds them: A acts on the parent's row, B on the node's own (mS/cm², negative). */
  readonly axialA: Float64Array;
  readonly axialB: Float64Array;
  /** Axial resistance to the parent (MΩ), for people; engines use A and B. */
  readonly axialResistance: Float64Array;
  /** µF/cm²; 0 where there is no membrane. */
  readonly cm: Float64Array;
  /** Path distance from soma[0](0.5) (µm). */
  readonly pathDistance: Float64Array;
  /** Dendritic channel, 0 to D-1 in the experiment's channel order, or -1. */
  readonly dendrite: Int32Array;
  /** Middle of the compartment in the morphology's own coordinates (µm), for drawing. */
  readonly position: { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array };
  /**
   * `mechanism.parameter`, or `mechanism.parameter[2]` of an array → value per node, NaN where the mechanism is not inserted or keeps its file's value. A mechanism
   * is on the nodes at which any of its columns has a number; `mechanism.inserted` (1 or NaN) says so where no parameter does.
   */
  readonly parameters: ReadonlyMap<string, Float64Array>;
  /** Rows of soma(0.5) and of the nexus. */
  readonly somaNode: number;
  readonly nexusNode: number;
}

/** Rows that are compartments (have membrane), in order. These are the *sites* an engine records. */
export function compartmentRows(cell: CellSnapshot): Int32Array {
  return Int32Array.from({ length: cell.nodes }, (_, row) => row).filter((row) => (cell.segment[row] ?? -1) >= 0);
}

/** Rows of the dendritic channels, by channel. */
export function dendriteRows(cell: CellSnapshot): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < cell.nodes; row++) {
    const channel = cell.dendrite[row] ?? -1;
    if (channel >= 0) rows[channel] = row;
  }
  return Int32Array.from(rows);
}
