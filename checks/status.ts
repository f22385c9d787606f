import { describeBackup, type FindBackup } from "./backup";
import { element, listMeetings } from "./bbb-api";
import { shakeHands } from "./certificates";
import { NotChecked } from "./check";
import { isClient } from "./client";
import { type Cluster, type ClusterMachine, type ClusterNode, type ClusterOrigin, clientAddress } from "./cluster";
import { describeDue, type FindDue, summarizeDue } from "./due";
import { describeOccupancy, type FindOccupancy, summarizeCordons, summarizePending } from "./occupancy";
import { plainText } from "./plain-text";
import { request, text } from "./request";

/** A cell of the status: what is known, `unreachable` when asking failed, `-` where there is nothing to ask, `unknown` when the stack does not know. */
export type Cell = string;

/** A machine as the status shows it; `certificate` is the last valid day as YYYY-MM-DD, `url` the cluster's or that of the node's client. */
export interface MachineStatus {
  name: string;
  state: Cell;
  ipv4: Cell;
  ipv6: Cell;
  private: Cell;
  route: Cell;
  meetings: Cell;
  users: Cell;
  /** What the running meetings are called. */
  names: string[];
  certificate: Cell;
  release: Cell;
  /** What security updates have left, in a few words, and with all names. */
  due: Cell;
  dueDetails: string[];
  /** Who has closed it to new meetings. */
  cordons: Cell;
  /** What waits until it is empty, in a few words. */
  pending: Cell;
  /** Who has closed it since when and why, and what waits, a line for each. */
  occupancyDetails: string[];
  /** Of a load balancer's machine what has become of its backup; null of others, and where it cannot be asked. */
  backup: string | null;
  url: Cell;
}

/** How the release of a node is found out that its API does not tell; null: it cannot be. */
export type FindRelease = (node: ClusterNode) => Promise<string | null>;

/** The machines of a cluster, nodes last, asked all at once. */
export async function collectStatus(
  cluster: Cluster,
  findRelease: FindRelease = unknown,
  findDue: FindDue = unknown,
  findOccupancy: FindOccupancy = unknown,
  findBackup: FindBackup = unknown,
): Promise<MachineStatus[]> {
  const asked = [
    ...cluster.proxies.map((machine) => describeOther(machine)),
    ...cluster.balancers.map(async (machine) => {
      const [described, backup] = await Promise.all([
        describeOther(machine),
        findBackup(machine.name).catch(() => null),
      ]);
      return { ...described, backup: backup && describeBackup(backup) };
    }),
    ...cluster.nodes.map(async (node) => {
      const [described, occupied] = await Promise.all([
        describeNode(cluster, node, findRelease),
        describeOccupied(node.name, findOccupancy),
      ]);
      return { ...described, ...occupied };
    }),
  ];
  return Promise.all(asked.map(async (machine) => withDue(await machine, findDue)));
}

type WithoutDue = Omit<MachineStatus, "due" | "dueDetails">;
type Occupied = Pick<MachineStatus, "cordons" | "pending" | "occupancyDetails">;

async function withDue(machine: WithoutDue, findDue: FindDue): Promise<MachineStatus> {
  // Whoever may not log in is not told.
  const due = await findDue(machine.name).catch(() => undefined);
  if (!due) return { ...machine, due: due === null ? "-" : "unknown", dueDetails: [] };
  return { ...machine, due: summarizeDue(due), dueDetails: describeDue(due) };
}

async function describeOccupied(name: string, find: FindOccupancy): Promise<Occupied> {
  const occupancy = await find(name).catch(() => null);
  if (occupancy === null) return { cordons: "unknown", pending: "unknown", occupancyDetails: [] };
  return {
    ...{ cordons: summarizeCordons(occupancy), pending: summarizePending(occupancy) },
    occupancyDetails: describeOccupancy(occupancy),
  };
}

async function describeOther(machine: ClusterMachine): Promise<WithoutDue> {
  const unasked = { cordons: "-", pending: "-", occupancyDetails: [], backup: null };
  const nothing = { route: "-", meetings: "-", users: "-", names: [], release: "-", ...unasked };
  const certificate = await cell(describeCertificate(machine));
  return { ...describeMachine(machine), state: "present", ...nothing, certificate, url: `${machine.origin}/` };
}

async function describeNode(cluster: Cluster, node: ClusterNode, findRelease: FindRelease) {
  const [route, running, certificate, release] = await Promise.all([
    node.standalone ? "-" : cell(describeRoutes(cluster, node)),
    describeMeetings(node),
    cell(describeCertificate(node)),
    cell(toldRelease(node).then(async (told) => told ?? (await findRelease(node)) ?? "unknown")),
  ]);
  const state = node.standalone ? "standalone" : node.draining ? "draining" : "present";
  const url = clientAddress(cluster, node);
  return { ...describeMachine(node), state, route, ...running, certificate, release, backup: null, url };
}

async function describeMeetings(node: ClusterNode): Promise<Pick<MachineStatus, "meetings" | "users" | "names">> {
  try {
    const meetings = await listMeetings(node);
    const users = meetings.reduce((sum, meeting) => sum + meeting.users, 0);
    const names = meetings.map(({ name, id }) => plainText(name || id, 100));
    return { meetings: String(meetings.length), users: String(users), names };
  } catch (error) {
    const why = reason(error);
    return { meetings: why, users: why, names: [] };
  }
}

function describeMachine({ name, ipv4, ipv6, privateAddress }: ClusterMachine) {
  return { name, ipv4: ipv4 ?? "unknown", ipv6: ipv6 ?? "unknown", private: privateAddress ?? "unknown" };
}

/** The release that a node's API tells; null where it keeps it to itself, as it does by default. */
export async function toldRelease({ api }: ClusterNode): Promise<string | null> {
  const told = element(text(await request(api)), "bbbVersion") ?? "";
  return /^\d+(\.\w+)+([-~][\w.]+)?$/.test(told) ? plainText(told, 40) : null;
}

async function describeCertificate({ origin }: ClusterMachine): Promise<string> {
  return (await shakeHands(origin)).notAfter.toISOString().slice(0, 10);
}

/** Of several proxies each is asked, and named where it is not as it should be. */
async function describeRoutes(cluster: Cluster, node: ClusterNode): Promise<string> {
  const [first, ...others] = cluster.proxies;
  if (first === undefined || others.length === 0) return describeRoute(cluster, node);
  const ask = (proxy: ClusterMachine) => cell(describeRoute(proxy, node));
  const found = await Promise.all(cluster.proxies.map(async (proxy) => [proxy.name, await ask(proxy)] as const));
  const wrong = found.filter(([, route]) => route !== "present");
  return wrong.map(([proxy, route]) => `${route} on ${proxy}`).join(", ") || "present";
}

async function describeRoute(cluster: ClusterOrigin, node: ClusterNode): Promise<string> {
  const url = `${cluster.origin}/${node.name}/bigbluebutton/api`;
  const answer = await request(url, { headers: { "Content-Type": "application/json" } });
  // Before 3.0 nothing of the API is at the proxy.
  if (answer.status === 404) return (await isServed(cluster, node)) ? "present" : "absent";
  const right = answer.status === 200 && text(answer).includes(`wss://${node.hostname}/graphql`);
  return right ? "present" : `broken (${answer.status})`;
}

async function isServed(cluster: ClusterOrigin, node: ClusterNode): Promise<boolean> {
  const page = `${cluster.origin}/${node.name}/html5client/`;
  return isClient(await request(page), page);
}

function cell(asked: Promise<string>): Promise<Cell> {
  return asked.catch(reason);
}

function reason(error: unknown): Cell {
  return error instanceof NotChecked ? "unknown" : "unreachable";
}

async function unknown(): Promise<null> {
  return null;
}
