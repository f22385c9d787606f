// Says what of the host programs the oldest Python that they run on does not know: Ubuntu 20.04's, with BigBlueButton 2.7.
// Such a Python is hardly to be had any more. mypy knows what each one has: what it says of the oldest and not of a new one.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { pythonTool } from "./python-tool.mjs";

const oldest = "3.8";
const newest = "3.13";
const cwd = fileURLToPath(new URL("../host", import.meta.url));

try {
  const [mypy, ...options] = pythonTool("mypy");
  const complaints = (version) => {
    const check = ["--check-untyped-defs", "--ignore-missing-imports", "--no-error-summary", "--cache-dir=/dev/null"];
    // BBBLB's guard runs in BBBLB's own Python.
    const what = ["--python-version", version, "--exclude", "guard/", "-p", "bbb_cluster"];
    const { stdout, stderr, status } = spawnSync(mypy, [...options, ...check, ...what], { cwd, encoding: "utf8" });
    if (status === null || status > 1) throw new Error(stderr || stdout);
    return stdout.split("\n").filter((line) => line.includes(": error: "));
  };
  // By place and kind: the same type has another name in each.
  const kind = (line) => line.replace(/: error: .*(?=\[)/, " ");
  const known = new Set(complaints(newest).map(kind));
  const unknown = complaints(oldest).filter((line) => !known.has(kind(line)));
  for (const line of unknown) console.error(`not in Python ${oldest}: host/${line}`);
  console.log(`${unknown.length} things of the host programs are not in Python ${oldest}`);
  process.exitCode = unknown.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`mypy, which knows what Python ${oldest} has, cannot be had here: ${error.message}`);
  process.exitCode = 1;
}
