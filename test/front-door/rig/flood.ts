import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { MachineSpec } from "../../../plan/machines";
import { ADDRESS } from "./nginx";

const program = join(__dirname, "flood.py");
const host = join(__dirname, "..", "..", "..", "host");

/** What `conntrack -F` does, which is not everywhere: it has the kernel forget all connections. */
const FORGET = [
  "import socket, struct",
  "with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as kernel:",
  '    kernel.send(struct.pack("=IHHIIBBH", 20, 1 << 8 | 2, 5, 1, 0, 0, 0, 0))',
  '    error = struct.unpack_from("=i", kernel.recv(100), 16)[0]',
  'raise SystemExit(error and f"connections are not forgotten: {error}")',
];
const MOST_BYTES = 2 ** 28;

export type FloodKind = "idle" | "header" | "body" | "syn";

/** A flood from the rig's internet on its machine, which ends by itself. */
export class Flood {
  private readonly lines: string[] = [];
  private readonly ended: Promise<unknown>;

  private constructor(private readonly process: ChildProcess) {
    this.ended = once(process, "exit");
    const reader = createInterface({ input: process.stdout as NodeJS.ReadableStream });
    reader.on("line", (line) => {
      this.lines.push(line);
      process.emit("line");
    });
  }

  /** Resolves when as many are there as there can be. */
  static async begin(kind: FloodKind, hostname: string, count: number, seconds: number): Promise<Flood> {
    const words = [program, kind, ADDRESS, hostname, `${count}`, `${seconds}`];
    const flood = new Flood(spawn("python3", ["-B", ...words], { stdio: ["ignore", "pipe", "inherit"] }));
    while (flood.lines.length === 0) await Promise.race([once(flood.process, "line"), flood.failure()]);
    return flood;
  }

  /** Waits for its end: how many connections it held then, and how many it has made. */
  async end(): Promise<{ held: number; made: number }> {
    await this.ended;
    const [held, made] = /held (\d+) made (\d+)/.exec(this.lines.join("\n"))?.slice(1) ?? [];
    return { held: Number(held), made: Number(made) };
  }

  async stop(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  private async failure(): Promise<never> {
    await this.ended;
    throw new Error("the flood did not begin: what it said is above");
  }
}

/** Puts the machine's own firewall in force, as the host program renders it. */
export function loadFirewall({ open, untracked = [] }: Pick<MachineSpec, "open" | "untracked">): void {
  const rules = { rows: open, untracked };
  const render = [
    "import json, sys",
    `sys.path.insert(0, ${JSON.stringify(host)})`,
    "from bbb_cluster.access import rules",
    "given = json.load(sys.stdin)",
    'print(rules.render(rules.parse("10.0.0.0/16", given["rows"], tuple(given["untracked"]))))',
  ];
  const table = execFileSync("python3", ["-B", "-c", render.join("\n")], { input: JSON.stringify(rules) });
  inDoor("nft", ["-f", "-"], table);
  inDoor("python3", ["-c", FORGET.join("\n")]);
  // Whoever is not there is asked on the way that leads to nobody.
  execFileSync("ip", ["route", "replace", "blackhole", "198.18.0.0/15"]);
  inDoor("ip", ["route", "replace", "198.18.0.0/15", "via", "203.0.113.1"]);
}

/** Takes it away: other suites share the machine, and ask ports that it would leave without an answer. */
export function removeFirewall(): void {
  inDoor("nft", ["flush", "ruleset"]);
}

/** How many connections the machine remembers. */
export function remembered(): number {
  return Number(inDoor("cat", ["/proc/sys/net/netfilter/nf_conntrack_count"]));
}

/** Those of them that are no questions of its own to nodes. */
export function rememberedVisits(): string[] {
  const lines = inDoor("cat", ["/proc/net/nf_conntrack"]).trim().split("\n");
  return lines.filter((line) => line !== "" && !/ src=10\.0\.1\.2 dst=10\.0\.1\.\d+ sport=\d+ dport=443 /.test(line));
}

/** Of each worker of nginx that has any, how many visitors' connections it holds. */
export function held(): number[] {
  const sockets = inDoor("ss", ["-Htnp", "state", "established", "( sport = :80 or sport = :443 )"]);
  const counts = new Map<string, number>();
  for (const [, worker = ""] of sockets.matchAll(/"nginx",pid=(\d+)/g)) {
    counts.set(worker, (counts.get(worker) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** Runs a program on the machine. */
export function inDoor(command: string, words: readonly string[], input: Buffer | string = ""): string {
  return execFileSync("ip", ["netns", "exec", "door", command, ...words], {
    input,
    encoding: "utf8",
    maxBuffer: MOST_BYTES,
  });
}
