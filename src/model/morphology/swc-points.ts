/** The points of an .swc file, read as NEURON's Import3d_SWC_read does: seven single-precision numbers a line. */
import { malformed, type Source } from './malformed.ts';
import { scanNumber, skipBlank } from './scan-number.ts';
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
    const fields = fieldsOf(raw);
    if (fields === null) continue;
    const values = checked(fields, raw, line, file);
    const [id, type, x, y, z, radius, parentId] = values;
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
  for (const point of points) point.parent = parentIndex(point, indexOf, file);
  return points;
}

/** Null for a comment or an empty line. */
function fieldsOf(raw: string): number[] | null {
  const start = skipBlank(raw, 0);
  if (start >= raw.length || raw.charAt(start) === '#') return null;
  const fields: number[] = [];
  let at = start;
  while (fields.length < FIELDS) {
    at = skipBlank(raw, at);
    const found = at < raw.length ? scanNumber(raw, at) : null;
    if (found === null) break;
    fields.push(nearestSingle(raw.slice(at, found.end), found.value));
    at = found.end;
  }
  return fields;
}

type Fields = [id: number, type: number, x: number, y: number, z: number, radius: number, parent: number];

function checked(fields: readonly number[], raw: string, line: number, file: string): Fields {
  if (fields.length < FIELDS) {
    const words = raw.trim().split(/\s+/).length;
    const found = words < FIELDS ? `here are ${words}` : `here stands: ${raw.trim().slice(0, 60)}`;
    throw malformed(file, line, `${WHAT}; ${found}`);
  }
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

function parentIndex({ id, parent, line }: SwcPoint, indexOf: ReadonlyMap<number, number>, file: string): number {
  if (parent < 0) return -1;
  const index = indexOf.get(parent);
  if (index === undefined) {
    throw malformed(file, line, `the parent of point ${id} is point ${parent}, which the file does not have`);
  }
  if (parent > id) {
    throw malformed(
      file,
      line,
      `the parent of point ${id} is point ${parent}, which stands after it or leads back to it`,
    );
  }
  return index;
}
