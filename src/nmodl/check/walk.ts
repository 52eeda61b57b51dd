/** Visiting every node of a tree. */
import type { Span } from '../source.ts';
import type { Expression, Statement } from '../syntax.ts';

type Node = Expression | Statement;

/** Calls `visit` for every expression and statement below `root`, outer ones first. */
export function visitNodes(root: unknown, visit: (node: Node) => void): void {
  const waiting: unknown[] = [root];
  for (let node = waiting.pop(); node !== undefined || waiting.length > 0; node = waiting.pop()) {
    if (Array.isArray(node)) for (let i = node.length - 1; i >= 0; i--) waiting.push(node[i]);
    else if (typeof node === 'object' && node !== null) {
      if ('kind' in node) visit(node as Node);
      const values = Object.values(node);
      for (let i = values.length - 1; i >= 0; i--) if (typeof values[i] === 'object') waiting.push(values[i]);
    }
  }
}

/** The first node that stands more than `limit` levels deep, or null. */
export function tooDeep(root: object, limit: number): Span | null {
  const waiting: { readonly node: object; readonly depth: number; readonly span: Span | null }[] = [
    { node: root, depth: 0, span: null },
  ];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { node, depth } = one;
    const span = 'start' in node && 'end' in node ? (node as Span) : one.span;
    if (depth > limit) return span;
    for (const value of Object.values(node))
      if (typeof value === 'object' && value !== null) waiting.push({ node: value, depth: depth + 1, span });
  }
  return null;
}
