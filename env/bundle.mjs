/**
 * Modules of `src/` that run in a browser, each entry with all it needs as the text of one classic script. A checkout makes
 * them when a page is written, `npm run build` once. Not part of the published package, which has the texts.
 */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { packageFolder } from './paths.mjs';

/** Scripts of a page by name, and the module that each starts with. */
export const BROWSER_SCRIPTS = { page: 'src/browser/page/main.ts', worker: 'src/browser/worker/main.ts' };

/** @param {keyof typeof BROWSER_SCRIPTS} name @returns {Promise<string>} */
export async function bundleScript(name) {
  const bundle = await rolldown({
    input: join(packageFolder(), BROWSER_SCRIPTS[name]),
    platform: 'browser',
    transform: { target: 'es2022' },
    treeshake: { moduleSideEffects: (id) => id.endsWith('/main.ts') },
  });
  try {
    const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
    const [{ code, imports }] = output;
    if (imports.length > 0)
      throw new Error(`${BROWSER_SCRIPTS[name]} needs ${imports.join(', ')}, which no browser has`);
    return code;
  } finally {
    await bundle.close();
  }
}
