import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { recordings } from "../documents";
import { hurriedAlertmanager, hurriedPrometheus, hurriedRules } from "./hurried";

const prometheus = "http://127.0.0.1:9090";
const alertmanager = "http://127.0.0.1:9093";

/** A series of an answer: its labels, and its value now. */
export interface Result {
  metric: Record<string, string>;
  value: [number, string];
}

/** The machines that are watched, and what tells a Prometheus of them. */
export interface Watched {
  /** The file of the authority that their certificates are of. */
  authority: string;
  /** The stack's output `prometheusTargets`. */
  targets(): object[];
  /** Writes `targets.json` and `token` into a folder. */
  writeFor(folder: string): void;
}

/** Debian's Prometheus and Alertmanager, as an administrator sets them up by the examples, but hurried. */
export class Programs {
  private readonly running: ChildProcess[] = [];
  private readonly rules: string;

  constructor(
    private readonly folder: string,
    private readonly machines: Watched,
  ) {
    mkdirSync(join(folder, "bbb"), { recursive: true });
    this.rules = join(folder, "bbb", "alerts.yml");
    machines.writeFor(join(folder, "bbb"));
    writeFileSync(join(folder, "prometheus.yml"), hurriedPrometheus());
    writeFileSync(join(folder, "alertmanager.yml"), hurriedAlertmanager());
    // Until the machines are known, which takes five seconds, a hurried rule would take them for lost.
    writeFileSync(this.rules, "groups: []\n");
  }

  /** Begins to watch, and comes back when all machines are seen and every rule was looked at. */
  async start(): Promise<void> {
    this.run("prometheus-alertmanager", "--cluster.listen-address=", "--web.listen-address=127.0.0.1:9093");
    const web = ["--web.listen-address=127.0.0.1:9090", "--web.enable-lifecycle"];
    this.run("prometheus", ...web);
    await this.until("they are ready", async () => (await isReady(alertmanager)) && (await isReady(prometheus)));
    const all = this.machines.targets().length;
    await this.until("every exporter is seen twice", async () => {
      const seen = await this.query("count_over_time(up[1m]) > 1 and up == 1");
      return seen.length === all;
    });
    writeFileSync(this.rules, hurriedRules());
    const { ok } = await fetch(`${prometheus}/-/reload`, { method: "POST" });
    if (!ok) throw new Error(`Prometheus does not take the rules:\n${this.log("prometheus")}`);
    await this.until("every rule was looked at", async () => {
      const recorded = await Promise.all(recordings().map(({ record }) => this.query(record)));
      return recorded.every((results) => results.length > 0);
    });
  }

  async stop(): Promise<void> {
    const ended = this.running.map((child) => (child.exitCode === null ? once(child, "exit") : undefined));
    for (const child of this.running) child.kill("SIGKILL");
    await Promise.all(ended);
  }

  /** What Prometheus answers now. */
  async query(expr: string): Promise<Result[]> {
    const response = await fetch(`${prometheus}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query: expr }),
    });
    const { status, error, data } = (await response.json()) as {
      status: string;
      error?: string;
      data: { result: Result[] };
    };
    if (status !== "success") throw new Error(`${expr}: ${error}`);
    return data.result;
  }

  private run(program: string, ...options: string[]): void {
    const config = program === "prometheus" ? "prometheus.yml" : "alertmanager.yml";
    const own = program === "prometheus" ? "--storage.tsdb.path" : "--storage.path";
    const log = openSync(join(this.folder, `${program}.log`), "w");
    const args = [`--config.file=${join(this.folder, config)}`, `${own}=${join(this.folder, program)}`, ...options];
    const env = { ...process.env, SSL_CERT_FILE: this.machines.authority };
    this.running.push(spawn(program, args, { cwd: this.folder, env, stdio: ["ignore", log, log] }));
  }

  private async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) {
      const dead = this.running.find(({ exitCode }) => exitCode !== null);
      if (dead) throw new Error(`before ${what}, ${dead.spawnargs[0]} ended:\n${this.log(dead.spawnargs[0] ?? "")}`);
      await setTimeout(100);
    }
  }

  private log(program: string): string {
    return readFileSync(join(this.folder, `${program}.log`), "utf8")
      .split("\n")
      .slice(-20)
      .join("\n");
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
