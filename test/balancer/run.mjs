// Tests of the balancer with the real BBBLB on the real PostgreSQL: `node test/balancer/run.mjs [unittest's arguments]`.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { ensureDebianPackages } from "../../lab/bin/debian-packages.mjs";
import { debianRoot } from "./root.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const tsx = fileURLToPath(new URL("../../node_modules/.bin/tsx", import.meta.url));
const [, , ...named] = process.argv;
const modules = readdirSync(here).flatMap((name) => name.match(/^(test_\w+)\.py$/)?.[1] ?? []);

/** Runs tests in a Debian of their own, and shows what they said when they have ended. */
function run(root, names) {
  return new Promise((resolve) => {
    const child = spawn(`${here}rig/enter.sh`, [root, ...names], { stdio: ["ignore", "pipe", "pipe"], env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.on("close", (status) => {
      console.log(`${names.join(" ")}\n${output}`);
      resolve(status === 0);
    });
  });
}

ensureDebianPackages(console.error, ["iproute2", "mmdebstrap"]);
const root = debianRoot();
const files = execFileSync(tsx, [`${here}rig/files.ts`], { encoding: "utf8" });
const env = { ...process.env, NODE: process.execPath, BALANCER_FILES: files };
// They wait most of the time: side by side they take as long as the longest.
const results = await Promise.all(named.length > 0 ? [run(root, named)] : modules.map((name) => run(root, [name])));
process.exitCode = results.every(Boolean) ? 0 : 1;
