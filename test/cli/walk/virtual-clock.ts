import type { Clock } from "../../../cli/walk/clock";

/** A clock that stands still while anybody has something to do, and then goes on to what comes next. */
export class VirtualClock implements Clock {
  private time = 0;
  private timers: { at: number; ring: () => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((ring) => this.timers.push({ at: this.time + milliseconds, ring }));
  }

  /** Lets time pass until the work is done, or nobody goes on with it. */
  async until<T>(work: Promise<T>, isGivenUp: () => boolean = () => false): Promise<T | undefined> {
    let result: { value?: T; error?: unknown } | undefined;
    work.then(
      (value) => {
        result = { value };
      },
      (error: unknown) => {
        result = { error };
      },
    );
    for (;;) {
      await new Promise(setImmediate);
      if (result !== undefined && "error" in result) throw result.error;
      if (result !== undefined) return result.value;
      if (isGivenUp()) return undefined;
      this.ringNext();
    }
  }

  private ringNext(): void {
    const next = Math.min(...this.timers.map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY) throw new Error("everybody waits, and nothing comes");
    this.time = Math.max(this.time, next);
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { ring } of due) ring();
  }
}
