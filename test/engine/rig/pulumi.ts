import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { type EngineEvent, type Happening, happenings } from "./events";
import { type Ended, Running } from "./processes";
import { type Checkpoint, State } from "./state";

/** What a run of the engine did. */
export interface Run extends Ended {
  /** Both streams. */
  output: string;
  /** What was done to resources, in order; resources that stay as they are are left out. */
  happenings: Happening[];
  seconds: number;
}

/** Where a project is, and with which variables Pulumi acts on its stack. */
export interface PulumiOptions {
  project: string;
  env: NodeJS.ProcessEnv;
  /** For files of its own. */
  folder: string;
  /** Where the backend keeps the stack. */
  stateFile: string;
}

/** The real Pulumi CLI on one stack. */
export class Pulumi {
  private running: Running | undefined;
  private runs = 0;

  constructor(private readonly options: PulumiOptions) {}

  up(...args: string[]): Promise<Run> {
    return this.operate("up", "--yes", "--skip-preview", ...args);
  }

  preview(...args: string[]): Promise<Run> {
    return this.operate("preview", ...args);
  }

  destroy(...args: string[]): Promise<Run> {
    return this.operate("destroy", "--yes", "--skip-preview", ...args);
  }

  refresh(...args: string[]): Promise<Run> {
    return this.operate("refresh", "--yes", "--skip-preview", ...args);
  }

  /** Frees a stack that a killed run left locked. */
  async cancel(): Promise<void> {
    await this.read("cancel", "--yes");
  }

  /** All outputs of the stack, secrets in the clear. */
  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.read("stack", "output", "--json", "--show-secrets"));
  }

  /** What `pulumi stack export` would print, without its second of start. */
  async state(): Promise<State> {
    return new State(JSON.parse(readFileSync(this.options.stateFile, "utf8")) as Checkpoint);
  }

  /** Where the backend keeps the stack. */
  get stateFile(): string {
    return this.options.stateFile;
  }

  /** Does what README tells when a run was killed while it wrote the state; false if it was whole. */
  restoreState(): boolean {
    rmSync(`${this.stateFile}.attrs`, { force: true });
    try {
      JSON.parse(readFileSync(this.stateFile, "utf8"));
      return false;
    } catch {
      copyFileSync(`${this.stateFile}.bak`, this.stateFile);
      return true;
    }
  }

  /** Runs a command that has to succeed; resolves to its stdout. */
  async read(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.execute(args);
    if (status !== 0) throw new Error(`pulumi ${args.join(" ")} ended with status ${status}:\n${stderr}${stdout}`);
    return stdout;
  }

  /** Runs one of the administrator's commands on the stack, as `npm run` does. */
  administer(...args: string[]): Promise<Ended> {
    const { project: cwd, env } = this.options;
    const argv = ["--require", require.resolve("tsx/cjs"), join(__dirname, "../../../cli/main.ts"), ...args];
    return new Running(process.execPath, argv, { cwd, env }).ended;
  }

  /** Ctrl-C at the run that is going on, and once more when it goes on waiting for what it has begun. */
  async breakOff(): Promise<void> {
    const { running } = this;
    running?.interrupt();
    for (let waits = 0; !running?.said.stdout.includes("^C received; cancelling"); waits++) {
      if (waits > 600) throw new Error("Pulumi does not hear Ctrl-C");
      await delay(50);
    }
    running?.interrupt();
  }

  /** Kills the run that is going on, and everything that it started. */
  kill(): void {
    this.running?.kill();
  }

  private async operate(...args: string[]): Promise<Run> {
    const log = join(this.options.folder, `events-${this.runs++}.json`);
    const started = Date.now();
    const ended = await this.execute([...args, "--event-log", log, "--suppress-outputs"]);
    const seconds = (Date.now() - started) / 1000;
    const done = happenings(readEvents(log));
    rmSync(log, { force: true });
    return { ...ended, output: `${ended.stdout}${ended.stderr}`, happenings: done, seconds };
  }

  private async execute(args: string[]): Promise<Ended> {
    const { project: cwd, env } = this.options;
    const running = new Running("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, env });
    this.running = running;
    try {
      return await running.ended;
    } finally {
      this.running = undefined;
    }
  }
}

/** One event a line; the last one of a killed run may be half written. */
function readEvents(file: string): EngineEvent[] {
  let lines: string[];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
}
