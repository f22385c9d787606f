/**
 * Runs suites side by side, at most so many at a time, and resolves to their results in the order of the suites. Of those
 * whose needs have ended, passed or not, the one that may take longest begins, so that all end together; suites that
 * measure what goes on in real time, `alone`, have the machine for themselves when all others are done.
 */
export async function sideBySide(suites, lanes, run) {
  const waiting = suites.toSorted((one, other) => other.budget - one.budget);
  const running = new Map();
  const results = new Map();
  while (results.size < suites.length) {
    for (let next = nextOf(waiting, running, lanes); next; next = nextOf(waiting, running, lanes)) {
      const suite = next;
      waiting.splice(waiting.indexOf(suite), 1);
      const ended = run(suite).then((result) => {
        running.delete(suite);
        results.set(suite, result);
      });
      running.set(suite, ended);
    }
    if (running.size === 0) throw new Error(`suites need each other: ${waiting.map(({ name }) => name).join(", ")}`);
    await Promise.race(running.values());
  }
  return suites.map((suite) => results.get(suite));
}

function nextOf(waiting, running, lanes) {
  const going = [...running.keys()];
  if (going.length >= lanes || going.some(({ alone }) => alone)) return undefined;
  const unfinished = new Set([...waiting, ...going].map(({ name }) => name));
  const shared = waiting.filter(({ alone }) => !alone);
  if (shared.length > 0) return shared.find(({ needs = [] }) => !needs.some((name) => unfinished.has(name)));
  return going.length === 0 ? waiting[0] : undefined;
}
