import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Lab } from "../paths";
import { quote } from "./shell";

/** What a wrapper runs: a program found on the caller's PATH, with arguments that come first. */
export interface Wrapped {
  name: string;
  arguments: string[];
}

/** The wrappers of a lab, first on PATH after `npm run lab -- env`. */
export function wrapped(lab: Lab): Wrapped[] {
  const ssh = ["-F", lab.ssh.config];
  return [
    { name: "pulumi", arguments: [] },
    { name: "hcloud", arguments: [] },
    { name: "curl", arguments: [] },
    { name: "ssh", arguments: ssh },
    { name: "scp", arguments: ssh },
  ];
}

/** A sh script that runs the real program within the lab's namespaces, in the current folder. */
export function renderWrapper(lab: Lab, { name, arguments: fixed }: Wrapped): string {
  const args = fixed.map((argument) => `${quote(argument)} `).join("");
  return `#!/bin/sh
# ${name} within the lab ${quote(lab.name)}
PATH=$(printf %s "$PATH" | awk -v RS=: -v ORS=: -v bin=${quote(lab.bin)} '$0 != bin')
PATH=\${PATH%:}
export PATH
program=$(command -v ${name}) || { echo "${name} is not installed" >&2; exit 127; }
read -r pid namespace 2>/dev/null < ${quote(lab.init)}
[ "$(readlink /proc/self/ns/pid)" = "$namespace" ] && exec "$program" ${args}"$@"
if [ -z "$pid" ] || [ "$(readlink "/proc/$pid/ns/pid" 2>/dev/null)" != "$namespace" ]; then
  echo 'the lab "${lab.name}" is down; start it with: npm run lab -- up' >&2
  exit 1
fi
exec nsenter --target="$pid" --mount --net --pid --ipc --uts --wdns="$PWD" -- "$program" ${args}"$@"
`;
}

/** Writes the wrappers into the lab's folder. */
export async function writeWrappers(lab: Lab): Promise<void> {
  await mkdir(lab.bin, { recursive: true });
  for (const program of wrapped(lab)) {
    await writeFile(join(lab.bin, program.name), renderWrapper(lab, program), { mode: 0o755 });
  }
}
