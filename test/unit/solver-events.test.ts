import fc from 'fast-check';
import { expect, test } from 'vitest';
import { libmNamed } from '../../src/libm/index.ts';
import { createEventQueue, type Waiting } from '../../src/solver/queue.ts';
import { createRandomStream, philox } from '../../src/solver/random.ts';

/** NEURON's rule in the plainest form: the next event apart, the rest in a list, a new one behind its equals. */
class PlainQueue {
  least: { time: number; id: number } | null = null;
  rest: { time: number; id: number }[] = [];

  #put(item: { time: number; id: number }): void {
    const place = this.rest.findIndex((other) => other.time > item.time);
    this.rest.splice(place < 0 ? this.rest.length : place, 0, item);
  }
  insert(time: number, id: number): void {
    const item = { time, id };
    if (this.least === null || time < this.least.time) this.#lead(item);
    else this.#put(item);
  }
  #lead(item: { time: number; id: number }): void {
    if (this.least !== null) this.#put(this.least);
    this.least = item;
  }
  take(time: number): number | null {
    if (this.least === null || this.least.time > time) return null;
    const { id } = this.least;
    this.least = this.rest.shift() ?? null;
    return id;
  }
  remove(id: number): void {
    if (this.least?.id === id) this.least = this.rest.shift() ?? null;
    else this.rest = this.rest.filter((item) => item.id !== id);
  }
  move(id: number, time: number): void {
    if (this.least?.id === id) {
      this.least.time = time;
      const [first] = this.rest;
      if (first !== undefined && time > first.time) {
        const moved = this.least;
        this.least = this.rest.shift() ?? null;
        this.#put(moved);
      }
      return;
    }
    const item = this.rest.find((one) => one.id === id);
    if (item === undefined) return;
    this.rest = this.rest.filter((one) => one !== item);
    item.time = time;
    if (this.least === null || time < this.least.time) this.#lead(item);
    else this.#put(item);
  }
}

const time = fc.integer({ min: 0, max: 6 });
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('insert' as const), time }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), time }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), which: fc.nat(), time }) },
);

test('events come out as NEURON’s queue gives them, whatever is put in, moved and removed', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const plain = new PlainQueue();
      const queue = createEventQueue<number>();
      const waiting = new Map<number, Waiting<number>>();
      const chosen = (which: number): number | undefined => [...waiting.keys()][which % Math.max(1, waiting.size)];
      for (const [id, one] of actions.entries()) {
        if (one.do === 'insert') {
          plain.insert(one.time, id);
          waiting.set(id, queue.insert(one.time, id));
        } else if (one.do === 'take') {
          const expected = plain.take(one.time);
          expect(queue.take(one.time)?.event ?? null).toBe(expected);
          if (expected !== null) waiting.delete(expected);
        } else {
          const id = chosen(one.which);
          if (id === undefined) continue;
          const item = waiting.get(id) as Waiting<number>;
          if (one.do === 'move') {
            plain.move(id, one.time);
            queue.move(item, one.time);
          } else {
            plain.remove(id);
            queue.remove(item);
            waiting.delete(id);
          }
        }
        expect(queue.next).toBe(plain.least?.time ?? Number.POSITIVE_INFINITY);
      }
    }),
    { numRuns: 1000 },
  );
});

/** Known answer of the authors of Random123 for a counter and a key of zeros. */
test('Philox4x32-10 gives the published words', () => {
  const words = new Uint32Array(4);
  philox(new Uint32Array(4), 0, words);
  expect([...words]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
});

const stream = () => createRandomStream([3, 5, 7], libmNamed('glibc'));

/** NEURON 9.0.2: r = h.Random(); r.Random123(3, 5, 7); r.negexp(1), then r.repick() five times. */
test('a stream’s exponential draws are NEURON’s', () => {
  const drawn = stream();
  expect(Array.from({ length: 7 }, () => drawn.negexp(1)).slice(1)).toEqual([
    1.6019950548247994, 1.1588405082640074, 2.9197972829196623, 0.10687168166311593, 0.857487246338785,
    2.0979880777736657,
  ]);
});

test('a stream goes to any place of itself', () => {
  const drawn = stream();
  const words = Array.from({ length: 40 }, () => drawn.integer());
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 39 }), (place) => {
      drawn.sequence(place);
      expect(drawn.integer()).toBe(words[place]);
    }),
  );
});
