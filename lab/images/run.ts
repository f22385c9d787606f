import { spawn } from "node:child_process";

const HEARTBEAT_MS = 10_000;
const KEPT_LINES = 15;

/** How a command is run: `label` names it in progress lines and errors, `progress` receives the lines. */
export interface RunOptions {
  label: string;
  progress: (line: string) => void;
}

/**
 * Runs a command that dies with this process and leaves no mount behind (it gets process and mount namespaces of its own),
 * with a progress line every ten seconds; fails with its last lines of output.
 */
export async function runContained(command: string[], options: RunOptions): Promise<void> {
  const contained = ["--pdeathsig", "KILL", "unshare", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
  await run(["setpriv", ...contained, ...command], options);
}

/** Runs a command with a progress line every ten seconds; fails with its last lines of output. */
export function run(command: string[], { label, progress }: RunOptions): Promise<void> {
  const [file, ...args] = command;
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  return new Promise((resolve, reject) => {
    const child = spawn(file ?? "", args, {
      env: { ...process.env, LC_ALL: "C.UTF-8" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let tail: string[] = [];
    const heartbeat = setInterval(() => progress(`${label}: ${elapsed()}${lastWords(tail)}`), HEARTBEAT_MS);
    const keep = (chunk: Buffer) => {
      tail = [...tail, ...chunk.toString().split(/[\r\n]+/)].filter((line) => line.trim() !== "").slice(-KEPT_LINES);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => finish(new Error(`${label}: cannot run ${file}: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) finish();
      else finish(new Error(`${label} failed after ${elapsed()} (${file} ended with ${code}):\n${tail.join("\n")}`));
    });
    function finish(error?: Error): void {
      clearInterval(heartbeat);
      if (error) reject(error);
      else resolve();
    }
  });
}

function lastWords(tail: string[]): string {
  const last = tail.at(-1);
  return last === undefined ? "" : `, ${last.slice(0, 100)}`;
}
