import { countMeetings, element } from "./bbb-api";
import { shakeHands } from "./certificates";
import { isClient } from "./client";
import { type Cluster, type ClusterMachine, type ClusterNode, clientAddress } from "./cluster";
import { request, text } from "./request";

/** A cell of the status: what is known, `unreachable` when asking failed, `-` where there is nothing to ask. */
export type Cell = string;

/** A machine as the status shows it; `certificate` is the last valid day as YYYY-MM-DD, `url` the front door or the node's client on it. */
export interface MachineStatus {
  name: string;
  server: Cell;
  state: Cell;
  ipv4: Cell;
  ipv6: Cell;
  privateIp: Cell;
  door: Cell;
  meetings: Cell;
  certificate: Cell;
  release: Cell;
  url: Cell;
}

/** What the status needs of a server in the answer of the cloud's API. */
export interface ApiServer {
  id: number;
  name: string;
  status: string;
  public_net: { ipv4: { ip: string } | null; ipv6: { ip: string } | null };
  private_net: { ip: string }[];
}

/** The machines of a cluster (null: no outputs) and of the cloud (null: its API does not answer), asked all at once. */
export async function collectStatus(cluster: Cluster | null, servers: ApiServer[] | null): Promise<MachineStatus[]> {
  const known: (ClusterMachine | ClusterNode)[] = cluster ? [cluster.frontDoor, ...cluster.nodes] : [];
  const names = new Set([...known, ...(servers ?? [])].map(({ name }) => name));
  return Promise.all(
    [...names].sort().map(async (name) => {
      const machine = known.find((each) => each.name === name);
      const server = servers?.find((each) => each.name === name);
      return {
        name,
        ...describeServer(server, machine, servers === null),
        ...(await describeService(cluster, machine)),
      };
    }),
  );
}

function describeServer(server: ApiServer | undefined, machine: ClusterMachine | undefined, apiDown: boolean) {
  const net = server?.public_net;
  return {
    server: server ? String(server.id) : "-",
    state: server?.status ?? (apiDown ? "unreachable" : "missing"),
    ipv4: net?.ipv4?.ip ?? machine?.ipv4 ?? "-",
    ipv6: net?.ipv6 ? net.ipv6.ip.replace(/::\/64$/, "::1") : (machine?.ipv6 ?? "-"),
    privateIp: server?.private_net[0]?.ip ?? (server ? "-" : (machine?.privateIp ?? "-")),
  };
}

async function describeService(cluster: Cluster | null, machine: ClusterMachine | ClusterNode | undefined) {
  const nothing = { door: "-", meetings: "-", certificate: "-", release: "-", url: "-" };
  if (!cluster || !machine) return nothing;
  if ("api" in machine) return describeNode(cluster.frontDoor, machine);
  return { ...nothing, certificate: await cell(describeCertificate(machine)), url: `${machine.origin}/` };
}

async function describeNode(frontDoor: ClusterMachine, node: ClusterNode) {
  const [door, meetings, certificate, release] = await Promise.all([
    node.standalone ? "-" : cell(describeDoor(frontDoor, node)),
    cell(countMeetings(node).then(String)),
    cell(describeCertificate(node)),
    cell(request(node.api).then((answer) => element(text(answer), "bbbVersion") || "-")),
  ]);
  return { door, meetings, certificate, release, url: clientAddress(frontDoor, node) };
}

async function describeCertificate({ origin }: ClusterMachine): Promise<string> {
  return (await shakeHands(origin)).notAfter.toISOString().slice(0, 10);
}

async function describeDoor(frontDoor: ClusterMachine, node: ClusterNode): Promise<string> {
  const url = `${frontDoor.origin}/${node.name}/bigbluebutton/api`;
  const answer = await request(url, { headers: { "Content-Type": "application/json" } });
  // Before 3.0 nothing of the API is at the front door.
  if (answer.status === 404) return (await isServed(frontDoor, node)) ? "open" : "closed";
  return answer.status === 200 && text(answer).includes(`wss://${node.hostname}/graphql`)
    ? "open"
    : `broken (${answer.status})`;
}

async function isServed(frontDoor: ClusterMachine, node: ClusterNode): Promise<boolean> {
  const page = `${frontDoor.origin}/${node.name}/html5client/`;
  return isClient(await request(page), page);
}

function cell(asked: Promise<string>): Promise<Cell> {
  return asked.catch(() => "unreachable");
}
