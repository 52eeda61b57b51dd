/** Why two engines part: whether a smaller step brings them together, or smaller compartments, or neither. */

/**
 * - numerical: with a smaller time step they come together; the methods differ, not the model;
 * - discretisation: with smaller compartments they do;
 * - mechanism: with neither; something is read or computed differently.
 */
export type Cause = 'numerical' | 'discretisation' | 'mechanism';

export interface CauseFinding {
  readonly cause: Cause;
  /** Largest difference of the potentials up to the same time (mV): as it was, and with each change. Null: not tried. */
  readonly differenceMv: number;
  readonly smallerStep: { readonly factor: number; readonly differenceMv: number } | null;
  readonly finerMesh: { readonly factor: number; readonly differenceMv: number } | null;
}

/** How the run is changed: the step divided by, and the number of segments of each section multiplied by. */
export interface Refinement {
  readonly step: number;
  readonly segments: number;
}

/** Runs both engines so refined, and gives their largest difference (mV); null where this cannot be changed. */
export type Measure = (refinement: Refinement) => Promise<number | null>;

const STEP_FACTOR = 4;
const MESH_FACTOR = 3;

/**
 * A method of first order in dt would leave a quarter of the difference at a quarter of the step. What is left above this
 * part has not come closer.
 */
const COME_TOGETHER = 0.5;

/** Asks for at most two further runs. */
export async function findCause(differenceMv: number, measure: Measure): Promise<CauseFinding> {
  const tried = async (refinement: Refinement, factor: number) => {
    const difference = await measure(refinement);
    return difference === null ? null : { factor, differenceMv: difference };
  };
  const closer = (one: { differenceMv: number } | null): boolean =>
    one !== null && one.differenceMv <= COME_TOGETHER * differenceMv;
  const smallerStep = await tried({ step: STEP_FACTOR, segments: 1 }, STEP_FACTOR);
  if (closer(smallerStep)) return { cause: 'numerical', differenceMv, smallerStep, finerMesh: null };
  const finerMesh = await tried({ step: 1, segments: MESH_FACTOR }, MESH_FACTOR);
  return { cause: closer(finerMesh) ? 'discretisation' : 'mechanism', differenceMv, smallerStep, finerMesh };
}
