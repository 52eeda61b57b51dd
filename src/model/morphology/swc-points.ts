/** The points of an .swc file, read as NEURON's Import3d_SWC_read does: seven single-precision numbers a line. */
import { malformed, type Source } from './malformed.ts';
import { nearestSingle } from './single-precision.ts';

export interface SwcPoint {
  readonly id: number;
  readonly type: number;
  /** µm */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly diameter: number;
  /** Index of the parent point; -1 for the beginning of a tree. */
  parent: number;
  readonly line: number;
}

const FIELDS = 7;
const WHAT = 'a point has seven numbers (id, type, x, y, z, radius, parent)';

/** In the file's order, in which a parent stands before its children. */
export function swcPoints({ file, text }: Source): SwcPoint[] {
  const points: SwcPoint[] = [];
  const indexOf = new Map<number, number>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const fields = fieldsOf(raw, line, file);
    if (fields === null) continue;
    const [id, type, x, y, z, radius, parentId] = checked(fields, line, file);
    const before = points.at(-1);
    if (indexOf.has(id)) throw malformed(file, line, `point ${id} stands here for the second time`);
    if (parentId === id) throw malformed(file, line, `point ${id} is its own parent`);
    if (before !== undefined && id < before.id) {
      throw malformed(file, line, `point ${id} stands after point ${before.id}; NEURON reads points by rising id only`);
    }
    const parent = parentId < 0 ? -1 : parentId;
    indexOf.set(id, points.length);
    points.push({ id, type, x, y, z, diameter: 2 * radius, parent, line });
  }
  if (points.length === 0) throw malformed(file, undefined, 'the file has no points');
  const parents = new Map(points.map(({ id, parent }) => [id, parent]));
  for (const point of points) point.parent = parentIndex(point, indexOf, parents, file);
  return points;
}

/** The numbers of a line as single-precision ones; null for a comment or an empty line. */
function fieldsOf(raw: string, line: number, file: string): number[] | null {
  const words = wordsOf(raw.split('#', 1)[0] ?? '');
  if (words.length === 0) return null;
  if (words.length < FIELDS) throw malformed(file, line, `${WHAT}; here are ${words.length}`);
  return words.slice(0, FIELDS).map((word) => {
    if (/^[-+]?(nan|inf(inity)?)$/i.test(word)) throw malformed(file, line, `a number is not finite: ${word}`);
    if (!DECIMAL.test(word)) throw malformed(file, line, `${WHAT}, but here stands: ${raw.trim().slice(0, 60)}`);
    return nearestSingle(word, Number(word));
  });
}

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function wordsOf(text: string): string[] {
  return text.split(/[ \t\v\f\r]+/).filter((word) => word !== '');
}

type Fields = [id: number, type: number, x: number, y: number, z: number, radius: number, parent: number];

function checked(fields: readonly number[], line: number, file: string): Fields {
  if (!fields.every(Number.isFinite)) throw malformed(file, line, 'a number is not finite');
  const [id, type, x, y, z, radius, parent] = fields as Fields;
  for (const [name, value] of [
    ['id', id],
    ['type', type],
    ['parent', parent],
  ] as const) {
    if (!Number.isInteger(value)) throw malformed(file, line, `the ${name} of a point is a whole number, not ${value}`);
  }
  if (id < 0) throw malformed(file, line, `the id of a point is not negative, as here: ${id}`);
  return [id, type, x, y, z, radius, parent];
}

function parentIndex(
  { id, parent, line }: SwcPoint,
  indexOf: ReadonlyMap<number, number>,
  parents: ReadonlyMap<number, number>,
  file: string,
): number {
  if (parent < 0) return -1;
  const index = indexOf.get(parent);
  if (index === undefined) {
    throw malformed(file, line, `the parent of point ${id} is point ${parent}, which the file does not have`);
  }
  if (parent < id) return index;
  const what = leadsBack(id, parents) ? `point ${id} is among its own ancestors` : `point ${parent} stands after it`;
  throw malformed(file, line, `the parent of point ${id} is point ${parent}, but ${what}`);
}

function leadsBack(id: number, parents: ReadonlyMap<number, number>): boolean {
  let here = parents.get(id) ?? -1;
  for (let steps = 0; steps < parents.size && here !== id && here >= 0; steps++) here = parents.get(here) ?? -1;
  return here === id;
}
