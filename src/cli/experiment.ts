/** The experiment a command is about: a file, options, or options laid over a file. */
import { type Experiment, type ExperimentInput, parseExperiment } from '../experiment/index.ts';
import { loadExperimentInput } from '../launch/load.ts';
import { experimentFromOptions, overlay, type SharedOptions } from './options.ts';

/** @param defaults what the command assumes where neither file nor options say */
export async function experimentOf(
  file: string | undefined,
  options: SharedOptions,
  defaults: ExperimentInput = {},
): Promise<Experiment> {
  const asked = experimentFromOptions(options);
  if (file === undefined) return parseExperiment(overlay(defaults, asked));
  const base = await loadExperimentInput(file);
  // Something that is no object is reported as such, by the parser.
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return parseExperiment(base, file);
  return parseExperiment(overlay(base as ExperimentInput, asked), file);
}
