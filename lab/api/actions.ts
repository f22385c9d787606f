import { setTimeout as delay } from "node:timers/promises";

import { ApiError } from "./errors";
import type { Faults } from "./faults";
import type { Action, ActionResource } from "./model";
import type { Store } from "./store";

/** One action: what the fabric has to do meanwhile, and what changes when it succeeded or failed. */
export interface Step {
  command: string;
  resources: ActionResource[];
  work?: () => Promise<void>;
  done?: () => void;
  failed?: () => void;
}

const keptActions = 2000;

/** Starts actions, runs them in the background and holds the locks of servers meanwhile. */
export class Actions {
  private readonly locks = new Set<string>();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly store: Store,
    private readonly faults: Faults,
    private readonly durationMs: number,
    private readonly log: (line: string) => void,
  ) {}

  /** Starts steps that run one after another, the resource locked until the last one is over; all show as running. */
  start(steps: Step[], lock?: ActionResource): Readonly<Action>[] {
    const actions = steps.map((step) => this.add(step));
    const key = lock && lockKey(lock);
    if (key) this.locks.add(key);
    this.store.flush();
    const run = this.run(steps, actions, () => key && this.locks.delete(key))
      .catch((error: Error) => this.log(`an action could not be finished: ${error.message}`))
      .finally(() => this.running.delete(run));
    this.running.add(run);
    return actions;
  }

  /** Starts a single action. */
  one(step: Step, lock?: ActionResource): Readonly<Action> {
    return this.start([step], lock)[0] as Readonly<Action>;
  }

  /** Whether an action holds the lock of a resource. */
  isLocked(resource: ActionResource): boolean {
    return this.locks.has(lockKey(resource));
  }

  /** Throws 423 while another action holds the lock of a resource. */
  requireUnlocked(resource: ActionResource): void {
    if (!this.isLocked(resource)) return;
    throw new ApiError(423, "locked", `${resource.type} is locked: another action is running; try again later`);
  }

  /** Marks every action that was running when the process died; its effects must have been repaired before. */
  finishInterrupted(failedServers: Set<number>): void {
    for (const action of this.store.actions.all().filter((candidate) => candidate.status === "running")) {
      const failed = action.resources.some(({ id, type }) => type === "server" && failedServers.has(id));
      this.finish(action, failed ? new Error("the lab was restarted and the server did not come back") : undefined);
    }
  }

  /** Resolves when no action is running any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private add(step: Step): Readonly<Action> {
    const all = this.store.actions.all();
    const oldest = all[0];
    if (all.length >= keptActions && oldest && oldest.status !== "running") this.store.actions.remove(oldest.id);
    const { command, resources } = step;
    const started = new Date().toISOString();
    return this.store.actions.add(() => ({
      ...{ command, resources, started },
      ...{ status: "running", progress: 0, finished: null, error: null },
    }));
  }

  private async run(steps: Step[], actions: Readonly<Action>[], unlock: () => void): Promise<void> {
    let failure: Error | undefined;
    for (const [index, step] of steps.entries()) {
      failure ??= await this.work(step);
      if (failure) step.failed?.();
      else step.done?.();
      if (index === steps.length - 1) unlock();
      this.finish(actions[index] as Action, failure);
    }
  }

  private async work(step: Step): Promise<Error | undefined> {
    const fault = this.faults.take("action-error", { command: step.command });
    try {
      await Promise.all([delay(this.durationMs), fault ? undefined : step.work?.()]);
    } catch (error) {
      this.log(`action ${step.command} failed: ${(error as Error).message}`);
      return error as Error;
    }
    return fault ? new Error("Action failed") : undefined;
  }

  private finish(action: Readonly<Action>, failure: Error | undefined): void {
    this.store.actions.update(action, {
      ...{ progress: 100, finished: new Date().toISOString() },
      status: failure ? "error" : "success",
      error: failure ? { code: "action_failed", message: failure.message } : null,
    });
    this.store.flush();
  }
}

function lockKey(resource: ActionResource): string {
  return `${resource.type}:${resource.id}`;
}
