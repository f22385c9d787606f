import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { File } from "./files";

/** The public address of the machine. */
export const ADDRESS = "203.0.113.10";

/** nginx with the machine's files, on a network of its own. */
export class Nginx {
  private process: ChildProcess | undefined;

  constructor(private readonly command = () => ["nginx", "-g", "daemon off;"]) {}

  async start(): Promise<void> {
    const process = spawn("ip", ["netns", "exec", "door", ...this.command()], { stdio: "inherit" });
    this.process = process;
    while (!(await isListening(443, ADDRESS))) {
      if (process.exitCode !== null) throw new Error("nginx does not start: what it said is above");
      await setTimeout(20);
    }
  }

  async stop(): Promise<void> {
    const { process } = this;
    if (!process) return;
    this.process = undefined;
    // Of one that did not start, nobody says so again.
    if (process.exitCode !== null) return;
    const ended = once(process, "exit");
    process.kill("SIGTERM");
    await ended;
  }
}

/** Files of the machine as lists of lines. */
export function writeFiles(files: readonly File[]): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${content.join("\n")}\n`);
  }
}

/** Whether anybody listens there. */
export function isListening(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
