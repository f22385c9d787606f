import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { pythonWith } from "./python.mjs";

const requirements = readFileSync(new URL("requirements.txt", import.meta.url), "utf8");

/** The command of a tool of requirements.txt, in that version: found on PATH, or fetched by pip. */
export function pythonTool(name) {
  const version = new RegExp(`^${name}==(\\S+)$`, "m").exec(requirements)[1];
  const { stdout } = spawnSync(name, ["--version"], { encoding: "utf8" });
  if (stdout?.trim().endsWith(` ${version}`)) return [name];
  try {
    const folder = fetchTool(name, version);
    const tool = join(folder, "bin", name);
    // A script names the Python of the folder in which it was made.
    return readFileSync(tool, "latin1").startsWith("#!") ? [join(folder, "bin", "python"), tool] : [tool];
  } catch (error) {
    throw new Error(
      `put ${name} ${version} on PATH, or let Python's venv and pip fetch it from PyPI.\n${error.message}`,
    );
  }
}

/** Makes a virtual environment once per version; it is whole when it has its name. */
function fetchTool(name, version) {
  const folder = join(cacheFolder(), `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const scratch = `${folder}.${process.pid}`;
  console.log(`fetching ${name} ${version} from PyPI into ${folder}`);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    must(pythonWith("ensurepip", "python3-venv"), "-m", "venv", scratch);
    must(join(scratch, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", `${name}==${version}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

function cacheFolder() {
  const { BBB_CLUSTER_CACHE, XDG_CACHE_HOME } = process.env;
  return BBB_CLUSTER_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bbb-cluster");
}

function must(command, ...args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`${[command, ...args].join(" ")}:\n${error?.message ?? `${stdout}${stderr}`.trim()}`);
}
