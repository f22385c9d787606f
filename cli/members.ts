import { z } from "zod";

import type { Cluster } from "../checks/cluster";
import type { Occupancy } from "../checks/occupancy";
import { cordons, hostProgram, line, read } from "./host-answer";
import type { Ssh, SshCall } from "./ssh";

type Cordons = Occupancy["cordons"];

/** Who has closed nodes at the load balancer, by node; empty where there is none. */
export type Members = Readonly<Record<string, Cordons>>;

const member = z
  .object({ holders: cordons, byOthersSince: line.nullable() })
  .transform(({ holders, byOthersSince: since }): Cordons => {
    return since === null ? holders : { ...holders, balancer: { since, reason: "not by this cluster" } };
  });
const answer = z.object({ members: z.record(z.string(), member) });

/** Asks the proxy that tells the load balancer; rejects when one of them does not answer. */
export async function askMembers({ teller }: Cluster, ssh: Ssh, call: SshCall = {}): Promise<Members> {
  if (teller === null) return {};
  return read(answer, await ssh(teller, `${hostProgram} members`, { input: "{}", ...call })).members;
}

/** What a node says of itself, with what the load balancer says of it. */
export function withMember(occupancy: Occupancy, node: string, members: Members): Occupancy {
  return { ...occupancy, cordons: { ...members[node], ...occupancy.cordons } };
}

/** Has the load balancer close a node; resolves to who holds it there. */
export function holdMember(
  ssh: Ssh,
  teller: string,
  request: { node: string; by: string; reason: string },
  call: SshCall,
): Promise<Cordons> {
  return change(ssh, teller, "hold", request, call);
}

/** Takes one's own word back at the load balancer; resolves to who holds the node there still. */
export function releaseMember(
  ssh: Ssh,
  teller: string,
  request: { node: string; by: string },
  call: SshCall,
): Promise<Cordons> {
  return change(ssh, teller, "release", request, call);
}

async function change(ssh: Ssh, teller: string, command: string, request: object, call: SshCall): Promise<Cordons> {
  const text = await ssh(teller, `${hostProgram} ${command}`, { ...call, input: JSON.stringify(request) });
  return read(z.object({ holders: cordons }), text).holders;
}
