import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const policyFile = "/usr/sbin/policy-rc.d";
const policy = "#!/bin/sh\n# bbb-cluster lab: nothing is started while its packages are installed\nexit 101\n";

/** The Debian packages that the lab needs. */
export const labPackages = JSON.parse(readFileSync(new URL("../packages.json", import.meta.url), "utf8"));

/** Installs those of the Debian packages that are missing; services they bring stay off. */
export function ensureDebianPackages(say, wanted) {
  if (!isDebian()) {
    throw new Error(`the packages ${wanted.join(", ")} of Debian 12 or newer are needed: this is another system`);
  }
  removeOwnPolicy();
  const missing = missingOf(wanted);
  if (missing.length === 0) return;
  say(`installing the Debian packages ${missing.join(", ")}`);
  withoutServices(() => {
    apt(["update"]);
    apt(["install", "--yes", "--no-install-recommends", ...missing]);
  });
  for (const service of ["haproxy", "nginx", "unbound"]) if (missing.includes(service)) switchOff(`${service}.service`);
}

function isDebian() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^ID="?debian"?$/m.test(release) && Number(/^VERSION_ID="?(\d+)/m.exec(release)?.[1] ?? 99) >= 12;
}

/** What an earlier run left behind that was killed while it installed. */
function removeOwnPolicy() {
  const saved = `${policyFile}.before-bbb-cluster`;
  if (existsSync(policyFile) && readFileSync(policyFile, "utf8") === policy) rmSync(policyFile);
  if (existsSync(saved)) renameSync(saved, policyFile);
}

function missingOf(wanted) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces are dpkg-query's
  const { stdout } = spawnSync("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n", ...wanted], {
    encoding: "utf8",
  });
  const installed = new Set(
    stdout
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const command = ["-q", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0", ...args];
  // Standard output belongs to the command that runs afterwards.
  const { status } = spawnSync("apt-get", command, { env, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`apt-get ${args.join(" ")} failed with status ${status}; what it said is above`);
}

/** Has Debian's own switch forbid every start of a service meanwhile, and puts it back as it was. */
function withoutServices(work) {
  const saved = `${policyFile}.before-bbb-cluster`;
  if (existsSync(policyFile) && readFileSync(policyFile, "utf8") !== policy) renameSync(policyFile, saved);
  writeFileSync(policyFile, policy);
  chmodSync(policyFile, 0o755);
  try {
    work();
  } finally {
    removeOwnPolicy();
  }
}

/** The lab and the tests start their own; the host's are none of their business, at the next boot either. */
function switchOff(unit) {
  if (existsSync("/usr/bin/systemctl")) spawnSync("systemctl", ["disable", unit], { stdio: "ignore" });
}
