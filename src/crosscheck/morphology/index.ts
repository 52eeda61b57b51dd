/**
 * Cross-checking morphologies: our own import of .asc and .swc files against NEURON's Import3d: sections, points, areas and
 * axial resistances, and which files either refuses.
 *
 * ```ts
 * const [verdict] = await crosscheckMorphologies({ files: ['cell.asc'] });
 * if (verdict?.status !== 'agrees') console.error(verdict?.message);
 * ```
 */
export {
  crosscheckMorphologies,
  type MorphologyCheckOptions,
  type MorphologyStatus,
  type MorphologyVerdict,
} from './check.ts';
export { GEOMETRY_TOLERANCE, type MorphologyComparison, type MorphologyDifference } from './compare.ts';
