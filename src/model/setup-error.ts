/** What set-up (env/, which has no TypeScript) throws, as one of our own errors. */
import { SetupFailure } from '../../env/index.mjs';
import { EnvironmentError, InterruptedError, MechanismCompileError } from '../errors.ts';

/** The typed error for a failure of set-up; anything else comes back as it is. */
export function setupError(error: unknown): unknown {
  if (!(error instanceof SetupFailure)) return error;
  const { code, file, line, remedy, message } = error;
  const fields = { remedy, cause: error };
  if (code === 'interrupted') return new InterruptedError(message, fields);
  if (code === 'mechanism' && file !== undefined) return new MechanismCompileError(message, { file, line, ...fields });
  return new EnvironmentError(message, fields);
}
