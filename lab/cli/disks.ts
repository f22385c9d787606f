import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Lab } from "../paths";

/** The servers' names by id, from their folders: known also while the API does not answer. */
export function machineNames(lab: Lab): Map<number, string> {
  const ids = readdirSync(lab.machines).filter((entry) => /^\d+$/.test(entry));
  const names = ids.map((id) => [Number(id), readText(join(lab.machines, id, "name"))] as const);
  return new Map(names.filter((entry): entry is [number, string] => entry[1] !== undefined));
}

/** The BigBlueButton releases on the machines' disks, by the machine's name, running or not. */
export function installedReleases(lab: Lab): Map<string, string> {
  const releases = new Map<string, string>();
  for (const [id, name] of machineNames(lab)) {
    const file = join(lab.machines, String(id), "upper", "etc", "bigbluebutton", "bigbluebutton-release");
    const release = /^BIGBLUEBUTTON_RELEASE=(\S+)/m.exec(readText(file) ?? "")?.[1];
    if (release !== undefined) releases.set(name, release);
  }
  return releases;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
