import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What differs in BigBlueButton's installer from one branch to the next. */
interface Installer {
  /** What of `-v` its check_version looks for. */
  versions: string;
  ubuntu: string;
  /** The protocols that haproxy offers: without h2 since 4.0. */
  alpn: string;
}

/** bigbluebutton/bbb-install: v2.7.x-release@4f8ad4c426, v3.0.x-release@26ce2d16c2, and its script for 4.0. */
const INSTALLERS: Readonly<Record<string, Installer>> = {
  "2.7": { versions: "focal-27", ubuntu: "20.04 (focal)", alpn: "h2,http/1.1,stun.turn" },
  "3.0": { versions: "jammy-30", ubuntu: "22.04 (jammy)", alpn: "h2,http/1.1,stun.turn" },
  "4.0": { versions: "noble-4", ubuntu: "24.04 (noble)", alpn: "http/1.1,stun.turn" },
};

/** The lines that there is an installer for. */
export const INSTALLER_LINES = Object.keys(INSTALLERS);

/** Where a line's installer lies on the lab's web server: by the names of upstream's branches. */
export function installerPath(line: string): string {
  return `v${line}.x-release/bbb-install.sh`;
}

/** What the script is put together from; `main` comes first, and is called last. */
const PARTS = ["main", "packages", "nginx", "turn", "haproxy"];

/** The lab's bbb-install.sh of a line. */
export function installerScript(line: string): string {
  const installer = INSTALLERS[line];
  if (installer === undefined) throw new Error(`the lab has no installer for BigBlueButton ${line}`);
  const parts = PARTS.map((name) => readFileSync(join(__dirname, "installer", `${name}.sh`), "utf8"));
  const [first = "", ...others] = parts.map((part) => part.replace(/^# shellcheck.*\n/m, ""));
  const rest = others.map((part) => part.replace("#!/bin/bash\n", ""));
  const text = [first, ...rest, 'main "$@" || exit 1\n'].join("\n");
  const values = { LINE: line, VERSIONS: installer.versions, UBUNTU: installer.ubuntu, ALPN: installer.alpn };
  return Object.entries(values).reduce((script, [name, value]) => script.replaceAll(`@${name}@`, value), text);
}
