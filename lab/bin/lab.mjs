// Entry of `npm run lab`: makes sure that what the lab needs is installed, then hands over to lab/cli/main.ts.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ensureDebianPackages, labPackages } from "./debian-packages.mjs";
import { ensureNodeModules } from "./node-modules.mjs";

const say = (line) => process.stderr.write(`${line}\n`);

function wantsHelp(args) {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

function checkMachine() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    throw new Error(`the lab needs Node.js 20.20 or newer, this is ${process.versions.node}`);
  }
  if (process.platform !== "linux" || process.getuid() !== 0) {
    throw new Error("the lab needs root on Linux, for it makes network namespaces and boots machines: run it as root");
  }
}

async function main(args) {
  // Help is for everybody, on any machine.
  if (!wantsHelp(args)) {
    checkMachine();
    ensureDebianPackages(say, labPackages);
  }
  ensureNodeModules(say);
  const require = createRequire(import.meta.url);
  require("tsx/cjs/api").register();
  await require(fileURLToPath(new URL("../cli/main.ts", import.meta.url))).main(args);
}

main(process.argv.slice(2)).catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
