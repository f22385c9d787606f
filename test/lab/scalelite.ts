import { Frontend, nodeIn } from "./frontend";
import type { LabUnderTest } from "./lab";

/** A node as Scalelite lists it. */
export interface Listed {
  id: string;
  url: string;
  state: "enabled" | "cordoned" | "disabled";
  online: "online" | "offline";
}

/** The Scalelite of a lab, asked as frontends ask it, and as its administrator does. */
export class Scalelite extends Frontend {
  constructor(lab: LabUnderTest) {
    super(lab, "lb.cluster.test", "pulumi config get loadBalancerSecret");
  }

  /** By node's name, in which state it is; only those that it knows. */
  async states(): Promise<Record<string, Listed["state"]>> {
    return Object.fromEntries((await this.servers()).map(({ url, state }) => [nodeIn(url), state]));
  }

  /** What its administrator does with a node, by its API: cordon or enable. */
  async set(node: string, state: "cordon" | "enable"): Promise<void> {
    const server = (await this.servers()).find(({ url }) => nodeIn(url) === node);
    const body = JSON.stringify({ id: server?.id, server: { state } });
    await this.lab.shell(`${this.sum("updateServer", "")}; curl -sf -X POST -H 'Content-Type: application/json' \
      -d '${body}' "https://lb.cluster.test/scalelite/api/updateServer?checksum=$sum"`);
  }

  private async servers(): Promise<Listed[]> {
    const url = "https://lb.cluster.test/scalelite/api/getServers?checksum=$sum";
    const { stdout } = await this.lab.shell(`${this.sum("getServers", "")}; curl -s "${url}"`);
    const answer = JSON.parse(stdout);
    return Array.isArray(answer) ? answer : [];
  }
}
