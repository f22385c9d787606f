/** Does one piece of work after the other, in the order of arrival; one that fails does not hold up the next. */
export class Queue {
  private last: Promise<unknown> = Promise.resolve();

  add<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work, work);
    this.last = result.catch(() => {});
    return result;
  }
}

/** A queue for each of several things, by their numbers. */
export class Queues {
  private readonly queues = new Map<number, Queue>();

  /** Adds work to the queue of one. */
  add<T>(id: number, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(id) ?? new Queue();
    this.queues.set(id, queue);
    return queue.add(work);
  }
}
