/** What makes two runs the same run: the canonical form of an experiment and the hashes of everything it depends on. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Experiment } from './schema.ts';

/** What a result depends on besides the experiment, each as a sha256 in hex or a version. */
export interface Dependencies {
  /** Morphology and `.mod` files, by file name. */
  readonly modelFiles: Readonly<Record<string, string>>;
  /** Locked Python environments, by name. */
  readonly locks: Readonly<Record<string, string>>;
  /** The version of twincell. */
  readonly code: string;
  /** Where the solver computes: its mode and whose exp, log and pow, which decide the last bits. */
  readonly arithmetic?: string;
}

/** The canonical JSON of a value (RFC 8785): keys sorted, numbers in one form, no white space. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

/** sha256 in hex of a text or of bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Identifies an experiment and everything its results depend on. */
export function experimentIdentity(experiment: Experiment, dependencies: Dependencies): string {
  return sha256(canonicalJson({ experiment, dependencies }));
}

/** Identifies a twin of an experiment that was trained with a seed, which need not be the experiment's own. */
export function twinIdentity(experiment: Experiment, dependencies: Dependencies, seed: number): string {
  if (seed === experiment.seed) return experimentIdentity(experiment, dependencies);
  return sha256(canonicalJson({ experiment, dependencies, training: { seed } }));
}

/**
 * Identifies the simulated data alone: unlike {@link experimentIdentity} it leaves out what does not change a trial's
 * bytes (names, the twin, how many trials there are, so that a data set can grow, and how many of them NEURON runs again).
 */
export function dataIdentity(experiment: Experiment, dependencies: Dependencies): string {
  const { seed, cell, stimulus, record } = experiment;
  const { trials: _trials, neuronShare: _share, ...simulation } = experiment.simulation;
  return sha256(canonicalJson({ seed, cell, stimulus, simulation, record, dependencies }));
}
