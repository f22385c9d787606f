import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { type ExecuteError, execute } from "../../cli/execute";
import { enterLab, inLab } from "../fabric/inside";
import type { Settings } from "../fabric/settings";
import { until } from "../fabric/shell";
import type { Lab } from "../paths";
import { operatorEnvironment } from "./environment";

const repo = resolve(__dirname, "..", "..");

/** Pulumi on the stack of a lab, run within the lab. */
export class Pulumi {
  constructor(
    private readonly lab: Lab,
    private readonly settings: Settings,
  ) {}

  /** Runs it in front of the user, on a terminal with its live display; resolves to its exit status. */
  run(...args: string[]): Promise<number> {
    const options = { cleanEnv: true, env: operatorEnvironment(this.lab, this.settings) };
    const isLive = process.stdin.isTTY && process.stdout.isTTY;
    const argv = ["pulumi", ...inProject(isLive ? args : [...args, "--non-interactive"])];
    // Pulumi takes its stdin for a sign of somebody who watches.
    return inLab(this.lab, argv, { ...options, stdio: [isLive ? "inherit" : "ignore", "inherit", "inherit"] });
  }

  /** Runs it quietly; resolves to its stdout, rejects with what it said. */
  async read(...args: string[]): Promise<string> {
    const [program, ...rest] = enterLab(this.lab, ["pulumi", ...inProject(args)]) as [string, ...string[]];
    try {
      return await execute(program, rest, { env: operatorEnvironment(this.lab, this.settings) });
    } catch (error) {
      const { message, said, printed } = error as ExecuteError;
      throw new Error(`pulumi ${args[0]} failed: ${`${said}\n${printed}`.trim() || message}`);
    }
  }

  /** Makes the stack if there is none yet; its configuration file comes to lie in the lab's folder. */
  async ensureStack(): Promise<void> {
    const { name, pulumi } = this.lab;
    const exists = existsSync(join(pulumi.state, ".pulumi", "stacks", "bbb-cluster", `${name}.json`));
    if (exists && existsSync(pulumi.config)) {
      return;
    }
    // `stack init` writes the file next to Pulumi.yaml, whatever PULUMI_OPTION_CONFIG_FILE says.
    const folder = dirname(pulumi.config);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: bbb-cluster\nruntime: nodejs\n");
    const written = join(folder, `Pulumi.${name}.yaml`);
    if (exists && !existsSync(written)) {
      // A run was killed in between: without its configuration the stack is of no use.
      await this.read("-C", folder, "stack", "rm", "--yes", "--force", name, "--non-interactive");
    }
    if (!exists || !existsSync(written)) {
      await this.read("-C", folder, "stack", "init", name, "--secrets-provider", "passphrase", "--non-interactive");
    }
    renameSync(written, pulumi.config);
  }

  /** Frees a stack that a killed run left locked. */
  async unlock(progress: (line: string) => void): Promise<void> {
    if (this.isLocked() && (await this.isIdle())) {
      progress("an earlier run was killed and left the stack locked; unlocking it");
      await this.read("cancel", "--yes", "--non-interactive", this.lab.name);
    }
  }

  private isLocked(): boolean {
    const locks = join(this.lab.pulumi.state, ".pulumi", "locks");
    return existsSync(locks) && readdirSync(locks, { recursive: true }).some((name) => String(name).endsWith(".json"));
  }

  /** Whether no Pulumi works on the stack; one that was just killed needs a moment to be gone. */
  private async isIdle(): Promise<boolean> {
    const gone = async () => (await inLab(this.lab, ["pgrep", "-x", "pulumi"], { stdio: "ignore" })) !== 0 || undefined;
    return (await until("the end of Pulumi", 5, gone).catch(() => false)) === true;
  }
}

function inProject(args: string[]): string[] {
  return args[0] === "-C" ? args : ["-C", repo, ...args];
}
