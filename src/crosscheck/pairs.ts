/** Two streams of blocks, side by side. */
import type { VoltageBlock } from '../engine/engine.ts';

/** Two iterations in step, both ended when either stops early. */
export async function* pairs(
  a: AsyncIterable<VoltageBlock>,
  b: AsyncIterable<VoltageBlock>,
): AsyncGenerator<[VoltageBlock, VoltageBlock]> {
  const left = a[Symbol.asyncIterator]();
  const right = b[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Asked together, so that both engines work at the same time.
      const [x, y] = await Promise.all([left.next(), right.next()]);
      if (x.done !== y.done) throw new Error('one engine gave more blocks than the other');
      if (x.done || y.done) return;
      yield [x.value, y.value];
    }
  } finally {
    await Promise.allSettled([left.return?.(), right.return?.()]);
  }
}
