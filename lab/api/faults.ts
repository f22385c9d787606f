import { z } from "zod";

/** The kinds of faults that can be switched on. */
export const faultKinds = [
  "rate-limit",
  "conflict",
  "locked",
  "out-of-stock",
  "action-error",
  "bad-gateway",
  "unavailable",
  "timeout",
  "no-answer",
  "proxy-protocol-v1",
  "proxy-protocol-checks",
  "early-traffic",
] as const;

/** A kind of fault. */
export type FaultKind = (typeof faultKinds)[number];

/** What a fault can be limited to. */
export const methods = ["GET", "POST", "PUT", "DELETE"] as const;

const fault = z.strictObject({
  times: z.int().positive().optional(),
  after: z.int().nonnegative().optional(),
  method: z.enum(methods).optional(),
  path: z.string().refine(isPattern, "must be a regular expression").optional(),
  command: z.string().optional(),
  afterwards: z.boolean().optional(),
});

/** The body of `PUT /_lab/faults`: what is on, by kind. */
export const faultSettings = z.partialRecord(z.enum(faultKinds), fault);

/**
 * One fault: how many more times it strikes (until switched off if not given) and how many it lets pass before, only for a
 * method, a part of the path (regular expression) or an action's command; `afterwards`: a bad gateway or a timeout that
 * strikes once the request was carried out.
 */
export type Fault = z.infer<typeof fault>;

/** What a request or action is, for a fault to match. */
export interface Occasion {
  method?: string;
  path?: string;
  command?: string;
}

/** The faults that are on now; they are not kept over a restart. */
export class Faults {
  private active: z.infer<typeof faultSettings> = {};
  private held: (() => void)[] = [];

  /** What is on, with the times left. */
  all(): z.infer<typeof faultSettings> {
    return this.active;
  }

  /** Replaces everything that is on; what was held back is answered. */
  set(settings: z.infer<typeof faultSettings>): void {
    this.active = structuredClone(settings);
    for (const release of this.held.splice(0)) release();
  }

  /** Whether an answer is held back. */
  get holding(): boolean {
    return this.held.length > 0;
  }

  /** Holds an answer back until the faults are set anew. */
  hold(): Promise<void> {
    return new Promise((release) => this.held.push(release));
  }

  /** Whether a fault is on that does not strike at requests. */
  isOn(kind: FaultKind): boolean {
    return this.active[kind] !== undefined;
  }

  /** The fault that strikes here, used up once; undefined if none does. */
  take(kind: FaultKind, occasion: Occasion): Fault | undefined {
    const fault = this.active[kind];
    if (!fault || !matches(fault, occasion)) return undefined;
    if (fault.after) {
      fault.after -= 1;
      return undefined;
    }
    if (fault.times !== undefined) {
      fault.times -= 1;
      if (fault.times === 0) delete this.active[kind];
    }
    return fault;
  }
}

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

function matches(fault: Fault, occasion: Occasion): boolean {
  if (fault.method && fault.method !== occasion.method) return false;
  if (fault.command && fault.command !== occasion.command) return false;
  return !fault.path || new RegExp(fault.path).test(occasion.path ?? "");
}
