import type { Holder } from "../../../checks/occupancy";
import { minute } from "../../../cli/walk/clock";
import type { Look, WalkOptions, World } from "../../../cli/walk/world";
import { VirtualClock } from "./virtual-clock";

/** People who want to meet: they come at a time, stay for a while, on one of the nodes that are open then. Minutes. */
export interface Visit {
  at: number;
  lasts: number;
  people: number;
  chooses: number;
}

/** How a node begins. */
export interface Beginning {
  capacity: number;
  wanted: boolean;
  cordons: readonly Holder[];
  /** It does not answer before this minute. */
  silentUntil?: number;
}

interface SimulatedNode extends Beginning {
  name: string;
  cordons: Holder[];
  meetings: { people: number; ends: number }[];
  /** It is at work by itself until then, and cannot be asked during the second half, as while it reboots. */
  working: { from: number; until: number } | null;
}

export const patient: WalkOptions = {
  ...{ width: 1, slice: 10 * minute, patience: 10_000 * minute, silence: 10 * minute, poll: minute / 2 },
};

/** A cluster in which people come and go; notes every rule of the walk that is broken. */
export class Simulation {
  readonly clock = new VirtualClock();
  readonly nodes: SimulatedNode[];
  readonly broken: string[] = [];
  readonly log: string[] = [];
  /** At which call the walker is killed, and whether that is before or after it has had its effect. */
  kill: { call: number; before: boolean } | undefined;
  isKilled = false;
  private calls = 0;
  /** Which of the walkers is alive. */
  private walker = 0;

  constructor(
    beginnings: readonly Beginning[],
    private readonly visits: Visit[],
    readonly width: number,
  ) {
    this.nodes = beginnings.map((beginning, index) => ({
      ...beginning,
      ...{ name: `bbb-0${index + 1}`, cordons: [...beginning.cordons], meetings: [], working: null },
    }));
    this.visits = [...visits].sort((one, other) => one.at - other.at);
  }

  /** The cluster as a walk sees it. */
  world(): World {
    this.calls = 0;
    this.isKilled = false;
    this.walker += 1;
    const walker = this.walker;
    return {
      nodes: this.nodes.map(({ name, capacity }) => ({ name, capacity })),
      clock: this.clock,
      look: (node) => this.call(walker, () => this.look(this.find(node))),
      close: (node) => this.call(walker, () => this.close(this.find(node))),
      open: (node) => this.call(walker, () => this.open(this.find(node))),
      act: (node, wanted) => this.act(walker, this.find(node), wanted),
      say: (line) => this.log.push(line),
      wait: () => {},
    };
  }

  /** What has happened by now. */
  pass(): void {
    const now = this.clock.now() / minute;
    for (const node of this.nodes) {
      if (node.working !== null && node.working.until <= now) Object.assign(node, { working: null, wanted: false });
    }
    for (let visit = this.visits[0]; visit !== undefined && visit.at <= now; visit = this.visits[0]) {
      this.visits.shift();
      const open = this.nodes.filter((node) => node.cordons.length === 0 && node.working === null && node.capacity > 0);
      const chosen = open[visit.chooses % Math.max(1, open.length)];
      if (chosen !== undefined) chosen.meetings.push({ people: visit.people, ends: visit.at + visit.lasts });
      else if (!this.nodes.every(({ cordons }) => cordons.length > 0)) this.broken.push("nobody takes a meeting");
    }
    for (const node of this.nodes) node.meetings = node.meetings.filter(({ ends }) => ends > now);
  }

  private async call<T>(walker: number, effect: () => T): Promise<T> {
    if (walker !== this.walker) return this.die();
    this.calls += 1;
    const dies = this.calls === this.kill?.call;
    if (this.isKilled) return this.die();
    this.isKilled = dies;
    if (dies && this.kill?.before) return this.die();
    this.pass();
    const result = effect();
    return dies ? this.die() : result;
  }

  private die(): Promise<never> {
    return new Promise(() => {});
  }

  private look(node: SimulatedNode): Look {
    const now = this.clock.now() / minute;
    const reboots = node.working !== null && now >= (node.working.from + node.working.until) / 2;
    if (reboots || now < (node.silentUntil ?? 0)) throw new Error("no route to host");
    const people = node.meetings.reduce((sum, meeting) => sum + meeting.people, 0);
    const { cordons, wanted } = node;
    return { empty: node.meetings.length === 0, obstacle: `${people} people`, people, cordons: [...cordons], wanted };
  }

  private close(node: SimulatedNode): void {
    const others = this.nodes.filter((other) => other !== node && other.cordons.length === 0 && other.capacity > 0);
    const answering = others.filter((other) => this.clock.now() / minute >= (other.silentUntil ?? 0));
    const load = this.nodes.reduce((sum, each) => sum + this.knownPeople(each), 0);
    const room = answering.reduce((sum, { capacity }) => sum + capacity, 0);
    if (answering.length === 0) this.broken.push(`${node.name} was the last one`);
    if (load > 0.7 * room) this.broken.push(`${load} people have room for ${room} without ${node.name}`);
    if (node.cordons.length > 0) this.broken.push(`${node.name} was closed by ${node.cordons}`);
    node.cordons.push("rollout");
    this.countOut();
  }

  /** Of a node that does not answer nobody knows whether it is fuller than it ought to be. */
  private knownPeople({ meetings, capacity, silentUntil = 0 }: SimulatedNode): number {
    const people = meetings.reduce((sum, meeting) => sum + meeting.people, 0);
    return this.clock.now() / minute >= silentUntil ? people : Math.min(people, 0.7 * capacity);
  }

  private countOut(): void {
    const out = this.nodes.filter(({ cordons, working }) => working !== null || cordons.includes("rollout"));
    if (out.length > this.width) this.broken.push(`out of service: ${out.map(({ name }) => name)}`);
  }

  private open(node: SimulatedNode): void {
    if (node.working !== null) this.broken.push(`${node.name} was opened while it was at work`);
    node.cordons = node.cordons.filter((by) => by !== "rollout");
  }

  /** A node that was told to goes on by itself when the walker is killed. */
  private async act(walker: number, node: SimulatedNode, wanted: boolean): Promise<"done" | "later"> {
    const begun = await this.call(walker, () => {
      if (node.cordons.some((by) => by !== "rollout")) this.broken.push(`${node.name} is not the rollout's`);
      if (!wanted || node.working !== null) return true;
      if (node.meetings.length > 0) return false;
      const now = this.clock.now() / minute;
      node.working = { from: now, until: now + 4 };
      this.countOut();
      return true;
    });
    if (!begun) return "later";
    if (wanted) await this.clock.sleep(4.1 * minute);
    return this.call(walker, () => "done" as const);
  }

  private find(name: string): SimulatedNode {
    return this.nodes.find((node) => node.name === name) as SimulatedNode;
  }
}
