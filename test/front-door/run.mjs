// Tests of nginx with the program's own files, as Debian has it: `node test/front-door/run.mjs [vitest's arguments]`.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { ensureDebianPackages } from "../../lab/bin/debian-packages.mjs";
import { debianRoot } from "../balancer/root.mjs";

const [, , ...named] = process.argv;
ensureDebianPackages(console.error, ["iproute2", "mmdebstrap", "nginx"]);
const vitest = fileURLToPath(new URL("../../node_modules/.bin/vitest", import.meta.url));
const enter = fileURLToPath(new URL("rig/enter.sh", import.meta.url));
// The load balancer's machine has another Debian than the proxy.
const env = { ...process.env, DEBIAN_13: debianRoot() };
const command = [vitest, "run", "--no-cache", "--project", "front-door", ...named];
process.exitCode = spawnSync(enter, command, { stdio: "inherit", env }).status ?? 1;
