import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { execute } from "../../cli/execute";
import { enterLab } from "../fabric/inside";
import { enterMachine } from "../fabric/machines";
import type { Settings } from "../fabric/settings";
import type { Lab } from "../paths";
import { stackEnvironment, stackPath } from "../stack/environment";

const repo = resolve(__dirname, "..", "..");

/** How a command ended, and all that it printed. */
export interface Outcome {
  status: number;
  said: string;
}

/** Who runs the cluster: types what an administrator types, after `npm run lab -- env`; all of it is written down. */
export class Administrator {
  private readonly log: string;

  constructor(
    readonly lab: Lab,
    private readonly settings: Settings,
    folder: string,
  ) {
    this.log = join(folder, "administrator.log");
  }

  /** A command that is to succeed, within so many seconds; resolves to what it printed. */
  async run(command: string, seconds = 120): Promise<string> {
    const { status, said } = await this.attempt(command, seconds);
    if (status !== 0) throw new Error(`\`${command}\` ended with ${status}:\n${lastLines(said)}`);
    return said;
  }

  /** A command that may fail; throws when it takes longer than that. */
  async attempt(command: string, seconds: number): Promise<Outcome> {
    const child = this.start(command);
    const ended = outcomeOf(child, (text) => appendFileSync(this.log, text));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.kill(child);
    }, seconds * 1000);
    const outcome = await ended;
    clearTimeout(timer);
    if (late) throw new Error(`\`${command}\` took longer than ${seconds} s:\n${lastLines(outcome.said)}`);
    return outcome;
  }

  /** A command that goes on; `kill` ends it and all that it started, as when a machine loses its power. */
  start(command: string): ChildProcess {
    appendFileSync(this.log, `\n${new Date().toISOString()} $ ${command}\n`);
    const env = {
      ...process.env,
      ...stackEnvironment(this.lab, this.settings),
      PATH: stackPath(this.lab, process.env["PATH"] ?? "", true),
      LAB: this.lab.name,
    };
    return spawn("bash", ["-c", command], { cwd: repo, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Kills a command that goes on. */
  kill({ pid }: ChildProcess): void {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }

  /** What a command of shell prints on a machine, as root; not by the network, which may be cut. */
  onMachine(machine: string, command: string): Promise<string> {
    const [program, ...args] = enterLab(this.lab, enterMachine(this.lab, machine, ["sh", "-c", command]));
    return execute(program ?? "", args, { seconds: 60, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } });
  }
}

/** How a started command ends. */
export function outcomeOf(child: ChildProcess, write: (text: string) => void): Promise<Outcome> {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      said += chunk;
      write(chunk.toString());
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 137, said }));
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-15).join("\n");
}
