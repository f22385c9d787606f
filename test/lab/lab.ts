import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";

import { finished, type Outcome, prelude } from "./outcome";

const repo = join(__dirname, "..", "..");

/** BigBlueButton's own, which each upgrade writes anew. */
export const slides = "/var/www/bigbluebutton-default/assets/default.pdf";

/** The lab of the tests, driven as a user drives it: by `npm run lab -- …` and, after `env`, by plain commands. */
export class LabUnderTest {
  /** What `env` said: the same until the lab is removed. */
  private exports = "";

  constructor(readonly name: string) {}

  /** `npm run lab -- ARGS`, its progress shown. */
  lab(...args: string[]): Promise<Outcome> {
    return finished(this.start(...args));
  }

  /** The same, left running. */
  start(...args: string[]): ChildProcess {
    return spawn("npm", ["run", "-s", "lab", "--", ...args], this.options());
  }

  /** Ctrl-C, or worse, for a command that was left running and all it has started. */
  signal(child: ChildProcess, signal: "SIGINT" | "SIGKILL"): void {
    process.kill(-(child.pid ?? 0), signal);
  }

  /** A shell command as typed after `eval "$(npm run -s lab -- env)"`. */
  shell(command: string): Promise<Outcome> {
    return finished(this.startShell(command));
  }

  /** The same, left running. */
  startShell(command: string): ChildProcess {
    const env = ["run", "-s", "lab", "--", "env"];
    this.exports ||= spawnSync("npm", env, { cwd: repo, env: this.env(), encoding: "utf8" }).stdout;
    return spawn("bash", ["-c", prelude + command], this.options());
  }

  /** A command of shell on a machine, as root. */
  onMachine(machine: string, command: string): Promise<Outcome> {
    return this.lab("exec", machine, "--", "sh", "-c", command);
  }

  /** A call of a node's API, with the checksum that its secret gives. */
  callApi(node: string, call: string, query: string, path = call): Promise<Outcome> {
    return this.shell(
      [
        `secret=$(ssh ${node} bbb-conf --secret | sed -n 's/^ *Secret: //p')`,
        `sum=$(printf '%s' '${call}${query}'"$secret" | sha256sum | cut -d' ' -f1)`,
        `curl -s "https://${node}.cluster.test/bigbluebutton/api/${path}?${query}&checksum=$sum"`,
      ].join("; "),
    );
  }

  /** The status with which the proxy answers for a node's client. */
  async clientStatus(node: string): Promise<string> {
    const url = `https://bbb.cluster.test/${node}/html5client/`;
    return (await this.lab("run", "--", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url)).stdout;
  }

  /** Has a node restart, by that command on it, and waits until its API answers again. */
  restart(node: string, command = "systemctl reboot"): Promise<Outcome> {
    // By ssh, and not by `exec`, whose process is none of the machine's own and would outlive it.
    const boot = `ssh ${node} systemctl show -p UserspaceTimestampMonotonic`;
    const isBack = `[ "$(${boot})" != "$before" ] && curl -fsk https://${node}.cluster.test/bigbluebutton/api`;
    const wait = `for second in $(seq 180); do if ${isBack}; then exit; fi; sleep 1; done; exit 1`;
    return this.shell(`before=$(${boot}); ssh ${node} "${command.replaceAll('"', '\\"')}" || true; ${wait}`);
  }

  /** Slides in the place of BigBlueButton's, and a hook, on every node. */
  bringOwnFiles(source: string, hook: string): Promise<Outcome> {
    const item = (name: string, value: string) => `pulumi config set --path 'nodeFiles[0].${name}' ${value}`;
    const hooked = `pulumi config set nodeHook ${hook}`;
    return this.shell([item("path", slides), item("source", source), hooked, "npm run -s lab -- up"].join("; "));
  }

  /** The resources that `pulumi preview` would change, by their names. */
  async pendingChanges(): Promise<string[]> {
    const { stdout } = await this.shell("pulumi preview --json");
    const steps = JSON.parse(stdout).steps as { op: string; urn: string }[];
    return steps
      .filter(({ op }) => op !== "same")
      .map(({ urn }) => urn.split("::").at(-1) ?? "")
      .sort();
  }

  /** Removes the lab, whatever became of it. */
  remove(): void {
    spawnSync("npm", ["run", "-s", "lab", "--", "down"], { cwd: repo, env: this.env(), stdio: "inherit" });
    this.exports = "";
  }

  private options(): SpawnOptions {
    const env = { ...this.env(), LAB_EXPORTS: this.exports };
    // A group of its own, so that an interrupt reaches all of it, as Ctrl-C does.
    return { cwd: repo, env, detached: true, stdio: ["ignore", "pipe", "pipe"] };
  }

  private env(): NodeJS.ProcessEnv {
    return { ...process.env, LAB: this.name };
  }
}

/** What labs could leave behind on the machine: mounts, links, namespaces, cgroups, and processes of this lab. */
export function traces(name: string): string[] {
  const lines = (program: string, ...args: string[]) =>
    spawnSync(program, args, { encoding: "utf8" }).stdout.split("\n");
  return [
    ...lines("cat", "/proc/self/mounts"),
    ...lines("ip", "-o", "link").map((line) => line.split(" <")[0] ?? ""),
    ...lines("ip", "netns"),
    // Of namespaces with processes of a lab in them: any of theirs mentions the lab's folder on its command line or root.
    ...lines("lsns", "-n", "-o", "TYPE,COMMAND").filter((line) => line.includes(`/bbb-cluster-lab/${name}`)),
    ...lines("find", "/sys/fs/cgroup", "-name", `bbb-lab-${name}-*`),
    ...lines("ps", "-eo", "args").filter(
      (line) => line.includes(`/bbb-cluster-lab/${name}/`) || line.endsWith(`supervisor.ts ${name}`),
    ),
  ].sort();
}
