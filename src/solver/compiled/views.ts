/** What a caller reads of an arranged simulation, in the caller's own order: copies that are brought up to date after each step. */

/** A copy and where each of its numbers comes from. */
interface View {
  readonly copy: Float64Array;
  readonly origin: Float64Array;
  readonly places: Int32Array;
  /** Numbers one after another at each place. */
  readonly length: number;
}

export interface Views {
  has(origin: Float64Array): boolean;
  /** The caller's copy; the same one each time. Its k-th group of `length` numbers stands at `places[k]`. */
  of(origin: Float64Array, places: Int32Array, length: number): Float64Array;
  /** Copies all from the simulation. */
  refresh(): void;
  /** Copies what the caller wrote into the simulation. */
  accept(): void;
}

export function createViews(): Views {
  const views = new Map<Float64Array, View>();
  return {
    has: (origin) => views.has(origin),
    of(origin, places, length) {
      const known = views.get(origin);
      if (known !== undefined) return known.copy;
      const view = { copy: new Float64Array(places.length * length), origin, places, length };
      copyOut(view);
      views.set(origin, view);
      return view.copy;
    },
    refresh() {
      for (const view of views.values()) copyOut(view);
    },
    accept() {
      for (const { copy, origin, places, length } of views.values()) {
        for (let k = 0; k < places.length; k++) {
          for (let e = 0; e < length; e++) origin[(places[k] as number) * length + e] = copy[k * length + e] as number;
        }
      }
    },
  };
}

function copyOut({ copy, origin, places, length }: View): void {
  for (let k = 0; k < places.length; k++) {
    for (let e = 0; e < length; e++) copy[k * length + e] = origin[(places[k] as number) * length + e] as number;
  }
}
