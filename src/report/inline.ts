/**
 * The page's script and style as text: its small modules in `page/`, read from source (types stripped by Node) or from the
 * compiled package, put in order and joined into one scope. Modules there import only from each other, by name and
 * without renaming, and no two of them share a name at their top level.
 */
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

const PAGE = new URL('./page/', import.meta.url);
/** In the order in which the browser shall read them. */
const STYLES = ['theme.css', 'page.css', 'cell.css', 'tables.css', 'plots.css', 'media.css'];
const EXTENSION = extname(new URL(import.meta.url).pathname);
const IMPORT = /^import\s[^;]*?from\s*['"]\.\/([\w-]+)\.[tj]s['"];?[ \t]*$/gm;

/** Type stripping says it is experimental; a report should not. */
function withoutWarnings<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function moduleSource(name: string): string {
  const text = readFileSync(new URL(`${name}${EXTENSION}`, PAGE), 'utf8');
  return EXTENSION === '.ts' ? withoutWarnings(() => stripTypeScriptTypes(text)) : text;
}

/** One module without its imports and exports. */
function body(source: string): string {
  return source
    .replace(IMPORT, '')
    .replace(/^export \{\};?$/gm, '')
    .replace(/^export (?=(?:async )?(?:function|const|let|class)\b)/gm, '')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The modules `entry` needs, itself last, each once. */
function inOrder(entry: string, done: Map<string, string>): Map<string, string> {
  if (done.has(entry)) return done;
  const source = moduleSource(entry);
  done.set(entry, '');
  for (const match of source.matchAll(IMPORT)) inOrder(match[1] ?? '', done);
  done.delete(entry);
  return done.set(entry, body(source));
}

let script: string | undefined;

/** The page's own script, one classic script in strict mode. */
export function pageScript(): string {
  script ??= [
    `(() => {\n'use strict';`,
    ...[...inOrder('main', new Map())].map(([name, text]) => `// ${name}\n${text}`),
    `})();`,
  ].join('\n\n');
  if (/^(?:import|export)\b/m.test(script)) throw new Error('src/report/page: an import or export was not understood');
  return scriptText(script);
}

export function pageStyle(): string {
  return STYLES.map((name) => readFileSync(new URL(name, PAGE), 'utf8')).join('\n');
}

const require = createRequire(import.meta.url);

/** uPlot (MIT) as its package ships it. */
export function plotLibrary(): { script: string; style: string } {
  const read = (name: string) => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');
  return { script: scriptText(read('uPlot.iife.min.js')), style: read('uPlot.min.css') };
}

/** A script as it may stand in its element, which nothing in it may end. */
export function scriptText(text: string): string {
  return text.replace(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');
}
