/** INCLUDE: the blocks of another file in the place of the statement. */
import { type Diagnostic, diagnostic } from '../diagnostics.ts';
import { parse } from '../parser/blocks.ts';
import { positionAt, type Source, type Span } from '../source.ts';
import type { Block } from '../syntax.ts';
import { namesInOrder } from './mentions.ts';

/**
 * Finds an included file by the name as written and the source that includes it; null where there is none.
 * What it gives is called as it will be when it includes others in turn, and differently from any other file.
 */
export type IncludeReader = (name: string, from: Source) => Source | null;

export interface Expanded {
  readonly blocks: readonly Block[];
  /** Names in the order in which they first stand, those of included files in their place. */
  readonly mentions: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Includes may nest this deep. */
const DEEPEST = 20;

/** Replaces every INCLUDE. What comes from another file stands, for messages, where the INCLUDE stands. */
export function expandIncludes(
  { source, blocks }: { readonly source: Source; readonly blocks: readonly Block[] },
  read: IncludeReader,
  within: readonly string[],
): Expanded {
  const diagnostics: Diagnostic[] = [];
  const mentions = new Map<number, readonly string[]>();
  const expanded = blocks.flatMap((block): readonly Block[] => {
    if (block.kind !== 'include') return [block];
    const { start, end } = block;
    const span = { start, end };
    const included = read(block.file, source);
    if (included === null) {
      diagnostics.push(diagnostic('include-missing', span, { file: block.file }));
      return [];
    }
    // By the file, not the name: two folders may each have a file of the same name.
    if (within.includes(included.file) || within.length >= DEEPEST) {
      diagnostics.push(diagnostic('include-cycle', span, { file: block.file }));
      return [];
    }
    const parsed = parse(included);
    const tree = { source: included, blocks: parsed.mechanism.blocks };
    const inner = expandIncludes(tree, read, [...within, included.file]);
    mentions.set(start, inner.mentions);
    for (const one of [...parsed.diagnostics, ...inner.diagnostics]) {
      const line = String(positionAt(included, one.span.start).line);
      diagnostics.push(diagnostic('inside-include', span, { file: included.file, line, message: one.message }));
    }
    return inner.blocks.map((one) => moved(one, span));
  });
  return { blocks: expanded, mentions: namesInOrder(source, mentions), diagnostics };
}

/** The same tree with every node at `span`. */
function moved<T>(node: T, span: Span): T {
  if (Array.isArray(node)) return node.map((one) => moved(one, span)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, moved(value, span)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  if ('start' in copy) Object.assign(copy, span);
  return copy as T;
}
