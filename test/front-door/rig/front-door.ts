import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { type ClusterPlan, planCluster } from "../../../plan/cluster";
import { configOf } from "../../support/stack";
import { Authority, type Certificate } from "./certificates";
import { filesOf } from "./files";
import { NodeServer } from "./node";
import { room } from "./room";

/** The proxy's public address. */
export const ADDRESS = "203.0.113.10";

const SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** The proxy's nginx with the program's own files at their places, and the nodes behind it. */
export class FrontDoor {
  readonly hostname: string;
  readonly authority: string;
  readonly nodes: NodeServer[];
  readonly plan: ClusterPlan;
  private readonly issuer: Authority;
  private process: ChildProcess | undefined;

  constructor(settings: { nodes?: number; release?: string; listening?: number; routes?: boolean } = {}) {
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
    this.write(filesOf({ ...this.plan, routes: routes ? this.plan.routes : [] }));
    // `configure-proxy` takes Debian's away.
    rmSync("/etc/nginx/sites-enabled/default", { force: true });
    const own = authority.certificate(this.hostname);
    const live = `/etc/letsencrypt/live/${this.hostname}`;
    this.write([
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
    await this.stopNginx();
    await this.startNginx();
  }

  async stop(): Promise<void> {
    await this.stopNginx();
    for (const node of this.nodes) await node.close();
  }

  private async startNginx(): Promise<void> {
    rmSync("/var/lib/nginx/bbb-client", { recursive: true, force: true });
    const process = spawn("ip", ["netns", "exec", "door", "nginx", "-g", "daemon off;"], { stdio: "inherit" });
    this.process = process;
    while (!(await isListening(443, ADDRESS))) {
      if (process.exitCode !== null) throw new Error("nginx does not start: what it said is above");
      await setTimeout(20);
    }
  }

  private async stopNginx(): Promise<void> {
    const { process } = this;
    if (!process) return;
    this.process = undefined;
    // Of one that did not start, nobody says so again.
    if (process.exitCode !== null) return;
    const ended = once(process, "exit");
    process.kill("SIGTERM");
    await ended;
  }

  /** Files of the machine as lists of lines. */
  write(files: [path: string, content: readonly string[]][]): void {
    for (const [path, content] of files) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${content.join("\n")}\n`);
    }
  }
}

function isListening(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
