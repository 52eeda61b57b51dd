/** The sidecar's coded errors as the typed errors a user meets; what has no type of its own stays a RemoteError. */
import { InvalidExperimentError, InvalidModelFileError, isTwincellError, type RemoteError } from '../errors.ts';

export function neuronError(error: unknown): unknown {
  if (!isTwincellError(error, 'Remote')) return error;
  const { code, details } = error;
  const fields = { cause: error, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) };
  if (code === 'morphology-unreadable' || code.startsWith('builder-')) {
    const file = text(details.file);
    if (file === undefined) return error;
    const line = typeof details.line === 'number' ? details.line : undefined;
    return new InvalidModelFileError(text(details.reason) ?? error.message, { file, line, ...fields });
  }
  if (code === 'mechanism-missing' && details.region !== undefined) {
    const { mechanism, region } = details;
    const expected = 'a mechanism of the compiled library';
    return new InvalidExperimentError({
      ...where(error, `/regions/${region}/mechanisms`),
      expected,
      found: `${mechanism}`,
      ...fields,
    });
  }
  if (code === 'parameter-unknown') {
    const { mechanism, parameter, region } = details;
    const path = `/regions/${region}/mechanisms/${mechanism}`;
    const expected = `RANGE parameters of ${mechanism}`;
    return new InvalidExperimentError({ ...where(error, path), expected, found: `${parameter}`, ...fields });
  }
  if (code === 'nexus-missing') {
    const expected = 'a section of the cell';
    return new InvalidExperimentError({
      ...where(error, '/nexus/section'),
      expected,
      found: `${details.section}`,
      ...fields,
    });
  }
  return error;
}

/** The model card at fault, by its name, and the place in it. */
function where(error: RemoteError, path: string): { file: string; path: string } {
  return { file: `model ${text(error.details.model) ?? ''}`, path };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
