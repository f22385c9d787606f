import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Context, homeOf, ToolchainError } from "./context";
import { programsNamed } from "./files";
import { run } from "./run";
import { isAtLeast } from "./version";

/** A Go found on the machine. */
export interface Go {
  program: string;
  version: string;
}

const oldestGo = "1.19";
const oldestSwitchingGo = "1.21";

/** Finds a Go that can build, or can get the Go that can. */
export async function findGo(context: Context): Promise<Go | undefined> {
  for (const program of programsNamed("go", context.env, context.goFolders)) {
    const env = { ...context.env, HOME: homeOf(context.env), GOTOOLCHAIN: "local" };
    const { stdout } = await run(program, ["env", "GOVERSION"], { env, cwd: "/", timeoutSeconds: 10 });
    if (isAtLeast(stdout, oldestGo)) return { program, version: stdout.trim() };
  }
  return undefined;
}

/** The Go version that a module asks for, always with its patch level, because downloads are named so. */
export function wantedGo(moduleDir: string): string {
  const line = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(readFileSync(join(moduleDir, "go.mod"), "utf8"));
  const version = line?.[1];
  if (version === undefined) throw new ToolchainError(`${join(moduleDir, "go.mod")} names no Go version`);
  return version.split(".").length === 2 ? `${version}.0` : version;
}

/** The program and the environment with which a module that asks for a certain Go is built. */
export async function goFor(context: Context, go: Go, wanted: string): Promise<Go & { env: NodeJS.ProcessEnv }> {
  const env = buildEnvironment(context.env);
  if (isAtLeast(go.version, wanted)) return { ...go, env: { ...env, GOTOOLCHAIN: "local" } };
  if (isAtLeast(go.version, oldestSwitchingGo)) return { ...go, env: { ...env, GOTOOLCHAIN: `go${wanted}` } };
  const program = await fetchGo(go, wanted, env);
  return { program, version: `go${wanted}`, env: { ...env, GOROOT: undefined, GOTOOLCHAIN: "local" } };
}

function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    HOME: homeOf(env),
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOWORK: "off",
    GOOS: undefined,
    GOARCH: undefined,
  };
}

const goArchitectures: Record<string, string> = { x64: "amd64" };

/** Before 1.21, which Debian 12 has not, Go cannot switch to another release by itself; the release is a module all the same. */
async function fetchGo(go: Go, wanted: string, env: NodeJS.ProcessEnv): Promise<string> {
  const target = `${process.platform}-${goArchitectures[process.arch] ?? process.arch}`;
  const module = `golang.org/toolchain@v0.0.1-go${wanted}.${target}`;
  const result = await run(go.program, ["mod", "download", "-json", module], { env, cwd: "/" });
  if (!result.ok) throw new ToolchainError(`${go.version} could not download Go ${wanted}:\n${result.tail}`);
  const { Dir: dir } = JSON.parse(result.stdout) as { Dir: string };
  makeExecutable(join(dir, "bin"));
  makeExecutable(join(dir, "pkg", "tool"));
  return join(dir, "bin", "go");
}

/** An old Go unpacks modules without the permission to execute. */
function makeExecutable(dir: string): void {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o555);
  }
}
