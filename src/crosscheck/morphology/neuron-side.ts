/** NEURON's import of a morphology, asked of a sidecar that imports each file in a process of its own. */
import {
  firstPart,
  float64Column,
  int32Column,
  type Method,
  type Sidecar,
  startSidecar,
  tableNamed,
} from '../../bridge/index.ts';
import { MorphologyParams, MorphologyResult } from '../../engine/protocol.ts';

export interface NeuronMorphology {
  readonly sections: MorphologyResult['sections'];
  /** Of all sections, one after the other (µm); x, y, z and diameter are single-precision numbers. */
  readonly points: Readonly<Record<'x' | 'y' | 'z' | 'diameter' | 'arc', Float64Array>>;
  /** By row: parent row, index of the section, segment in it or -1. */
  readonly nodes: Readonly<Record<'parent' | 'section' | 'segment', Int32Array>> &
    Readonly<Record<'area' | 'diameter' | 'axialA' | 'axialB', Float64Array>>;
}

/** Why NEURON has no import of a file. */
export interface NeuronRefusal {
  readonly message: string;
  readonly line: number | null;
}

export interface NeuronImporter {
  import(params: MorphologyParams): Promise<NeuronMorphology | NeuronRefusal>;
  close(): Promise<void>;
}

const DESCRIBE = {
  name: 'describe-morphology',
  params: MorphologyParams,
  result: MorphologyResult,
} as const satisfies Method;

/** @param python absolute path of the Python that has NEURON */
export async function startNeuronImporter(python: string, signal?: AbortSignal): Promise<NeuronImporter> {
  const sidecar = await startSidecar({ python, kind: 'neuron', args: [], ...(signal && { signal }) });
  return {
    import: (params) => ask(sidecar, params, signal),
    close: () => sidecar.close(),
  };
}

async function ask(
  sidecar: Sidecar,
  params: MorphologyParams,
  signal: AbortSignal | undefined,
): Promise<NeuronMorphology | NeuronRefusal> {
  const { value, tables } = await firstPart(sidecar.call(DESCRIBE, params, signal && { signal }), DESCRIBE.name);
  if (value.status !== 'imported') return { message: value.message, line: value.line };
  const points = tableNamed(tables, 'points');
  const nodes = tableNamed(tables, 'nodes');
  const coordinate = (name: string) => float64Column(points, name);
  return {
    sections: value.sections,
    points: {
      x: coordinate('x'),
      y: coordinate('y'),
      z: coordinate('z'),
      diameter: coordinate('diameter'),
      arc: coordinate('arc'),
    },
    nodes: {
      parent: int32Column(nodes, 'parent'),
      section: int32Column(nodes, 'section'),
      segment: int32Column(nodes, 'segment'),
      area: float64Column(nodes, 'area'),
      diameter: float64Column(nodes, 'diameter'),
      axialA: float64Column(nodes, 'axialA'),
      axialB: float64Column(nodes, 'axialB'),
    },
  };
}
