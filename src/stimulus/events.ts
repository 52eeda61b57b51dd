/**
 * Presynaptic spikes of one trial: the one table that feeds every engine.
 *
 * Channels 0 to D-1 are the excitatory synapses of the D dendritic segments in channel order, D to 2D-1 the inhibitory
 * ones. Rows are sorted by time, then by channel.
 */
export interface EventTable {
  /** Number of dendritic segments, D. */
  readonly dendrites: number;
  /** 0 to 2D-1. */
  readonly channel: Int32Array;
  /** When the event reaches its synapse (ms). */
  readonly time: Float64Array;
  /** Synaptic weight; absent means 1 everywhere. (The release probability of an experiment leaves events out.) */
  readonly weight?: Float64Array;
}
