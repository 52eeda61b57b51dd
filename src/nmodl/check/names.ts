/** Names that look alike, for “did you mean”. */

/** `, did you mean “x”?`, or nothing where no name is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  let best: string | null = null;
  let least = name.length <= 3 ? 2 : 3;
  for (const candidate of known) {
    const distance = editDistance(name, candidate, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best === null ? '' : `; did you mean “${best}”?`;
}

/** Insertions, deletions and replacements between two names, up to `limit`; capitals count as half. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a === b) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [x = '', y = ''] = [a[i - 1], b[j - 1]];
      const replace = x === y ? 0 : x.toLowerCase() === y.toLowerCase() ? 0.5 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + replace));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
