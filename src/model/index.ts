/**
 * A cell as data: model cards say what it is made of, `resolveModel` finds its files, a snapshot is what an engine made of
 * them. Built-in cards and teams' own `model.json` files are treated alike.
 */
export { BUILTIN_CARDS, builtinCard } from './builtin.ts';
export {
  type Biophysics,
  type Construction,
  type Distribution,
  type FileSource,
  ModelCard,
  type ModelFile,
  type Region,
} from './card.ts';
export { evaluateDistribution } from './distribution.ts';
export { type ImportRequest, importCell } from './import.ts';
export { importMorphology, type Morphology, type MorphologySection } from './morphology/index.ts';
export { listModels, type ResolvedModel, type ResolveOptions, resolveModel } from './resolve.ts';
export { type CellSnapshot, compartmentRows, dendriteRows, type SectionType } from './snapshot.ts';
export { type DoubleExponential, PAPER_SYNAPSES, SynapseSet, synapsesOf } from './synapses.ts';
