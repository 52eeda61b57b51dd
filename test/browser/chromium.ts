/** Finds a Chromium on this machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Why tests that need a browser are skipped. */
export const NO_CHROMIUM = 'no chromium on PATH; install one or set TWINCELL_CHROMIUM to its path';

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** $TWINCELL_CHROMIUM, else the first of the usual names on PATH; null where there is none. */
export function findChromium(): string | null {
  const named = process.env.TWINCELL_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(executable) ?? null;
}
