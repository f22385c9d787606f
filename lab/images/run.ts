import { spawn } from "node:child_process";

const HEARTBEAT_MS = 10_000;
const KEPT_LINES = 15;

/** How a command is run: `label` names it in progress lines, `progress` receives them, `env` is added to the environment. */
export interface RunOptions {
  label: string;
  progress: (line: string) => void;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command that dies with this process and leaves no mount behind (it gets process and mount namespaces of its own),
 * with a progress line every ten seconds; returns its stdout, and fails with its last lines of output.
 */
export async function runContained(command: string[], options: RunOptions): Promise<string> {
  const contained = ["--pdeathsig", "KILL", "unshare", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
  return await run(["setpriv", ...contained, ...command], options);
}

/** Runs a command with a progress line every ten seconds; returns its stdout, and fails with its last lines of output. */
export function run(command: string[], { label, progress, env }: RunOptions): Promise<string> {
  const [file, ...args] = command;
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  return new Promise((resolve, reject) => {
    const child = spawn(file ?? "", args, {
      env: { ...process.env, LC_ALL: "C.UTF-8", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let tail: string[] = [];
    const heartbeat = setInterval(() => progress(`${label}: ${elapsed()}${lastWords(tail)}`), HEARTBEAT_MS);
    const keep = (chunk: Buffer) => {
      tail = [...tail, ...chunk.toString().split(/[\r\n]+/)].filter((line) => line.trim() !== "").slice(-KEPT_LINES);
    };
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      keep(chunk);
    });
    child.stderr.on("data", keep);
    child.once("error", (error) => finish(new Error(`${label}: cannot run ${file}: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) finish();
      else finish(new Error(`${label} failed after ${elapsed()} (${file} ended with ${code}):\n${tail.join("\n")}`));
    });
    function finish(error?: Error): void {
      clearInterval(heartbeat);
      if (error) reject(error);
      else resolve(stdout);
    }
  });
}

function lastWords(tail: string[]): string {
  const last = tail.at(-1);
  return last === undefined ? "" : `, ${last.slice(0, 100)}`;
}
