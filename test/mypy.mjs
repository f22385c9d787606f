import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { pythonTool } from "./python-tool.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What mypy says of `what`, its arguments, in a folder from which the modules of `path` can be imported, a line each. */
export function complaints(folder, what, { version, path = [] }) {
  const [mypy, ...options] = pythonTool("mypy");
  const check = ["--check-untyped-defs", "--ignore-missing-imports", "--no-error-summary", "--cache-dir=/dev/null"];
  const env = { ...process.env, MYPYPATH: path.map((one) => join(root, one)).join(delimiter) };
  const args = [...options, ...check, "--python-version", version, ...what];
  const { stdout, stderr, status } = spawnSync(mypy, args, { cwd: join(root, folder), encoding: "utf8", env });
  if (status === null || status > 1) throw new Error(stderr || stdout);
  return stdout.split("\n").filter((line) => line.includes(": error: "));
}
