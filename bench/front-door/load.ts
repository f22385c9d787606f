import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Agent } from "node:https";
import { promisify } from "node:util";

import { ask } from "../../test/front-door/rig/ask";
import type { FrontDoor } from "../../test/front-door/rig/front-door";
import type { NodeServer } from "../../test/front-door/rig/node";
import { sizes } from "./client";

// Never the synchronous one: the nodes' servers are in this process.
const run = promisify(execFile);
const WRK_SECONDS = 3;
/** Of a second, in /proc. */
const TICKS = 100;

/** One browser after the other loads the whole client, none with a cache of its own. */
export async function loadClient(door: FrontDoor, { name }: NodeServer, times: number): Promise<void> {
  const headers = { "accept-encoding": "gzip" };
  for (let time = 0; time < times; time += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 6 });
    const paths = Object.keys(sizes).map((path) => `/${name}/html5client/${path}`);
    await Promise.all(paths.map((path) => ask(door, path, { headers, agent })));
    agent.destroy();
  }
}

/** People who load the whole client in the same moment; resolves to how many requests failed. */
export async function crowd(door: FrontDoor, { name }: NodeServer, people: number): Promise<number> {
  const urls = Object.keys(sizes).map((path) => `https://${door.hostname}/${name}/html5client/${path}`);
  const requests = people * urls.length;
  const options = [`-n${requests}`, `-c${people}`, "-t1", "-H", "accept-encoding: gzip"];
  const { stdout } = await run("h2load", [...options, ...urls]);
  return requests - Number(/status codes: (\d+) 2xx/.exec(stdout)?.[1] ?? 0);
}

/** Processor time of all processes of nginx for a thousand requests of a file, in seconds. */
export async function cpuSeconds(door: FrontDoor, path: string): Promise<number> {
  await ask(door, path);
  const before = nginxSeconds();
  const { stdout } = await run("wrk", ["-t1", "-c32", `-d${WRK_SECONDS}s`, `https://${door.hostname}${path}`]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`not every answer of ${path} was good: ${stdout}`);
  return (1000 * (nginxSeconds() - before)) / Number(/(\d+) requests in/.exec(stdout)?.[1] ?? Number.NaN);
}

function nginxSeconds(): number {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.reduce((sum, process) => sum + ticksOf(process), 0) / TICKS;
}

/** User and system time; a process may end while it is looked at. */
function ticksOf(process: string): number {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, "utf8");
    const [, , ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
    return stat.includes("(nginx)") ? Number(fields[10]) + Number(fields[11]) : 0;
  } catch {
    return 0;
  }
}
