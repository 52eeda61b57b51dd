/** In which order a tree's nodes are eliminated, and which of them need not be. */

export interface Branches {
  readonly nodes: number;
  /** -1 for a root; a parent may come after its children. */
  readonly parent: Int32Array;
}

/** Two nodes of which neither stands below the other; -1 where there is no second one. */
export type Pair = readonly [first: number, second: number];

/** Nodes at most between which no order is needed: more than a core works on at a time only go farther in memory. */
const TOGETHER = 8;

/**
 * All nodes but the roots in pairs, children before their parents. Those farthest from the root go first, and a node late
 * after its last child, for which it waits.
 */
export function eliminationPairs({ nodes, parent }: Branches, taken: (node: number) => boolean): Pair[] {
  const depth = depths({ nodes, parent });
  const waiting = childrenOf({ nodes, parent }, taken);
  const isReady = (node: number): boolean => (parent[node] as number) >= 0 && waiting[node] === 0;
  let ready = Array.from(parent.keys()).filter((node) => taken(node) && isReady(node));
  const pairs: Pair[] = [];
  while (ready.length > 0) {
    ready.sort((a, b) => (depth[b] as number) - (depth[a] as number) || a - b);
    const count = Math.max(1, Math.min(TOGETHER, ready.length - (ready.length % 2)));
    const round = ready.slice(0, count);
    ready = ready.slice(count);
    for (let k = 0; k < count; k += 2) pairs.push([round[k] ?? -1, round[k + 1] ?? -1]);
    for (const node of round) {
      const above = parent[node] as number;
      waiting[above] = (waiting[above] as number) - 1;
      if (isReady(above)) ready.push(above);
    }
  }
  return pairs;
}

/** Nodes between each one and its root. */
function depths({ nodes, parent }: Branches): Int32Array {
  const depth = new Int32Array(nodes).fill(-1);
  for (let node = 0; node < nodes; node++) {
    const path: number[] = [];
    let at = node;
    for (; at >= 0 && depth[at] === -1; at = parent[at] as number) path.push(at);
    let distance = at < 0 ? -1 : (depth[at] as number);
    for (const one of path.toReversed()) depth[one] = ++distance;
  }
  return depth;
}

function childrenOf({ nodes, parent }: Branches, taken: (node: number) => boolean): Int32Array {
  const children = new Int32Array(nodes);
  for (const [node, above] of parent.entries()) {
    if (above >= 0 && taken(node)) children[above] = (children[above] as number) + 1;
  }
  return children;
}

/**
 * For each node, itself, or the node whose potential it has since it hangs on it by a resistance alone: a tip without a
 * membrane, to which no current flows.
 */
export function withoutTips({ nodes, parent }: Branches, isBare: (node: number) => boolean): Int32Array {
  const children = childrenOf({ nodes, parent }, () => true);
  const like = Int32Array.from({ length: nodes }, (_, node) => node);
  for (let node = 0; node < nodes; node++) {
    // A tip makes a tip of its parent where it was the only child.
    for (let at = node; isBare(at) && children[at] === 0 && like[at] === at; ) {
      const above = parent[at] as number;
      if (above < 0) break;
      like[at] = above;
      children[above] = (children[above] as number) - 1;
      at = above;
    }
  }
  return like.map((_, node) => {
    let at = node;
    while (like[at] !== at) at = like[at] as number;
    return at;
  });
}

/**
 * The same trees hung up in the middle of their longest way, which halves the distance to the root. `turned` are the nodes
 * whose link to their parent is now their parent's to them: the former parent is the node, the node its parent.
 */
export function hungInTheMiddle({ nodes, parent }: Branches): Branches & { readonly turned: ReadonlySet<number> } {
  const neighbours: number[][] = Array.from({ length: nodes }, () => []);
  for (const [node, above] of parent.entries()) {
    if (above < 0) continue;
    neighbours[node]?.push(above);
    neighbours[above]?.push(node);
  }
  const hung = new Int32Array(nodes).fill(-1);
  /** Nodes of the tree in order of their distance from one of them; `from` gets each one's neighbour on the way there. */
  const walk = (start: number, from: Int32Array): number[] => {
    const found = [start];
    from[start] = -1;
    for (let k = 0; k < found.length; k++) {
      const node = found[k] as number;
      for (const next of neighbours[node] ?? []) {
        if (next === from[node]) continue;
        from[next] = node;
        found.push(next);
      }
    }
    return found;
  };
  const from = new Int32Array(nodes);
  for (const [root, above] of parent.entries()) {
    if (above >= 0) continue;
    const far = walk(root, from).at(-1) ?? root;
    const other = walk(far, from).at(-1) ?? far;
    const way: number[] = [];
    for (let at = other; at >= 0; at = from[at] as number) way.push(at);
    walk(way[way.length >> 1] as number, hung);
  }
  const turned = [...hung.keys()].filter((node) => hung[node] !== parent[node] && (hung[node] as number) >= 0);
  return { nodes, parent: hung, turned: new Set(turned) };
}
