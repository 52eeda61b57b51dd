/**
 * Eigenvalues and eigenvectors of a symmetric 3 × 3 matrix by the steps that NEURON's Matrix.symmeig takes (Householder
 * reduction to Hessenberg form, Francis' shifted QR to Schur form, back substitution; see Golub & Van Loan, Matrix
 * Computations, chapter 7), in the same order of operations, so that a soma's axis has the same bits.
 */

/** Rows of columns: m[column][row]. */
type Columns = [Float64Array, Float64Array, Float64Array];

export interface Eigen {
  readonly values: readonly number[];
  /** vectors[k] belongs to values[k]; length 1. */
  readonly vectors: readonly Float64Array[];
}

const EPS = 2 ** -52;
const SMALLEST = 2 ** -1022;
const MOST_STEPS = 120;

/** A real matrix under reduction: the working matrix `t` and the product of all transformations `u`. */
interface Schur {
  readonly t: Columns;
  readonly u: Columns;
}

/** `rows[i][j]`, symmetric. Null where the iteration does not converge or the eigenvalues are not real. */
export function symmetricEigen(rows: readonly (readonly number[])[]): Eigen | null {
  const scale = Math.max(...rows.flat().map(Math.abs));
  if (!Number.isFinite(scale)) return null;
  if (scale < SMALLEST) return { values: [0, 0, 0], vectors: identity() };
  const t = columns((i, j) => (rows[i]?.[j] ?? 0) / scale);
  const schur: Schur = { t, u: identity() };
  toHessenberg(schur);
  if (!toSchur(schur)) return null;
  for (const column of t) for (let i = 0; i < 3; i++) column[i] = get(column, i) * scale;
  if (t[0][1] !== 0 || t[1][2] !== 0) return null;
  const values = [get(t[0], 0), get(t[1], 1), get(t[2], 2)];
  return { values, vectors: eigenvectors(schur, values) };
}

function get(column: Float64Array, i: number): number {
  return column[i] as number;
}

function columns(value: (i: number, j: number) => number): Columns {
  const column = (j: number) => Float64Array.of(value(0, j), value(1, j), value(2, j));
  return [column(0), column(1), column(2)];
}

function identity(): Columns {
  return columns((i, j) => (i === j ? 1 : 0));
}

interface Reflector {
  readonly essential: readonly number[];
  readonly tau: number;
  readonly beta: number;
}

/** The reflection that maps v onto a multiple of the first axis. */
function reflector(v: readonly number[]): Reflector {
  const [c0 = 0, ...tail] = v;
  let norm = 0;
  for (const value of tail) norm += value * value;
  if (norm <= SMALLEST) return { essential: tail.map(() => 0), tau: 0, beta: c0 };
  const root = Math.sqrt(c0 * c0 + norm);
  const beta = c0 >= 0 ? -root : root;
  return { essential: tail.map((value) => value / (c0 - beta)), tau: (beta - c0) / beta, beta };
}

/** Rows from `row` on, columns from `from` to 2, are reflected. */
function reflectRows(m: Columns, row: number, from: number, { essential, tau }: Reflector): void {
  if (tau === 0) return;
  for (let j = from; j < 3; j++) {
    const column = m[j] as Float64Array;
    let sum = 0;
    essential.forEach((e, k) => {
      sum += e * get(column, row + 1 + k);
    });
    sum += get(column, row);
    column[row] = get(column, row) - tau * sum;
    essential.forEach((e, k) => {
      column[row + 1 + k] = get(column, row + 1 + k) - tau * e * sum;
    });
  }
}

/** Columns from `column` on, rows 0 to `to` - 1, are reflected. */
function reflectColumns(m: Columns, column: number, to: number, { essential, tau }: Reflector): void {
  if (tau === 0) return;
  const head = m[column] as Float64Array;
  for (let i = 0; i < to; i++) {
    let sum = 0;
    essential.forEach((e, k) => {
      sum += get(m[column + 1 + k] as Float64Array, i) * e;
    });
    sum += get(head, i);
    head[i] = get(head, i) - tau * sum;
    essential.forEach((e, k) => {
      const other = m[column + 1 + k] as Float64Array;
      other[i] = get(other, i) - tau * sum * e;
    });
  }
}

function toHessenberg({ t, u }: Schur): void {
  const h = reflector([get(t[0], 1), get(t[0], 2)]);
  t[0][1] = h.beta;
  reflectRows(t, 1, 1, h);
  reflectColumns(t, 1, 3, h);
  t[0][2] = 0;
  reflectRows(u, 1, 1, h);
}

function toSchur(schur: Schur): boolean {
  const { t } = schur;
  let norm = 0;
  for (let j = 0; j < 3; j++) {
    let size = 0;
    for (let i = 0; i < Math.min(3, j + 2); i++) size += Math.abs(get(t[j] as Float64Array, i));
    norm += size;
  }
  if (norm === 0) return true;
  const zero = Math.max(norm * (EPS * EPS), SMALLEST);
  let iu = 2;
  let taken = 0;
  for (let iteration = 0; iu >= 0; ) {
    const il = smallSubdiagonal(t, iu, zero);
    if (il === iu) {
      const column = t[iu] as Float64Array;
      column[iu] = get(column, iu) + taken;
      if (iu > 0) (t[iu - 1] as Float64Array)[iu] = 0;
      iu -= 1;
      iteration = 0;
    } else if (il === iu - 1) {
      splitTwo(schur, iu, taken);
      iu -= 2;
      iteration = 0;
    } else {
      const shifts = shiftsOf(t, iteration++);
      taken += shifts.taken;
      if (iteration > MOST_STEPS) return false;
      francisStep(schur, shifts);
    }
  }
  return true;
}

function smallSubdiagonal(t: Columns, iu: number, zero: number): number {
  let at = iu;
  while (at > 0) {
    const column = t[at - 1] as Float64Array;
    const size = Math.abs(get(column, at - 1)) + Math.abs(get(t[at] as Float64Array, at));
    if (Math.abs(get(column, at)) <= Math.max(size * EPS, zero)) break;
    at--;
  }
  return at;
}

function splitTwo({ t, u }: Schur, iu: number, taken: number): void {
  const left = t[iu - 1] as Float64Array;
  const right = t[iu] as Float64Array;
  const p = 0.5 * (get(left, iu - 1) - get(right, iu));
  const q = p * p + get(left, iu) * get(right, iu - 1);
  right[iu] = get(right, iu) + taken;
  left[iu - 1] = get(left, iu - 1) + taken;
  if (q >= 0) {
    const z = Math.sqrt(q);
    const [c, s] = givens(p >= 0 ? p + z : p - z, get(left, iu));
    if (!(c === 1 && s === 0)) {
      // From the left on rows iu-1 and iu, then from the right on the columns of both matrices.
      for (let j = iu - 1; j < 3; j++) rotate(t[j] as Float64Array, iu - 1, t[j] as Float64Array, iu, c, -s);
      for (let i = 0; i <= iu; i++) rotate(left, i, right, i, c, -s);
      for (let i = 0; i < 3; i++) rotate(u[iu - 1] as Float64Array, i, u[iu] as Float64Array, i, c, -s);
    }
    left[iu] = 0;
  }
  if (iu > 1) (t[iu - 2] as Float64Array)[iu - 1] = 0;
}

function rotate(a: Float64Array, i: number, b: Float64Array, j: number, c: number, s: number): void {
  const x = get(a, i);
  const y = get(b, j);
  a[i] = c * x + s * y;
  b[j] = -s * x + c * y;
}

/** Cosine and sine of the rotation that turns (p, q) onto the first axis. */
function givens(p: number, q: number): [number, number] {
  if (q === 0) return [p < 0 ? -1 : 1, 0];
  if (p === 0) return [0, q < 0 ? 1 : -1];
  if (Math.abs(p) > Math.abs(q)) {
    const t = q / p;
    const root = Math.sqrt(1 + t * t);
    const c = 1 / (p < 0 ? -root : root);
    return [c, -t * c];
  }
  const t = p / q;
  const root = Math.sqrt(1 + t * t);
  const s = -1 / (q < 0 ? -root : root);
  return [-t * s, s];
}

interface Shifts {
  readonly values: readonly [number, number, number];
  /** What was taken off the diagonal, to be put back in the end. */
  readonly taken: number;
}

/** The shifts of a step; the tenth and the thirtieth are exceptional ones, which get a stuck iteration going. */
function shiftsOf(t: Columns, iteration: number): Shifts {
  const values: [number, number, number] = [get(t[2], 2), get(t[1], 1), get(t[1], 2) * get(t[2], 1)];
  if (iteration === 10) {
    const off = values[0];
    for (const [i, column] of t.entries()) column[i] = get(column, i) - off;
    const s = Math.abs(get(t[1], 2)) + Math.abs(get(t[0], 1));
    return { values: [0.75 * s, 0.75 * s, -0.4375 * s * s], taken: off };
  }
  if (iteration !== 30) return { values, taken: 0 };
  const half = (values[1] - values[0]) / 2;
  const square = half * half + values[2];
  if (!(square > 0)) return { values, taken: 0 };
  const root = values[1] < values[0] ? -Math.sqrt(square) : Math.sqrt(square);
  const off = values[0] - values[2] / (root + half);
  for (const [i, column] of t.entries()) column[i] = get(column, i) - off;
  return { values: [0.964, 0.964, 0.964], taken: off };
}

/** One doubly shifted QR step on the whole matrix. */
function francisStep({ t, u }: Schur, { values: [shift0, shift1, shift2] }: Shifts): void {
  const corner = get(t[0], 0);
  const r = shift0 - corner;
  const s = shift1 - corner;
  const start = reflector([
    (r * s - shift2) / get(t[0], 1) + get(t[1], 0),
    get(t[1], 1) - corner - r - s,
    get(t[1], 2),
  ]);
  if (start.beta !== 0) {
    reflectRows(t, 0, 0, start);
    reflectColumns(t, 0, 3, start);
    reflectColumns(u, 0, 3, start);
  }
  const end = reflector([get(t[0], 1), get(t[0], 2)]);
  if (end.beta !== 0) {
    t[0][1] = end.beta;
    reflectRows(t, 1, 1, end);
    reflectColumns(t, 1, 3, end);
    reflectColumns(u, 1, 3, end);
  }
  t[0][2] = 0;
}

/** Back substitution in the triangular matrix, then back into the original axes. */
function eigenvectors({ t, u }: Schur, values: readonly number[]): Float64Array[] {
  const upper = [0, 1, 2].map((i) => [0, 1, 2].map((j) => get(t[j] as Float64Array, i)));
  let norm = 0;
  upper.forEach((row, i) => {
    let size = 0;
    for (let j = Math.max(i - 1, 0); j < 3; j++) size += Math.abs(row[j] ?? 0);
    norm += size;
  });
  const vectors: Float64Array[] = [];
  for (let n = 2; n >= 0; n--) {
    const v = new Float64Array(3);
    v[n] = 1;
    for (let i = n - 1; i >= 0; i--) {
      const row = upper[i] as number[];
      const w = get(t[i] as Float64Array, i) - (values[n] ?? 0);
      let r = 0;
      for (let k = i + 1; k <= n; k++) r += (row[k] ?? 0) * get(v, k);
      v[i] = -r / (w !== 0 ? w : EPS * norm);
      const size = Math.abs(get(v, i));
      if (EPS * size * size > 1) for (let k = i; k < 3; k++) v[k] = get(v, k) / size;
    }
    vectors[n] = combined(u, v, n);
  }
  return vectors;
}

function combined(u: Columns, v: Float64Array, n: number): Float64Array {
  const result = new Float64Array(3);
  for (let i = 0; i < 3; i++) {
    let sum = 0;
    for (let k = 0; k <= n; k++) sum += get(u[k] as Float64Array, i) * get(v, k);
    result[i] = sum;
  }
  return normalised(result);
}

function normalised(v: Float64Array): Float64Array {
  let square = 0;
  for (const value of v) square += value * value;
  if (!(square > 0)) return v;
  const size = Math.sqrt(square);
  return v.map((value) => (value * size) / (size * size));
}
