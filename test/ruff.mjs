// Lints the Python files and compares their format.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { pythonTool } from "./python-tool.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

try {
  const [ruff, ...options] = pythonTool("ruff");
  const runs = [["check"], ["format", "--check"]].map((args) =>
    spawnSync(ruff, [...options, ...args, "--no-cache", "."], { cwd: root, stdio: "inherit" }),
  );
  process.exitCode = runs.every(({ status }) => status === 0) ? 0 : 1;
} catch (error) {
  console.error(`ruff, which looks over the Python files, cannot be had here: ${error.message}`);
  process.exitCode = 1;
}
