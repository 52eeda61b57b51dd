/** Visiting every node of a tree. */
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
