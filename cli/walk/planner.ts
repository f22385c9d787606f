import type { Holder } from "../../checks/occupancy";

/** A node as the planner sees it: what it said last, and how far this run is with it. Times in milliseconds. */
export interface Seen {
  name: string;
  /** How many people it can take; 0 when it is not in service (standalone), so that nobody misses it. */
  capacity: number;
  /** What it says; null while it does not answer, which is never taken for emptiness. */
  answer: { empty: boolean; people: number | null; cordons: readonly Holder[] } | null;
  /** It has been silent for longer than a reboot takes. */
  lost: boolean;
  /** How many people it had when it told last; null: it has not yet. */
  lastPeople: number | null;
  /** Something waits for it to be empty, and it may be done. */
  wanted: boolean;
  /** This run is changing it now. */
  acting: boolean;
  /** For how long this run has waited for it to become empty. */
  waited: number;
  /** How often it was opened again because others could be done meanwhile. */
  turns: number;
}

/** How many nodes may be out of service, and after how long a wait the others come first. */
export interface Limits {
  width: number;
  slice: number;
}

/** What to do next with a node: close it, change (or only check) and open it, or open it as it is. */
export interface Step {
  action: "close" | "act" | "open";
  node: string;
}

/** How full the open nodes may be because of a walk: new meetings need room, and people come all at once. */
const usableShare = 0.7;
/** How full they may become while a closed node is waited for; the gap keeps it from being closed and opened in turns. */
const fullShare = 0.85;

/**
 * The steps that can be made now, to be carried out in this order; none: wait. Nodes that a rollout has closed come
 * first, whichever run it was; then the emptiest. Whoever is closed by hand or by the configuration is left alone.
 */
export function nextSteps(nodes: readonly Seen[], { width, slice }: Limits): Step[] {
  const released = nodes.filter((node) => isOurs(node) && !node.acting && isOthers(node));
  const ready = nodes.filter((node) => isReady(nodes, node));
  const opened = [...released, ...yielding(without(nodes, released), { width, slice })];
  const after = without(nodes, opened);
  return [
    ...opened.map(({ name }) => ({ action: "open" as const, node: name })),
    ...ready.map(({ name }) => ({ action: "act" as const, node: name })),
    ...closing(after, opened, width).map(({ name }) => ({ action: "close" as const, node: name })),
  ];
}

/** Whether the walk may take a node out of service: somebody stays open, and the present load fits there. */
export function canClose(nodes: readonly Seen[], node: Seen, load = presentLoad(nodes)): boolean {
  if (node.capacity === 0) return true;
  const others = nodes.filter((other) => other.name !== node.name && isOpen(other));
  return others.length > 0 && load <= usableShare * total(others);
}

/** Nodes that wait for an empty moment, that can be asked, and that nobody but the rollout has closed. */
export function isCandidate(node: Seen): boolean {
  return node.wanted && node.answer !== null && !node.acting && !isOthers(node);
}

/** Whether a rollout has closed it. */
export function isOurs({ answer }: Seen): boolean {
  return answer?.cordons.includes("rollout") ?? false;
}

/** Whether somebody else has closed it. */
export function isOthers({ answer }: Seen): boolean {
  return answer?.cordons.some((holder) => holder !== "rollout") ?? false;
}

/** Whether it takes new meetings. */
export function isOpen({ answer, acting, capacity }: Seen): boolean {
  return capacity > 0 && !acting && answer !== null && answer.cordons.length === 0;
}

/** Whether the cluster has no other node: then nothing is closed beforehand, and it is changed when it is empty. */
export function isAlone(nodes: readonly Seen[], { capacity }: Seen): boolean {
  return capacity > 0 && nodes.filter((node) => node.capacity > 0).length === 1;
}

/** Counts as out of service by the rollout; who is silent may be rebooting. */
function isOut(node: Seen): boolean {
  return node.acting || isOurs(node) || (node.answer === null && !node.lost);
}

/** All people; of a node that has never told, as many as it may have. */
function presentLoad(nodes: readonly Seen[]): number {
  return nodes.filter(({ capacity }) => capacity > 0).reduce((sum, node) => sum + peopleOn(node), 0);
}

function peopleOn({ answer, lastPeople, capacity }: Seen): number {
  return answer?.people ?? lastPeople ?? Math.ceil(usableShare * capacity);
}

function total(nodes: readonly Seen[]): number {
  return nodes.reduce((sum, { capacity }) => sum + capacity, 0);
}

function isReady(nodes: readonly Seen[], node: Seen): boolean {
  if (node.answer === null || node.acting || isOthers(node)) return false;
  if (isOurs(node)) return node.answer.empty || !node.wanted;
  return node.wanted && node.answer.empty && isAlone(nodes, node);
}

/** Closed nodes that are waited for and open again: too many are closed, people need the room, or others can be done. */
function yielding(nodes: readonly Seen[], { width, slice }: Limits): Seen[] {
  const waiting = nodes
    .filter((node) => isOurs(node) && isCandidate(node) && !node.answer?.empty)
    .sort((one, other) => peopleOn(other) - peopleOn(one));
  const excess = Math.max(0, nodes.filter((node) => node.acting || isOurs(node)).length - width);
  const crowded = presentLoad(nodes) > fullShare * total(nodes.filter(isOpen)) ? 1 : 0;
  const forced = waiting.slice(0, Math.max(excess, crowded));
  if (forced.length > 0) return forced;
  const next = waiting.find((node) => {
    const rest = without(nodes, [node]);
    const others = rest.filter((other) => other.name !== node.name && isCandidate(other) && !isOurs(other));
    // Where there is a place left, nobody has to make room.
    if (others.some((other) => nodes.filter(isOut).length < width && canClose(nodes, other))) return false;
    const closable = others.filter((other) => canClose(rest, other));
    return closable.some(({ answer }) => node.waited >= slice || answer?.empty);
  });
  return next === undefined ? [] : [next];
}

/** As many as there are places for, the emptiest first; those that were just opened are not closed again. */
function closing(nodes: readonly Seen[], opened: readonly Seen[], width: number): Seen[] {
  const candidates = nodes
    .filter((node) => isCandidate(node) && !isOurs(node) && !isAlone(nodes, node))
    .filter(({ name }) => opened.every((other) => other.name !== name))
    .sort(byEmptiness);
  const chosen: Seen[] = [];
  let now = nodes;
  for (const node of candidates) {
    if (now.filter(isOut).length >= width) break;
    if (!canClose(now, node)) continue;
    chosen.push(node);
    now = now.map((each) => (each.name === node.name ? withCordons(each, ["rollout"]) : each));
  }
  return chosen;
}

/** Empty ones, then those that had fewer turns, then those with fewer people. */
function byEmptiness(one: Seen, other: Seen): number {
  const key = (node: Seen) => [node.answer?.empty ? 0 : 1, node.turns, peopleOn(node), node.name] as const;
  const [left, right] = [key(one), key(other)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2] || left[3].localeCompare(right[3]);
}

/** The nodes as they will be when these are open as far as the rollout is concerned. */
function without(nodes: readonly Seen[], opened: readonly Seen[]): Seen[] {
  const names = new Set(opened.map(({ name }) => name));
  return nodes.map((node) =>
    names.has(node.name)
      ? withCordons(
          node,
          (node.answer?.cordons ?? []).filter((by) => by !== "rollout"),
        )
      : node,
  );
}

function withCordons(node: Seen, cordons: readonly Holder[]): Seen {
  return node.answer === null ? node : { ...node, answer: { ...node.answer, cordons } };
}
