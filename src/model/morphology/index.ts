/**
 * Morphology files become sections, areas and axial resistances, equal to what NEURON's Import3d and its integration of
 * frusta make of the same text. No Python and no file system: text in, data out.
 */

import { parseAsc } from './asc-parser.ts';
import { connectToSoma } from './connect-soma.ts';
import { instantiate, type Morphology } from './instantiate.ts';
import { malformed, type Source } from './malformed.ts';
import { swcPoints } from './swc-points.ts';
import { swcSections } from './swc-sections.ts';

export { cylinder, frusta, type Segments } from './frusta.ts';
export type { Morphology, MorphologySection } from './instantiate.ts';

/**
 * The sections of a Neurolucida .asc or an .swc file.
 * @param fileName whose ending says which; named in errors
 * @throws InvalidModelFileError with the line, where the text is no whole morphology or NEURON could not import it
 */
export function importMorphology(text: string, fileName: string): Morphology {
  const source: Source = { file: fileName, text };
  if (text.trim() === '') throw malformed(fileName, undefined, 'the file is empty');
  const zero = text.indexOf('\0');
  if (zero >= 0) throw malformed(fileName, text.slice(0, zero).split('\n').length, 'it is not a text file');
  if (/\.swc$/i.test(fileName)) {
    return instantiate(swcSections(swcPoints(source)), fileName);
  }
  if (!/\.asc$/i.test(fileName)) {
    throw malformed(fileName, undefined, 'the name of a morphology should end in .asc or .swc');
  }
  return instantiate(connectToSoma(parseAsc(source)), fileName);
}
