/** Errors as data, to pass from a worker to whoever asked. */
import { isTwincellError, NotFiniteError, RefusedError, UsageError } from '../../errors.ts';

export type PlainError =
  | { readonly tag: 'Usage'; readonly message: string; readonly remedy?: string | undefined }
  | {
      readonly tag: 'Refused';
      readonly message: string;
      readonly remedy?: string | undefined;
      readonly construct: string;
    }
  | { readonly tag: 'NotFinite'; readonly timeMs: number; readonly site: string; readonly remedy?: string | undefined }
  /** A fault of ours. */
  | { readonly tag: null; readonly message: string; readonly stack: string };

export function plainError(error: unknown): PlainError {
  if (isTwincellError(error, 'Usage')) return { tag: 'Usage', message: error.message, remedy: error.remedy };
  if (isTwincellError(error, 'Refused')) {
    return { tag: 'Refused', message: error.message, remedy: error.remedy, construct: error.construct };
  }
  if (isTwincellError(error, 'NotFinite')) {
    return { tag: 'NotFinite', timeMs: error.timeMs, site: error.site, remedy: error.remedy };
  }
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { tag: null, message, stack };
}

export function errorOf(plain: PlainError): Error {
  const remedy = plain.tag === null || plain.remedy === undefined ? {} : { remedy: plain.remedy };
  switch (plain.tag) {
    case 'Usage':
      return new UsageError(plain.message, remedy);
    case 'Refused':
      return new RefusedError(plain.message, { construct: plain.construct, ...remedy });
    case 'NotFinite':
      return new NotFiniteError({ timeMs: plain.timeMs, site: plain.site, ...remedy });
    case null:
      return Object.assign(new Error(plain.message), { stack: plain.stack });
  }
}
