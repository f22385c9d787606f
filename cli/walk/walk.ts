import type { Holder } from "../../checks/occupancy";
import { describeWaiting, isFinished, type Outcome, outcomeOf } from "./outcome";
import { isOurs, nextSteps, type Seen, type Step } from "./planner";
import type { Look, WalkOptions, World } from "./world";

/** What this run knows of a node; another run begins without it, for what counts is on the nodes. */
interface Memory {
  look: Look | null;
  silentSince: number | null;
  lastPeople: number | null;
  waitingSince: number | null;
  /** What it said last, also while it is silent. */
  wanted: boolean;
  /** This run has closed it, unlike one that was found closed and perhaps half changed. */
  closedHere: boolean;
  turns: number;
  acting: boolean;
  done: boolean;
}

/** Goes to every node where something waits: closes it, waits until it is empty, changes, checks and opens it. */
export async function walk(world: World, options: WalkOptions): Promise<Outcome> {
  return new Walk(world, options).run();
}

class Walk {
  private readonly memory = new Map<string, Memory>();
  private readonly acts = new Map<string, Promise<void>>();
  private readonly failed: Outcome["failed"] = [];
  private progress: number;
  /** Work could not be begun, and the time is up: begun again and again, it would keep the walk from ever looking. */
  private isOver = false;

  constructor(
    private readonly world: World,
    private readonly options: WalkOptions,
  ) {
    this.progress = world.clock.now();
    for (const { name } of world.nodes) this.memory.set(name, nothingKnown());
  }

  async run(): Promise<Outcome> {
    for (;;) {
      await Promise.all(this.world.nodes.map(({ name }) => this.look(name)));
      if (this.failed.length > 0 || this.isOver) break;
      const seen = this.seen();
      await this.carryOut(nextSteps(seen, this.options));
      if (this.acts.size === 0 && (isFinished(seen) || this.isTimeUp())) break;
      this.world.wait(describeWaiting(seen, (node) => this.obstacleOf(node)));
      await Promise.race([this.world.clock.sleep(this.options.poll), ...this.acts.values()]);
    }
    await Promise.all(this.acts.values());
    await this.openWaiting();
    return this.outcome();
  }

  private async look(node: string): Promise<void> {
    const memory = this.of(node);
    if (memory.acting) return;
    try {
      const look = await this.world.look(node);
      Object.assign(memory, {
        look,
        silentSince: null,
        lastPeople: look.people ?? memory.lastPeople,
        wanted: look.wanted,
      });
    } catch (error) {
      if (memory.silentSince === null) this.world.say(`${node}: cannot be asked: ${(error as Error).message}`);
      Object.assign(memory, { look: null, silentSince: memory.silentSince ?? this.world.clock.now() });
    }
  }

  private seen(): Seen[] {
    const now = this.world.clock.now();
    return this.world.nodes.map(({ name, capacity }) => {
      const { look, silentSince, lastPeople, waitingSince, turns, acting, done, wanted } = this.of(name);
      return {
        ...{ name, capacity, lastPeople, turns, acting },
        answer: acting || look === null ? null : { ...look, cordons: this.cordonsFor(name, look) },
        lost: silentSince !== null && now - silentSince >= this.options.silence,
        wanted: wanted && !done && this.isMeant(name),
        waited: waitingSince === null ? 0 : now - waitingSince,
      };
    });
  }

  /** One after the other; the rest is planned anew when one cannot be done. */
  private async carryOut(steps: readonly Step[]): Promise<void> {
    for (const { action, node } of steps) {
      try {
        if (action === "act") this.act(node);
        else await (action === "close" ? this.close(node) : this.open(node));
      } catch (error) {
        this.world.say(
          `${node}: could not be ${action === "close" ? "closed" : "opened"}: ${(error as Error).message}`,
        );
        return;
      }
    }
    const now = this.world.clock.now();
    for (const memory of this.memory.values()) {
      if (memory.look?.cordons.includes("rollout") && !memory.acting) memory.waitingSince ??= now;
    }
  }

  /** What a rollout has closed and this one is not meant to touch is somebody else's, as if it were by hand. */
  private cordonsFor(node: string, { cordons }: Look): readonly Holder[] {
    return this.isMeant(node) ? cordons : cordons.map((by) => (by === "rollout" ? "hand" : by));
  }

  private async close(node: string): Promise<void> {
    await this.world.close(node);
    const memory = this.of(node);
    Object.assign(memory, { waitingSince: this.world.clock.now(), closedHere: true });
    if (memory.look !== null) memory.look = { ...memory.look, cordons: [...memory.look.cordons, "rollout"] };
    const obstacle = memory.look?.obstacle;
    this.world.say(`${node}: closed to new meetings${obstacle ? `; waits for ${obstacle}` : ""}`);
  }

  private async open(node: string): Promise<void> {
    await this.world.open(node);
    const memory = this.of(node);
    Object.assign(memory, { waitingSince: null, closedHere: false, turns: memory.turns + 1 });
    const by = memory.look?.cordons.filter((holder) => holder !== "rollout") ?? [];
    if (memory.look !== null) memory.look = { ...memory.look, cordons: by };
    const why = by.length > 0 ? `left to others (${by.join(", ")})` : "open again";
    this.world.say(`${node}: ${why}${memory.look?.obstacle ? `: ${memory.look.obstacle}` : ""}`);
  }

  private act(node: string): void {
    const memory = this.of(node);
    const wanted = this.seen().some((each) => each.name === node && each.wanted);
    memory.acting = true;
    const work = this.change(node, wanted)
      .catch((error: Error) => {
        this.failed.push({ node, reason: error.message });
        this.world.say(`${node}: failed: ${error.message}`);
      })
      .finally(() => {
        Object.assign(memory, { acting: false, look: null, silentSince: null });
        this.acts.delete(node);
      });
    this.acts.set(node, work);
  }

  private async change(node: string, wanted: boolean): Promise<void> {
    this.world.say(wanted ? `${node}: empty; is changed` : `${node}: was left closed by a rollout; is checked`);
    if ((await this.world.act(node, wanted)) === "later") {
      this.isOver ||= this.isTimeUp();
      return;
    }
    await this.world.open(node);
    this.of(node).done = true;
    this.of(node).waitingSince = null;
    this.progress = this.world.clock.now();
    this.world.say(`${node}: done`);
  }

  /** Whatever was only waited for goes on serving; what failed, or was perhaps half changed before, stays closed. */
  private async openWaiting(): Promise<void> {
    await Promise.all(this.world.nodes.map(({ name }) => this.look(name)));
    const unchanged = (node: Seen) => this.of(node.name).closedHere || node.answer?.empty === false;
    const waiting = this.seen()
      .filter((node) => isOurs(node) && unchanged(node))
      .filter(({ name }) => this.failed.every(({ node }) => node !== name));
    // Nothing is planned anew after this: one that cannot be opened holds up no other.
    for (const { name } of waiting) await this.carryOut([{ action: "open", node: name }]);
  }

  private isTimeUp(): boolean {
    return this.world.clock.now() - this.progress >= this.options.patience;
  }

  private outcome(): Outcome {
    const done = this.world.nodes.map(({ name }) => name).filter((name) => this.of(name).done);
    return outcomeOf(this.seen(), { done, failed: this.failed }, (node) => this.obstacleOf(node));
  }

  private obstacleOf(node: string): string {
    return this.of(node).look?.obstacle ?? "";
  }

  private isMeant(node: string): boolean {
    return this.options.only?.includes(node) ?? true;
  }

  private of(node: string): Memory {
    return this.memory.get(node) as Memory;
  }
}

function nothingKnown(): Memory {
  const unknown = { look: null, silentSince: null, lastPeople: null, waitingSince: null, wanted: true };
  return { ...unknown, closedHere: false, turns: 0, acting: false, done: false };
}
