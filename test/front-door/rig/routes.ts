import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

import type { RouteSpec } from "../../../plan/cluster";
import type { Handler } from "./node";

const programs = join(__dirname, "..", "..", "..", "host", "bbb_cluster");
const AT_ONCE = 16;
const reloads = () => join(process.env["FRONT_DOOR_RIG"] ?? "", "reloads");

/** A node that is healthy: its API's index names it, and its client is a page. */
export function healthy(hostname: string): Handler {
  return ({ url }, response) => {
    if (url === "/bigbluebutton/api") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ response: { graphqlWebsocketUrl: `wss://${hostname}/graphql` } }));
    } else {
      response.writeHead(200, { "content-type": "text/html", etag: `"${hostname}"` }).end(`<html>${hostname}`);
    }
  };
}

/** Runs a route's host program on the proxy, and resolves to what it reported. */
export async function runRoute(command: "add-route" | "remove-route", { request }: RouteSpec): Promise<string> {
  const text = JSON.stringify({ ...request, nodeServerId: request.node, proxyServerId: "1" });
  const env = { ...process.env, PATH: `${join(__dirname, "bin")}${delimiter}${process.env["PATH"]}` };
  const child = spawn("ip", ["netns", "exec", "door", "python3", programs, command], { env, stdio: "pipe" });
  child.stdin.end(text);
  return outputOf(child);
}

/** Runs the host program of many routes, as many at the same time as the engine does. */
export async function runRoutes(command: "add-route" | "remove-route", routes: readonly RouteSpec[]): Promise<void> {
  const waiting = [...routes];
  const work = async () => {
    for (let route = waiting.shift(); route; route = waiting.shift()) await runRoute(command, route);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** How many times nginx was reloaded since the last answer. */
export function countReloads(): number {
  const count = existsSync(reloads()) ? readFileSync(reloads(), "utf8").trim().split("\n").length : 0;
  rmSync(reloads(), { force: true });
  return count;
}

function outputOf(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.on("data", (part) => {
    said += part;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => (status === 0 ? resolve(said) : reject(new Error(said))));
  });
}
