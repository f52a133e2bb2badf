/** Works on several items at once, taking them as they come. After the first failure no more are begun, and it is thrown. */
export async function inParallel<T>(items: AsyncIterable<T>, limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    try {
      for (let next = await iterator.next(); !next.done && failures.length === 0; next = await iterator.next()) await work(next.value);
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Bytes of an object, as HTTP counts them, in parts of one size. */
export async function* ranges(size: number, part: number): AsyncGenerator<{ number: number; first: number; last: number }> {
  for (let number = 1, first = 0; first < size; number += 1, first += part) yield { number, first, last: Math.min(first + part, size) - 1 };
}
