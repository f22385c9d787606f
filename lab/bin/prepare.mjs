import { ensureDebianPackages } from "./debian-packages.mjs";
import { ensureNodeModules } from "./node-modules.mjs";

const say = (line) => process.stderr.write(`${line}\n`);

/** Sees to it that a checkout can be worked with: the right Node.js, and the packages from npm. */
export function prepareCheckout() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    throw new Error(`Node.js 20.20 or newer is needed, this is ${process.versions.node}`);
  }
  ensureNodeModules(say);
}

/** Sees to it that the lab can run on this machine, and that the Debian packages are there. */
export function prepareMachine(debianPackages) {
  if (process.platform !== "linux" || process.getuid() !== 0) {
    throw new Error("the lab needs root on Linux, for it makes network namespaces and boots machines: run it as root");
  }
  ensureDebianPackages(say, debianPackages);
  prepareCheckout();
}
