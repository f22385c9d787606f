// A Debian 13 with PostgreSQL and BBBLB as the balancer's machine has them, built once and kept.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { pythonWith } from "../python.mjs";

const SUITE = "trixie";
const PACKAGES = [
  ...["ca-certificates", "curl", "nginx", "openssl", "postgresql", "python3", "python3-venv", "python3-yaml"],
  "restic",
];
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
/** BBBLB in its folder; beside it, in one of their own, clients that ask it. */
const ENVIRONMENTS = [
  { folder: "/opt/bbblb", requirements: file("../../host/balancer/requirements.txt") },
  { folder: "/opt/clients", requirements: file("clients.txt") },
];

/** The folder of the root file system, which nobody changes. */
export function debianRoot() {
  const key = createHash("sha256")
    .update(JSON.stringify([SUITE, PACKAGES]))
    .update(ENVIRONMENTS.map(({ requirements }) => readFileSync(requirements, "utf8")).join(""));
  const folder = join(cacheFolder(), `balancer-${key.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const scratch = `${folder}.${process.pid}`;
  console.log(`building a Debian 13 with PostgreSQL and BBBLB in ${folder}`);
  mkdirSync(cacheFolder(), { recursive: true });
  try {
    bootstrap(scratch);
    installEnvironments(scratch);
    // Another run may have been faster.
    if (!existsSync(folder)) renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

function bootstrap(folder) {
  const options = ['Acquire::Languages "none"', 'APT::Install-Recommends "false"', 'Acquire::Retries "3"'];
  const contained = ["unshare", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
  const command = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", "--skip=output/dev"];
  const settings = options.map((option) => `--aptopt=${option}`);
  must(...contained, ...command, ...settings, `--include=${PACKAGES.join(",")}`, SUITE, folder, ...mirrors());
}

/** Where this machine has its own Debian from, Debian 13 is, too. */
function mirrors() {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const targets = must("apt-get", "indextargets", "--format", format, "Created-By: Packages");
  const sources = [...targets.matchAll(/^(\S*debian\S*) (bookworm|trixie)(-updates|-security)? main$/gm)];
  return [...new Set(sources.map(([, uri, , part = ""]) => `deb ${uri} ${SUITE}${part} main`))];
}

/** Each environment's wheels, by their hashes: fetched from here, installed there. */
function installEnvironments(folder) {
  const venv = mkdtempSync(join(tmpdir(), "bbb-cluster-"));
  const quiet = ["--quiet", "--disable-pip-version-check", "--require-hashes"];
  try {
    must(pythonWith("ensurepip", "python3-venv"), "-m", "venv", venv);
    for (const environment of ENVIRONMENTS) {
      const there = `/var/cache/wheels${environment.folder}`;
      const wheels = join(folder, there);
      const wanted = ["--no-deps", "--requirement", environment.requirements];
      must(join(venv, "bin/pip"), "download", ...quiet, ...target(), ...wanted, "--dest", wheels);
      must("cp", environment.requirements, join(wheels, "requirements.txt"));
      must("chroot", folder, "python3", "-m", "venv", environment.folder);
      const install = ["install", ...quiet, "--no-index", "--find-links", there, "-r", `${there}/requirements.txt`];
      must("chroot", folder, `${environment.folder}/bin/pip`, ...install);
    }
    must("chroot", folder, "useradd", "--system", "--home-dir", "/var/lib/bbblb", "bbblb");
  } finally {
    rmSync(venv, { recursive: true, force: true });
  }
}

/** What Debian 13's Python takes, said to the Python that is here. */
function target() {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const minors = Array.from({ length: 37 }, (_, index) => `manylinux_2_${41 - index}_${machine}`);
  const platforms = [...minors, `manylinux2014_${machine}`].flatMap((platform) => ["--platform", platform]);
  const abis = ["cp313", "abi3", "none"].flatMap((abi) => ["--abi", abi]);
  return ["--only-binary=:all:", "--python-version", "3.13", "--implementation", "cp", ...abis, ...platforms];
}

function cacheFolder() {
  const { BBB_CLUSTER_CACHE, XDG_CACHE_HOME } = process.env;
  return BBB_CLUSTER_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bbb-cluster");
}

function must(program, ...args) {
  const env = { ...process.env, LC_ALL: "C.UTF-8" };
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env });
  if (status === 0) return stdout;
  const said = error?.message ?? `${stdout}${stderr}`.trim().split("\n").slice(-20).join("\n");
  throw new Error(`${program} ${args[0]} failed:\n${said}`);
}
