/**
 * Events in order of time. Those at equal times come out in NEURON's order, which is not always the order in which they
 * went in: the next event stands apart from the rest, and one that is overtaken goes behind the others of its time.
 */

/** A waiting event. Only the queue changes its fields. */
export interface Waiting<E> {
  readonly event: E;
  /** When it is due (ms). */
  time: number;
  /** Place in the heap; -1 where it is the next event or waits no more. */
  place: number;
  /** Among equal times the lower comes first. */
  rank: number;
}

export interface EventQueue<E> {
  /** When the next event is due (ms); infinite where none is. */
  readonly next: number;
  insert(time: number, event: E): Waiting<E>;
  /** Takes the next event where it is due at `time` or before. */
  take(time: number): Waiting<E> | null;
  move(item: Waiting<E>, time: number): void;
  /** Takes an event out; nothing happens where it is out already. */
  remove(item: Waiting<E>): void;
  clear(): void;
}

export function createEventQueue<E>(): EventQueue<E> {
  const heap = createHeap<E>();
  let least: Waiting<E> | null = null;

  function toLeast(item: Waiting<E>): void {
    if (least !== null) heap.push(least);
    least = item;
  }

  return {
    get next() {
      return least === null ? Number.POSITIVE_INFINITY : least.time;
    },
    insert(time, event) {
      const item: Waiting<E> = { event, time, place: -1, rank: 0 };
      if (least === null || time < least.time) toLeast(item);
      else heap.push(item);
      return item;
    },
    take(time) {
      if (least === null || !(least.time <= time)) return null;
      const item = least;
      least = heap.pop();
      return item;
    },
    move(item, time) {
      if (item === least) {
        item.time = time;
        const first = heap.first();
        if (first !== null && time > first.time) {
          least = heap.pop();
          heap.push(item);
        }
        return;
      }
      heap.remove(item);
      item.time = time;
      if (least === null || time < least.time) toLeast(item);
      else heap.push(item);
    },
    remove(item) {
      if (item === least) least = heap.pop();
      else if (item.place >= 0) heap.remove(item);
    },
    clear() {
      heap.clear();
      least = null;
    },
  };
}

interface Heap<E> {
  push(item: Waiting<E>): void;
  pop(): Waiting<E> | null;
  first(): Waiting<E> | null;
  remove(item: Waiting<E>): void;
  clear(): void;
}

/** A binary heap in which an item comes after all others of its time that are there already. */
function createHeap<E>(): Heap<E> {
  const items: Waiting<E>[] = [];
  let ranks = 0;

  const before = (a: Waiting<E>, b: Waiting<E>): boolean => a.time < b.time || (a.time === b.time && a.rank < b.rank);

  function put(item: Waiting<E>, place: number): void {
    items[place] = item;
    item.place = place;
  }

  function rise(item: Waiting<E>, from: number): void {
    let place = from;
    while (place > 0) {
      const up = (place - 1) >> 1;
      const parent = items[up] as Waiting<E>;
      if (!before(item, parent)) break;
      put(parent, place);
      place = up;
    }
    put(item, place);
  }

  function sink(item: Waiting<E>, from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      if (left >= items.length) break;
      const rightFirst = right < items.length && before(items[right] as Waiting<E>, items[left] as Waiting<E>);
      const down = rightFirst ? right : left;
      const child = items[down] as Waiting<E>;
      if (!before(child, item)) break;
      put(child, place);
      place = down;
    }
    put(item, place);
  }

  function remove(item: Waiting<E>): void {
    const { place } = item;
    const last = items.pop() as Waiting<E>;
    item.place = -1;
    if (last === item) return;
    put(last, place);
    sink(last, place);
    rise(last, last.place);
  }

  return {
    push(item) {
      item.rank = ranks++;
      items.push(item);
      rise(item, items.length - 1);
    },
    first: () => items[0] ?? null,
    pop() {
      const item = items[0];
      if (item === undefined) return null;
      remove(item);
      return item;
    },
    remove,
    clear() {
      items.length = 0;
      ranks = 0;
    },
  };
}
