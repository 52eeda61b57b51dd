/** The error for a morphology that cannot be read. */
import { InvalidModelFileError } from '../../errors.ts';

/** Where text comes from, for messages. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** @param line from 1; undefined where no line is to blame */
export function malformed(file: string, line: number | undefined, what: string): InvalidModelFileError {
  return new InvalidModelFileError(what, {
    file,
    line,
    remedy: 'Check that the file is a whole Neurolucida .asc or .swc file that NEURON, too, can import.',
  });
}
