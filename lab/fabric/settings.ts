import { readFile, rename, writeFile } from "node:fs/promises";

import type { PerSuite } from "../images/ensure";
import type { Lab } from "../paths";

/** lab.json: what the supervisor has to know before it starts; `token` opens the API (64 characters). */
export interface Settings {
  name: string;
  domain: string;
  token: string;
  /** Scalelite's LOADBALANCER_SECRET. */
  loadBalancerSecret: string;
  /** Root file systems that machines share. */
  bases: PerSuite;
  /** Folders of the web server of packages and installer. */
  packages: string[];
}

/** Reads lab.json; undefined if the lab does not exist. */
export async function readSettings(lab: Lab): Promise<Settings | undefined> {
  const text = await readFile(lab.settings, "utf8").catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Writes lab.json in one step, readable by root only. */
export async function writeSettings(lab: Lab, settings: Settings): Promise<void> {
  await writeFile(`${lab.settings}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  await rename(`${lab.settings}.new`, lab.settings);
}
