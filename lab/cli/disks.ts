import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Lab } from "../paths";

/** The servers' names by id, from their folders: known also while the API does not answer. */
export function machineNames(lab: Lab): Map<number, string> {
  const ids = readdirSync(lab.machines).filter((entry) => /^\d+$/.test(entry));
  const names = ids.map((id) => [Number(id), readText(join(lab.machines, id, "name"))] as const);
  return new Map(names.filter((entry): entry is [number, string] => entry[1] !== undefined));
}

/** The BigBlueButton release on the disk of a server (its id), running or not; undefined when none is installed. */
export function installedRelease(lab: Lab, server: string): string | undefined {
  const file = join(lab.machines, server, "upper", "etc", "bigbluebutton", "bigbluebutton-release");
  return /^BIGBLUEBUTTON_RELEASE=(\S+)/m.exec(readText(file) ?? "")?.[1];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
