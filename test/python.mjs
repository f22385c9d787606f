import { spawnSync } from "node:child_process";

import { ensureDebianPackages } from "../lab/bin/debian-packages.mjs";

/** A Python that has a module; the distribution's comes first, because another one on PATH may lack it. */
export function pythonWith(module, debianPackage) {
  const has = (python) => spawnSync(python, ["-c", `import ${module}`]).status === 0;
  const find = () => ["/usr/bin/python3", "python3"].find(has);
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0) ensureDebianPackages(console.error, [debianPackage]);
  const installed = find();
  if (installed) return installed;
  throw new Error(`a Python with the module ${module} is needed; on Debian, as root: apt-get install ${debianPackage}`);
}
