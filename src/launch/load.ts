/** Reading an experiment from a user's file: JSON, or TypeScript that exports it. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidExperimentError, isTwincellError, UsageError } from '../errors.ts';
import { type Experiment, parseExperiment } from '../experiment/index.ts';

/**
 * Loads an experiment. A `.json` file holds it; a `.ts`, `.mts`, `.js` or `.mjs` file exports it as `experiment` or as its
 * default. Such a file is the user's own program and runs as one.
 * @throws UsageError where there is no such file; InvalidExperimentError where it is not an experiment
 */
export async function loadExperiment(file: string): Promise<Experiment> {
  return parseExperiment(await loadExperimentInput(file), file);
}

/** The same before defaults and checks, so that options can be laid over it. */
export async function loadExperimentInput(file: string): Promise<unknown> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new UsageError(`cannot read ${file} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  });
  const extension = extname(path);
  if (extension === '.json') return parseJson(text, file);
  if (/^\.[cm]?[jt]s$/.test(extension)) return importExperiment(path, file);
  throw new UsageError(
    `${file}: an experiment is a .json, .ts or .mts file, not ${extension || 'one without an ending'}`,
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidExperimentError({ file, path: '', expected: 'JSON', found: (cause as Error).message, cause });
  }
}

async function importExperiment(path: string, file: string): Promise<unknown> {
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw explainImport(cause, file);
  }
  const experiment = module.experiment ?? module.default;
  if (experiment === undefined) {
    const found = Object.keys(module).join(', ') || 'no exports';
    throw new InvalidExperimentError({
      file,
      path: '',
      expected: '`export const experiment = defineExperiment({…})`',
      found,
    });
  }
  return experiment;
}

function explainImport(cause: unknown, file: string): unknown {
  if (isTwincellError(cause, 'InvalidExperiment')) {
    const { path, expected, found, problems } = cause;
    return new InvalidExperimentError({ file, path, expected, found, others: problems.slice(1), cause });
  }
  if (isTwincellError(cause)) return cause;
  const { message, code } = cause as NodeJS.ErrnoException;
  if (cause instanceof SyntaxError && /import statement outside a module|Unexpected token 'export'/.test(message)) {
    const remedy = `Either rename it to ${file.replace(/\.ts$/, '.mts')}, or add "type": "module" to the package.json beside it.`;
    return new UsageError(`${file}: this package is CommonJS, where a .ts file cannot use import and export`, {
      cause,
      remedy,
    });
  }
  if (code === 'ERR_MODULE_NOT_FOUND' && /'twincell'/.test(message)) {
    const remedy = 'Install it beside the experiment: npm install twincell';
    return new UsageError(`${file}: the package twincell is not installed where this file stands`, { cause, remedy });
  }
  const where = cause instanceof Error ? stackLine(cause, file) : '';
  return new UsageError(`${file}${where}: ${message}`, { cause });
}

/** `:line:column` of the user's file in a stack, where it stands in it. */
function stackLine(error: Error, file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`${escaped}(:\\d+(?::\\d+)?)`).exec(error.stack ?? '')?.[1] ?? '';
}
