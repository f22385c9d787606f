import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { type Context, ToolchainError } from "./context";
import { type Go, goFor, wantedGo } from "./go";
import { run } from "./run";
import { sourceFiles } from "./sources";

/** A folder in which one artefact is built from copies of its modules, so that nothing generated ends up in the checkout. */
export class Workshop {
  /** Takes the finished programs. */
  readonly products: string;
  /** Takes everything else. */
  readonly scratch: string;

  constructor(
    private readonly context: Context,
    private readonly go: Go,
    private readonly dir: string,
    private readonly logFile: string,
  ) {
    this.products = join(dir, "products");
    this.scratch = join(dir, "scratch");
    for (const folder of [this.products, this.scratch]) mkdirSync(folder, { recursive: true });
  }

  /** Copies a module in. */
  bring(module: string): void {
    for (const path of sourceFiles(join(this.context.sourceDir, module))) {
      cpSync(join(this.context.sourceDir, module, path), join(this.source(module), path));
    }
  }

  /** The copy of a module. */
  source(module: string): string {
    return join(this.dir, "source", module);
  }

  /** Builds one program; `variables` are set by the linker. */
  async compile(module: string, target: string, name: string, variables: string[], into?: string): Promise<void> {
    const flags = ["-s", "-w", ...variables.map((variable) => `-X ${variable}`)].join(" ");
    await this.runGo(module, "build", ["-ldflags", flags, "-o", join(into ?? this.products, name), target]);
  }

  /** Has Go look for mistakes that compile. */
  async vet(module: string): Promise<void> {
    await this.runGo(module, "vet", ["./..."]);
  }

  private async runGo(module: string, command: string, args: string[]): Promise<void> {
    const cwd = this.source(module);
    const go = await goFor(this.context, this.go, wantedGo(cwd));
    const strict = ["-mod=readonly", "-trimpath", "-buildvcs=false"];
    await this.must(`go ${command} ${args.at(-1)}`, go.program, [command, ...strict, ...args], go.env, cwd);
  }

  /** Runs a program that the build needs. */
  async execute(program: string, args: string[]): Promise<void> {
    await this.must(program, program, args, this.context.env, this.scratch);
  }

  /** Checks that a finished program starts on this machine and says its version. */
  async expect(program: string, args: string[], answer: string): Promise<void> {
    const env = { ...this.context.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const result = await run(join(this.products, program), args, { env, cwd: this.scratch, timeoutSeconds: 60 });
    if (result.ok && result.stdout.trim() === answer) return;
    throw new ToolchainError(`the ${program} just built does not run here; "${args.join(" ")}" said:\n${result.tail}`);
  }

  private async must(title: string, program: string, args: string[], env: NodeJS.ProcessEnv, cwd: string) {
    const { ok, tail } = await run(program, args, { env, cwd, logFile: this.logFile });
    if (!ok) throw new ToolchainError(explain(title, tail, this.logFile));
  }
}

function explain(title: string, tail: string, logFile: string): string {
  const full = /no space left on device/i.test(tail)
    ? "The disk is full: Go's caches take 8 to 10 GB for all tools together, what is built 0.3 GB (GOMODCACHE, GOCACHE and BBB_CLUSTER_CACHE move them).\n"
    : "";
  return `${title} failed. ${full}Its last words:\n${tail}\nEverything it said: ${logFile}`;
}
