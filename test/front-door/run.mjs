// Tests of nginx with the program's own files: `node test/front-door/run.mjs [--debian-13] [vitest's arguments]`. It is this
// machine's nginx, Debian 12's as a rule, or Debian 13's, which `proxyImage` may be, too.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureDebianPackages } from "../../lab/bin/debian-packages.mjs";
import { debianRoot } from "../balancer/root.mjs";

const named = process.argv.slice(2).filter((word) => word !== "--debian-13");
const isNewer = process.argv.includes("--debian-13");
ensureDebianPackages(console.error, ["iproute2", "mmdebstrap", "nginx", ...(isNewer ? ["patchelf"] : [])]);
const vitest = fileURLToPath(new URL("../../node_modules/.bin/vitest", import.meta.url));
const enter = fileURLToPath(new URL("rig/enter.sh", import.meta.url));
// The load balancer's machine has another Debian than the proxy.
const root = debianRoot();
const folder = mkdtempSync(join(tmpdir(), "front-door-"));

/** Debian 13's nginx, which finds its libraries where they are, so that it runs on this Debian. */
function newerNginx() {
  const nginx = join(folder, "nginx");
  const loader = process.arch === "arm64" ? "lib/ld-linux-aarch64.so.1" : "lib64/ld-linux-x86-64.so.2";
  const libraries = join(root, "usr/lib", process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
  const options = ["--set-interpreter", join(root, loader), "--force-rpath", "--set-rpath", libraries];
  const made = spawnSync("patchelf", [...options, "--output", nginx, join(root, "usr/sbin/nginx")], {
    stdio: "inherit",
  });
  if (made.status !== 0) throw new Error("Debian 13's nginx cannot be made to run here; why is above");
  return nginx;
}

try {
  const env = { ...process.env, DEBIAN_13: root, ...(isNewer ? { NGINX: newerNginx() } : {}) };
  const command = [vitest, "run", "--no-cache", "--project", "front-door", ...named];
  process.exitCode = spawnSync(enter, command, { stdio: "inherit", env }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
