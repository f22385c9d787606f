type Task<T> = () => Promise<T>;

/** Runs tasks in order, a few at once, and lets all of them end before the first failure is passed on. */
export async function inPool<T extends unknown[]>(limit: number, ...tasks: { [K in keyof T]: Task<T[K]> }): Promise<T> {
  const results: PromiseSettledResult<unknown>[] = [];
  const waiting = [...tasks.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, task] = next;
      [results[index]] = (await Promise.allSettled([task()])) as [PromiseSettledResult<unknown>];
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }) as T;
}
