import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type ClusterPlan, planCluster } from "../../../plan/cluster";
import { configOf } from "../../support/stack";
import type { Behind } from "../hostile/suite";
import { Authority, type Certificate } from "./certificates";
import { filesOf } from "./files";
import { Nginx, writeFiles } from "./nginx";
import { NodeServer } from "./node";
import { room } from "./room";

const SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** The proxy's nginx with the program's own files at their places, and the nodes behind it. */
export class FrontDoor {
  readonly hostname: string;
  readonly authority: string;
  readonly nodes: NodeServer[];
  readonly plan: ClusterPlan;
  private readonly issuer: Authority;
  private readonly nginx: Nginx;

  constructor(
    settings: { nodes?: number; release?: string; listening?: number; routes?: boolean; nginx?: Nginx } = {},
  ) {
    this.nginx = settings.nginx ?? new Nginx();
    const { nodes = 2, release = "3.0", listening = nodes, routes = true } = settings;
    this.plan = planCluster("bbb", configOf({ nodes, release, nodeImage: "12345678" }));
    const folder = join(room(), "authority");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const authority = new Authority(folder);
    this.issuer = authority;
    this.authority = authority.root;
    const [proxy] = this.plan.proxies;
    if (!proxy) throw new Error("the plan has no proxy");
    this.hostname = proxy.machine.hostname;
    writeFiles(filesOf({ ...this.plan, routes: routes ? this.plan.routes : [] }));
    // `configure-proxy` takes Debian's away.
    rmSync("/etc/nginx/sites-enabled/default", { force: true });
    const own = authority.certificate(this.hostname);
    const live = `/etc/letsencrypt/live/${this.hostname}`;
    writeFiles([
      [`${live}/fullchain.pem`, [own.chain]],
      [`${live}/privkey.pem`, [own.key]],
    ]);
    writeFileSync(
      SYSTEM_AUTHORITIES,
      `${readFileSync(SYSTEM_AUTHORITIES, "utf8").split("# rig\n")[0]}# rig\n${authority.root}`,
    );
    const machines = this.plan.nodes.slice(0, listening).map(({ machine }) => machine);
    const certificate = authority.certificate(...machines.map(({ hostname }) => hostname));
    this.nodes = machines.map(
      ({ name, hostname, privateAddress }) => new NodeServer(name, hostname, privateAddress, certificate),
    );
  }

  /** The only node, or the first. */
  get node(): NodeServer {
    const [node] = this.nodes;
    if (!node) throw new Error("there is no node");
    return node;
  }

  async start(): Promise<this> {
    for (const node of this.nodes) await node.listen();
    try {
      await this.startNginx();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  /** One that the proxy trusts, for host names. */
  certificate(...names: string[]): Certificate {
    return this.issuer.certificate(...names);
  }

  /** Starts anew with an empty cache. */
  async restart(): Promise<void> {
    await this.nginx.stop();
    await this.startNginx();
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    for (const node of this.nodes) await node.close();
  }

  private startNginx(): Promise<void> {
    rmSync("/var/lib/nginx/bbb-client", { recursive: true, force: true });
    return this.nginx.start();
  }
}

/** A node hears what the proxy says, and of the client only what is named. */
export const behindTheProxy: Omit<Behind, "canaries"> = {
  ours: ({ line }) => ({
    host: `${line.split(" ")[0]}.example.com`,
    "x-forwarded-for": "203.0.113.1",
    "x-forwarded-proto": "https",
    "accept-encoding": "identity",
  }),
  theirs: [],
};
