import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { planCluster } from "../../../plan/cluster";
import { configOf } from "../../support/stack";
import type { Behind } from "../hostile/suite";
import { Authority } from "./certificates";
import { BALANCED, balancerFilesOf } from "./files";
import { Nginx, writeFiles } from "./nginx";
import { CountingServer } from "./node";
import { room } from "./room";

const SOCKET = "/run/bbblb/http.sock";
/** Where a machine of the rig has what is its own. */
const OWN = ["/etc", "/run", "/var"];

/** The load balancer's nginx, that of Debian 13, with the program's own files at their places, and something in BBBLB's. */
export class BalancerDoor {
  readonly bbblb = new CountingServer("bbblb", createServer({ keepAliveTimeout: 60_000 }), { path: SOCKET });
  private readonly nginx = new Nginx(asInDebian13);

  constructor() {
    const plan = planCluster("bbb", configOf({ nodes: 2, ...BALANCED }));
    const hostname = plan.balancers[0]?.machine.hostname ?? "";
    const folder = join(room(), "balancer");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const hosts = BALANCED.tenants.map(({ host }) => host);
    const { chain, key } = new Authority(folder).certificate(hostname, ...hosts);
    const live = `/etc/letsencrypt/live/${hostname}`;
    clear();
    writeFiles([...balancerFilesOf(plan), [`${live}/fullchain.pem`, [chain]], [`${live}/privkey.pem`, [key]]]);
  }

  async start(): Promise<void> {
    mkdirSync("/run/bbblb", { recursive: true });
    rmSync(SOCKET, { force: true });
    await this.bbblb.listen();
    chmodSync(SOCKET, 0o666);
    await this.nginx.start();
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.bbblb.close();
    clear();
  }
}

/** Leaves nothing of another server's files, nor modules that belong to another nginx. */
function clear(): void {
  for (const folder of ["bbb-cluster", "conf.d", "modules-enabled", "sites-enabled"]) {
    rmSync(`/etc/nginx/${folder}`, { recursive: true, force: true });
  }
}

/** nginx from a Debian 13, with this machine's files. */
function asInDebian13(): string[] {
  const root = process.env["DEBIAN_13"];
  if (!root) throw new Error("this needs the nginx of Debian 13: run it by node test/front-door/run.mjs");
  const binds = OWN.map((folder) => `mount --rbind ${folder} "$0${folder}"`).join("; ");
  return ["unshare", "--mount", "sh", "-euc", `${binds}; exec chroot "$0" nginx -g "daemon off;"`, root];
}

/** BBBLB hears what nginx says, and of the client only what is named. */
export const behindTheBalancer: Omit<Behind, "canaries"> = {
  ours: () => ({
    host: "moodle-api.example.com",
    "x-forwarded-for": "203.0.113.1",
    "x-forwarded-proto": "https",
  }),
  theirs: ["authorization", "content-length", "content-type"],
};
