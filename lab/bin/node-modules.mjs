import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Runs `npm ci` if node_modules is missing or older than package-lock.json. */
export function ensureNodeModules(say) {
  const wanted = modified("package-lock.json");
  // The lab's own are missing after an installation of only what an operator of the real cloud needs.
  const isWhole = ["tsx", "hono"].every((name) => modified(`node_modules/${name}/package.json`) > 0);
  if (isWhole && modified("node_modules/.package-lock.json") >= wanted) return;
  say("installing the Node.js packages: npm ci");
  // Standard output belongs to the command that runs afterwards.
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: repository, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`npm ci failed with status ${status}; run it in ${repository} to see why`);
}

function modified(path) {
  return statSync(`${repository}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
