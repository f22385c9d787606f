// Has gixy look over nginx's configuration: the proxy's for each kind of client, and the load balancer's.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { pythonTool } from "./python-tool.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gixy-"));

/** The configuration as `nginx -T` shows it, which is what gixy reads. */
function configuration(what) {
  const tsx = join(root, "node_modules", ".bin", "tsx");
  const { status, stdout } = spawnSync(tsx, ["test/front-door/rig/dump.ts", what], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error("the program cannot say what nginx's files are; why is above");
  const file = join(folder, `${what}.conf`);
  writeFileSync(file, stdout);
  return file;
}

try {
  const [gixy, ...options] = pythonTool("gixy");
  const files = ["2.7", "3.0", "balancer"].map(configuration);
  process.exitCode = spawnSync(gixy, [...options, ...files], { stdio: "inherit" }).status ?? 1;
} catch (error) {
  console.error(`gixy, which looks over nginx's files, cannot be had here: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
