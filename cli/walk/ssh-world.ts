import { runChecks } from "../../checks/check";
import type { ClusterNode } from "../../checks/cluster";
import { isAnythingDue } from "../../checks/due";
import { serviceChecks } from "../../checks/plan";
import { Meetings } from "../../checks/session/meetings";
import { Vantage } from "../../checks/vantage";
import { mostPeople } from "../../plan/server-types";
import { askDue } from "../due";
import { findReleases, releaseBySsh } from "../releases";
import type { Progress } from "../terminal";
import { bootTime, type Change, changeNode } from "./change";
import { type Clock, minute, systemClock } from "./clock";
import { cordonOn, cordonsIn, occupancyOn, type Reach, uncordonOn } from "./cordon-on";
import type { Look, World } from "./world";

/** What shall come to the nodes besides what waits on them, and who hears of it. */
export interface Rollout {
  reboot: boolean;
  progress: Progress;
  clock?: Clock;
  failing?: Change["failing"];
}

/** Whoever has rebooted since is left alone by another run with the same wish. */
const rebootedMinutes = 24 * 60;

/** The nodes of a cluster as a walk sees them, by SSH. */
export function sshWorld(reach: Reach, { reboot, progress, clock = systemClock, failing }: Rollout): World {
  const due = new Due(reach, reboot, clock);
  const isWanted = async (name: string) =>
    (await occupancyOn(reach, name)).pending !== null || (await due.ask(name, false));
  const wait = (text: string) => progress.wait(text);
  const checks = failing ?? ((name: string) => failingChecks(reach, name));
  const change = { reach, clock, reboot, isWanted, wait, failing: checks };
  return {
    nodes: reach.cluster.nodes.map((node) => ({ name: node.name, capacity: capacityOf(node) })),
    clock,
    look: (name) => look(reach, due, name),
    close: async (name) => void (await cordonOn(reach, name, "rollout", "npm run rollout comes to it")),
    open: async (name) => void (await uncordonOn(reach, name, "rollout")),
    act: (name, wanted) => changeNode(change, name, wanted),
    say: (line) => progress.say(line),
    wait,
  };
}

function capacityOf({ standalone, loadMultiplier }: ClusterNode): number {
  return standalone ? 0 : mostPeople(loadMultiplier);
}

async function look(reach: Reach, due: Due, name: string): Promise<Look> {
  const { empty, obstacle, people, cordons, pending } = await occupancyOn(reach, name);
  const holders = cordonsIn(cordons).map(([holder]) => holder);
  const isDraining = reach.cluster.nodes.some((node) => node.name === name && node.draining);
  return {
    ...{ empty, obstacle, people, wanted: (await due.ask(name)) || pending !== null },
    cordons: isDraining && !holders.includes("configuration") ? [...holders, "configuration"] : holders,
  };
}

/** What is due on the nodes, asked once: it comes by night. */
class Due {
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly reach: Reach,
    private readonly reboot: boolean,
    private readonly clock: Clock,
  ) {}

  async ask(name: string, fromMemory = true): Promise<boolean> {
    const known = this.known.get(name);
    if (known !== undefined && fromMemory) return known;
    const found = isAnythingDue(await askDue(this.reach.ssh, name)) || (this.reboot && (await this.isLongUp(name)));
    this.known.set(name, found);
    return found;
  }

  private async isLongUp(name: string): Promise<boolean> {
    const booted = Date.parse((await bootTime(this.reach, name)).replace(/^\w+ /, ""));
    return !(this.clock.now() - booted < rebootedMinutes * minute);
  }
}

/** What a user would notice of a node that takes no meetings, as lines; none: all is well. */
async function failingChecks({ cluster, ssh }: Reach, name: string): Promise<string[]> {
  const node = cluster.nodes.find((one) => one.name === name);
  if (node === undefined) return [];
  const releases = await findReleases({ ...cluster, nodes: [node] }, releaseBySsh(ssh, new Vantage()));
  const meetings = new Meetings();
  const failed: string[] = [];
  try {
    const checks = serviceChecks(cluster, node, releases[name], meetings);
    await runChecks(checks, ({ verdict, name: check, expected, seen }) => {
      if (verdict === "failed") failed.push(`${check}: expected ${expected}; seen ${seen}`);
    });
  } finally {
    await meetings.endAll();
  }
  return failed;
}
