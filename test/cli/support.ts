import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { machineOutput } from "../support/outputs";

const repo = join(__dirname, "..", "..");

/** What a command printed and how it ended. */
export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A folder of programs that stand in for real ones, first on PATH of the commands that are run with it. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), "bbb-cli-"));

  /** A program that is a shell script. */
  program(name: string, script: string): void {
    mkdirSync(join(this.folder, "bin"), { recursive: true });
    const file = join(this.folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\ncd ${this.folder}\n${script}\n`);
    chmodSync(file, 0o755);
  }

  file(name: string, content: unknown): void {
    writeFileSync(join(this.folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Runs `npm run COMMAND` as npm would. */
  run(...args: string[]): Promise<Outcome> {
    const PATH = [join(this.folder, "bin"), "/usr/bin", "/bin"].join(delimiter);
    const { BBB_CLUSTER_SSH_CONFIG: _, ...env } = process.env;
    const argv = ["--require", require.resolve("tsx/cjs"), join(repo, "cli", "main.ts"), ...args];
    const child = spawn(process.execPath, argv, { env: { ...env, PATH }, stdio: ["ignore", "pipe", "pipe"] });
    const outcome = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      outcome.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      outcome.stderr += chunk;
    });
    return new Promise((resolve) => child.on("close", (status) => resolve({ ...outcome, status })));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The outputs of a stack with two nodes, at addresses where nobody is. */
export function outputs(): Record<string, unknown> {
  const node = (name: string, number: number) => ({
    ...machineOutput(name, number),
    state: "present",
    api: `https://${name}.cluster.test/bigbluebutton/api`,
  });
  return {
    url: "https://bbb.cluster.test",
    proxies: [machineOutput("bbb", 2)],
    nodes: [node("bbb-01", 11), node("bbb-02", 12)],
    loadBalancerServers: { servers: {} },
    ssh: "Host bbb\n",
  };
}
