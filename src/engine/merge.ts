/** Several async generators as one: whatever comes first is passed on, one value of each waiting at most. */

/**
 * @param stop called once before the sources are left, however the loop ends; it should make them end soon
 */
export async function* merge<T>(sources: readonly AsyncGenerator<T>[], stop: () => void): AsyncGenerator<T> {
  const pull = (source: AsyncGenerator<T>) => source.next().then((result) => ({ source, result }));
  const waiting = new Map(sources.map((source) => [source, pull(source)]));
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      if (result.done === true) {
        waiting.delete(source);
        continue;
      }
      yield result.value;
      waiting.set(source, pull(source));
    }
  } finally {
    stop();
    await Promise.allSettled([...waiting.values(), ...sources.map((source) => source.return(undefined))]);
  }
}
