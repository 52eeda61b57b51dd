/** A cell's circuit with more than one synapse of each kind on every dendritic segment. */
import type { EventTable } from 'twincell';
import type { CellCircuit, PlayedEvents } from 'twincell/solver';

export interface ManySynapses extends CellCircuit {
  /** The same events, handed to the copies of each synapse in turn: as many as before. */
  play(events: EventTable): PlayedEvents;
}

/** Every mechanism that receives events is there `copies` times, at the same nodes. */
export function manySynapses({ circuit, channels }: CellCircuit, copies: number): ManySynapses {
  const counts = circuit.mechanisms.map(({ nodes }) => nodes.length);
  const receivers = new Set(channels.map(({ mechanism }) => mechanism));
  const mechanisms = circuit.mechanisms.map((placement, index) => {
    if (copies < 2 || !receivers.has(index)) return placement;
    const parameters = new Map(
      [...placement.parameters].map(([name, value]) => [name, repeated(value, copies)] as const),
    );
    return { ...placement, nodes: Int32Array.from(repeated(placement.nodes, copies)), parameters };
  });
  return {
    circuit: { ...circuit, mechanisms },
    channels: Array.from({ length: Math.max(1, copies) }, (_, copy) =>
      channels.map(({ mechanism, instance }) => ({
        mechanism,
        instance: instance + copy * (counts[mechanism] as number),
      })),
    ).flat(),
    play: ({ time, channel, weight }) => ({
      time,
      channel: channel.map((one, k) => one + (k % Math.max(1, copies)) * channels.length),
      ...(weight === undefined ? {} : { weight }),
    }),
  };
}

/** A number stands for all instances as it is. */
function repeated<Column extends ArrayLike<number> | number>(column: Column, copies: number): Column | Float64Array {
  if (typeof column === 'number') return column;
  const out = new Float64Array(column.length * copies);
  for (let copy = 0; copy < copies; copy++) out.set(column, copy * column.length);
  return out;
}
