/** Puts what was measured into docs/performance.md: each part stands between two comments that name it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../env/index.mjs';

/**
 * Replaces a part of the page's text.
 * @throws Error where the page has no such part
 */
export function withPart(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no part between ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n${text.trim()}\n${page.slice(to)}`;
}

export async function writePart(name: string, text: string): Promise<void> {
  const file = join(packageFolder(), 'docs', 'performance.md');
  await writeFile(file, withPart(await readFile(file, 'utf8'), name, text));
}

/** Arguments as a reader types them: folders of this machine left out. */
export function shownArguments(words: readonly string[]): readonly string[] {
  return words.map((word, k) => (words[k - 1] === '--models' ? 'FOLDER' : word));
}

/** The command as a reader types it. */
export function commandOf(script: string, argv: readonly string[]): string {
  const shown = shownArguments(argv.filter((word) => word !== '--page' && word !== '--json'));
  return ['npm run', script, ...(shown.length > 0 ? ['--', ...shown] : [])].join(' ');
}

/** A table of GitHub's Markdown; the first column to the left, numbers to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, k) => (k === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
