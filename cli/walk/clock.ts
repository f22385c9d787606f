import { setTimeout as sleep } from "node:timers/promises";

/** What time it is, and a way to let it pass; milliseconds. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => sleep(milliseconds, undefined),
};

/** A minute in milliseconds. */
export const minute = 60_000;
