import { type ChildProcess, spawn } from "node:child_process";

import { pause } from "./shell";

const restartsPerMinute = 20;

/** A program that is kept running: started again when it ends, unless it ends too often. */
export class Daemon {
  private starts: number[] = [];
  private child: ChildProcess | undefined;
  private isStopped = false;

  /** `ready` is called after every start and resolves when the program is of use. */
  constructor(
    private readonly name: string,
    private readonly program: string,
    private readonly args: string[],
    private readonly log: (line: string) => void,
    private readonly ready: () => Promise<void>,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  /** Starts the program; resolves when it is ready, rejects when it is not (it is tried again all the same). */
  async start(): Promise<void> {
    this.starts = [...this.starts.filter((time) => time > Date.now() - 60_000), Date.now()];
    const child = spawn(this.program, this.args, { stdio: ["ignore", "inherit", "inherit"], env: this.env });
    this.child = child;
    child.on("error", (error) => this.log(`${this.name} cannot be started: ${error.message}`));
    child.on("exit", (code, signal) => this.restart(signal ?? `status ${code}`));
    await this.ready();
    this.log(`${this.name} is ready (process ${child.pid})`);
  }

  /** Sends the program a signal. */
  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Ends the program for good; resolves when it has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
  }

  private async restart(reason: string): Promise<void> {
    if (this.isStopped) return;
    if (this.starts.length > restartsPerMinute) {
      return this.log(`${this.name} ended with ${reason}, ${restartsPerMinute} times within a minute: given up`);
    }
    this.log(`${this.name} ended with ${reason}: started again`);
    await pause(200);
    if (this.isStopped) return;
    await this.start().catch((error: Error) => this.log(error.message));
  }
}
