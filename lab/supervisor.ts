import { writeFile } from "node:fs/promises";

import { startApi } from "./api/server";
import { apiPort } from "./fabric/addresses";
import { startCloud } from "./fabric/cloud";
import { readSettings } from "./fabric/settings";
import { labNamed } from "./paths";

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

/** Runs a lab within namespaces of its own: `supervisor.ts NAME`; ends only with an error or by being killed. */
async function main(name: string): Promise<void> {
  const lab = labNamed(name);
  const settings = await readSettings(lab);
  if (settings === undefined) throw new Error(`${lab.settings} is missing: start the lab with "npm run lab -- up"`);
  const fabric = await startCloud(lab, settings, log);
  const zones = [settings.domain];
  const api = await startApi({
    stateDir: lab.api,
    fabric,
    token: settings.token,
    host: "0.0.0.0",
    port: apiPort,
    zones,
    log,
  });
  fabric.onStateChange = api.machineChanged;
  await writeFile(lab.ready, "");
  log("the lab is ready");
}

function fail(error: unknown): void {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main(process.argv[2] ?? "").catch(fail);
