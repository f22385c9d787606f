// Lints the Python files and compares their format, with the ruff of requirements.txt: found on PATH or fetched by pip.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { pythonWith } from "./python.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const requirements = join(root, "test", "requirements.txt");
const version = /^ruff==(\S+)$/m.exec(readFileSync(requirements, "utf8"))[1];

function cacheFolder() {
  const { BBB_CLUSTER_CACHE, XDG_CACHE_HOME } = process.env;
  return BBB_CLUSTER_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bbb-cluster");
}

function findRuff() {
  const { stdout } = spawnSync("ruff", ["--version"], { encoding: "utf8" });
  return stdout?.trim() === `ruff ${version}` ? "ruff" : fetchRuff();
}

/** Makes a virtual environment once per version; it is whole when it has its name. */
function fetchRuff() {
  const folder = join(cacheFolder(), `ruff-${version}`);
  const ruff = join(folder, "bin", "ruff");
  if (existsSync(ruff)) return ruff;
  const scratch = `${folder}.${process.pid}`;
  console.log(`fetching ruff ${version} from PyPI into ${folder}`);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    must(pythonWith("ensurepip", "python3-venv"), "-m", "venv", scratch);
    must(join(scratch, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", requirements);
    rmSync(folder, { recursive: true, force: true });
    renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return ruff;
}

function must(command, ...args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`${[command, ...args].join(" ")}:\n${error?.message ?? `${stdout}${stderr}`.trim()}`);
}

try {
  const ruff = findRuff();
  const runs = [["check"], ["format", "--check"]].map((args) =>
    spawnSync(ruff, [...args, "--no-cache", "."], { cwd: root, stdio: "inherit" }),
  );
  process.exitCode = runs.every(({ status }) => status === 0) ? 0 : 1;
} catch (error) {
  console.error(`ruff ${version}, which looks over the Python files, cannot be had here: put it on PATH, or let`);
  console.error(`Python's venv and pip fetch it from PyPI.\n${error.message}`);
  process.exitCode = 1;
}
