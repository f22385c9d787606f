import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Runs `npm ci` unless exactly the packages of package-lock.json are installed, the lab's among them. */
export function ensureNodeModules(say) {
  if (isInstalled(read("package-lock.json").packages)) return;
  say("installing the Node.js packages: npm ci");
  // Standard output belongs to the command that runs afterwards.
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: repository, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`npm ci failed with status ${status}; run it in ${repository} to see why`);
}

function isInstalled(packages) {
  return Object.entries(packages).every(([path, { version, optional, link }]) => {
    // Optional ones are for other systems; a link leads to a folder of this repository.
    if (optional || link || !path.includes("node_modules/")) return true;
    const file = `${path}/package.json`;
    return existsSync(`${repository}${file}`) && read(file).version === version;
  });
}

function read(path) {
  return JSON.parse(readFileSync(`${repository}${path}`, "utf8"));
}
