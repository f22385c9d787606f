import { run as execute } from "../toolchain/run";

const HEARTBEAT_MS = 10_000;

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
export async function run([program = "", ...args]: string[], { label, progress }: RunOptions): Promise<void> {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const heartbeat = setInterval(() => progress(`${label}: ${elapsed()} so far`), HEARTBEAT_MS);
  const result = await execute(program, args, { env: { ...process.env, LC_ALL: "C.UTF-8" } });
  clearInterval(heartbeat);
  if (!result.ok) throw new Error(`${label} failed after ${elapsed()}; the last words of ${program}:\n${result.tail}`);
}
