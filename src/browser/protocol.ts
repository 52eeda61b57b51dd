/** What the page and its worker say to each other. The page asks for a frame; the worker computes without waiting for it. */

export type ToWorker =
  /** The encoded RunnableCell. */
  | { readonly do: 'load'; readonly cell: string }
  /** Back to 0 ms of a trial. */
  | { readonly do: 'start'; readonly seed: number; readonly trial: number }
  /** ms of the cell's time a second, or null for as many as the machine can. */
  | { readonly do: 'run'; readonly msPerSecond: number | null }
  | { readonly do: 'pause' }
  /** So many steps at once. */
  | { readonly do: 'advance'; readonly steps: number }
  /** Factors on the strength of all synapses of a sign, from now on. */
  | { readonly do: 'strength'; readonly excitatory: number; readonly inhibitory: number }
  /** A volley of excitatory events around a node, in the next step. */
  | { readonly do: 'excite'; readonly node: number }
  /** Records this node besides the soma and the nexus; -1 for none. */
  | { readonly do: 'choose'; readonly node: number }
  | { readonly do: 'frame' };

export type FromWorker = Loaded | Started | Frame | Failed;

export interface Loaded {
  readonly is: 'loaded';
  /** Whether the browser has fused multiply-add (relaxed SIMD). */
  readonly fused: boolean;
  /** Wall time from the page's data to a cell that is ready (ms). */
  readonly readyMs: number;
  /** Compartments with membrane. */
  readonly compartments: number;
}

export interface Started {
  readonly is: 'started';
  readonly seed: number;
  readonly trial: number;
  /** Input events in each ms of the trial. */
  readonly excitatory: Float32Array;
  readonly inhibitory: Float32Array;
}

export interface Frame {
  readonly is: 'frame';
  readonly trial: number;
  /** Steps since the trial's start; the samples below end with the last of them. */
  readonly steps: number;
  /** Of soma, nexus and chosen node (mV), one value a step since the frame before. */
  readonly soma: Float64Array;
  readonly nexus: Float64Array;
  readonly chosen: Float64Array;
  /** The chosen node, or -1. */
  readonly node: number;
  /** By node: the highest voltage since the frame before (mV). */
  readonly highest: Float32Array;
  /** Wall time spent computing since the frame before (ms). */
  readonly busyMs: number;
  /** The trial is over. */
  readonly ended: boolean;
}

export interface Failed {
  readonly is: 'failed';
  readonly message: string;
}
