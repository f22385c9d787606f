import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Lab } from "../paths";
import { quote } from "./shell";

/** What a wrapper runs: a program found on the caller's PATH, with arguments that come first. */
export interface Wrapped {
  name: string;
  arguments?: string[];
  /** Shell lines after `enter` is known and before the program is run in the lab. */
  before?: string;
}

/** The wrappers of a lab, first on PATH after `npm run lab -- env`. */
export function wrapped(lab: Lab): Wrapped[] {
  const ssh = ["-F", lab.ssh.config];
  return [
    { name: "pulumi", before: renderRefresh(lab) },
    { name: "npm", before: renderPassing(lab) },
    { name: "hcloud" },
    { name: "curl" },
    { name: "ssh", arguments: ssh },
    { name: "scp", arguments: ssh },
  ];
}

/** A sh script that runs the real program within the lab's namespaces, in the current folder. */
export function renderWrapper(lab: Lab, { name, arguments: fixed = [], before = "" }: Wrapped): string {
  const args = fixed.map((argument) => `${quote(argument)} `).join("");
  return `#!/bin/sh
# ${name} within the lab ${quote(lab.name)}
whole=$PATH
PATH=$(printf %s "$PATH" | awk -v RS=: -v ORS=: -v bin=${quote(lab.bin)} '$0 != bin')
PATH=\${PATH%:}
export PATH
program=$(command -v ${name}) || { echo "${name} is not installed" >&2; exit 127; }
enter() {
  read -r pid namespace 2>/dev/null < ${quote(lab.init)}
  [ "$(readlink /proc/self/ns/pid)" = "$namespace" ] && { \${now-} "$@"; return; }
  if [ -z "$pid" ] || [ "$(readlink "/proc/$pid/ns/pid" 2>/dev/null)" != "$namespace" ]; then
    echo 'the lab "${lab.name}" is down; start it with: npm run lab -- up' >&2
    return 1
  fi
  \${now-} nsenter --target="$pid" --mount --net --pid --ipc --uts --wdns="$PWD" -- "$@"
}
${before}now=exec
enter "$program" ${args}"$@"
`;
}

/** After a run that may have changed machines SSH has to know them as they are now. */
function renderRefresh(lab: Lab): string {
  const hosts = quote(lab.ssh.hosts);
  return `case " $* " in
  *" up "* | *" update "* | *" destroy "*)
    # Ctrl-C is Pulumi's to take.
    trap : INT
    enter "$program" "$@"
    status=$?
    enter "$program" stack output ssh > ${hosts}.new 2>/dev/null && mv ${hosts}.new ${hosts}
    rm -f ${hosts}.new
    exit $status
    ;;
esac
`;
}

const stackScripts = [
  ...["status", "verify", "drift", "cordon", "uncordon", "leave", "rollout"],
  ...["image", "recover", "rotate"],
];

/** Only the scripts that act on the stack run in the lab; all else is the caller's own npm. */
function renderPassing(lab: Lab): string {
  return `words=
for word; do
  case $word in -*) ;; *) words="$words $word" ;; esac
done
case "$words " in
  ${stackScripts.map((script) => `" run ${script} "*`).join(" | ")}) ;;
  *)
    PATH=$whole
    exec "$program" "$@"
    ;;
esac
NODE_EXTRA_CA_CERTS=${quote(lab.caCertificates)}
export NODE_EXTRA_CA_CERTS
`;
}

/** How SSH reaches the machines of the stack, with the lab's key. */
export function renderSshConfig({ ssh: { hosts, key } }: Lab): string {
  const own = ["Host *", `  IdentityFile "${key}"`, "  IdentitiesOnly yes", "  LogLevel ERROR", ""];
  return [`Include "${hosts}"`, ...own].join("\n");
}

/** Writes the wrappers into the lab's folder. */
export async function writeWrappers(lab: Lab): Promise<void> {
  await mkdir(lab.bin, { recursive: true });
  for (const program of wrapped(lab)) {
    await writeFile(join(lab.bin, program.name), renderWrapper(lab, program), { mode: 0o755 });
  }
}
