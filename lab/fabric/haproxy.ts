import { mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";

import type { Balancer, TargetHealth } from "../api/balancer";
import { Daemon } from "./daemon";
import { type HaproxyFiles, parseHealth, renderHaproxyConfig, renderServerStates } from "./haproxy-config";
import { until } from "./shell";

const readySeconds = 20;

/** The real HAProxy of one load balancer, in a network namespace; the files in the folder go with it. */
export class Haproxy {
  private readonly files: HaproxyFiles;
  private readonly daemon: Daemon;
  private runs = false;

  constructor(
    private readonly folder: string,
    namespace: string,
    log: (line: string) => void,
  ) {
    const at = (name: string) => join(folder, name);
    this.files = { config: at("haproxy.cfg"), socket: at("stats.sock"), states: at("states") };
    const args = [`--net=/run/netns/${namespace}`, "--", "haproxy", "-W", "-db", "-f", this.files.config];
    this.daemon = new Daemon(`haproxy of ${namespace}`, "nsenter", args, log, async () => {
      await until(`the start of ${namespace}'s haproxy`, readySeconds, () => this.worker());
    });
  }

  /** Serves like this from now on; connections that are open stay with the process that has them. */
  async serve(balancer: Balancer): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const before = this.runs ? await this.worker() : undefined;
    const shown = before === undefined ? "" : await this.ask("show servers state");
    await writeFile(this.files.config, renderHaproxyConfig(balancer, this.files));
    await writeFile(this.files.states, renderServerStates(balancer, shown));
    if (!this.runs) {
      this.runs = true;
      return this.daemon.start();
    }
    this.daemon.signal("SIGUSR2");
    await until("haproxy's new configuration", readySeconds, async () => {
      const worker = await this.worker();
      return worker === before ? undefined : worker;
    });
  }

  /** How the targets are now. */
  async health(): Promise<TargetHealth[]> {
    return parseHealth(await this.ask("show stat -1 4 -1"));
  }

  /** Ends it, with the connections that are open. */
  async stop(): Promise<void> {
    if (this.runs) await this.daemon.stop();
    this.runs = false;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The process that takes new connections; undefined while none answers. */
  private async worker(): Promise<string | undefined> {
    const info = await this.ask("show info").catch(() => "");
    return /^Pid: (\d+)$/m.exec(info)?.[1];
  }

  private ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      const socket = connect(this.files.socket, () => socket.write(`${command}\n`));
      socket.setTimeout(2000, () => socket.destroy(new Error("haproxy did not answer")));
      socket.on("data", (part) => parts.push(part));
      socket.on("end", () => resolve(Buffer.concat(parts).toString()));
      socket.on("error", reject);
    });
  }
}
