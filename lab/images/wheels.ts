import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { fingerprint } from "../fingerprint";
import { run } from "./run";

/** What the load balancer's machine installs from PyPI, each pinned by its hashes. */
const requirements = resolve(__dirname, "../../host/balancer/requirements.txt");

/** Changes when a wheel that is wanted changes. */
export function wheelsKey(): string {
  return fingerprint(["cp313"], [resolve(requirements, "..")]);
}

/** Fills `folder` with the wheels, as Debian 13's Python takes them, and makes it an index that pip reads (PEP 503). */
export async function downloadWheels(folder: string, progress: (line: string) => void): Promise<void> {
  const work = join(folder, "work");
  const wanted = ["--require-hashes", "--no-deps", "--requirement", requirements, "--dest", work];
  const pip = ["/usr/bin/python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check"];
  await run([...pip, ...target(), ...wanted], { label: "wheels from PyPI", progress });
  writeIndex(folder, work);
}

/** What Debian 13's Python takes, said to the Python that is here. */
function target(): string[] {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const minors = Array.from({ length: 25 }, (_, index) => `manylinux_2_${41 - index}_${machine}`);
  const platforms = [...minors, `manylinux2014_${machine}`].flatMap((platform) => ["--platform", platform]);
  const abis = ["cp313", "abi3", "none"].flatMap((abi) => ["--abi", abi]);
  return ["--only-binary=:all:", "--python-version", "3.13", "--implementation", "cp", ...abis, ...platforms];
}

/** Moves the wheels of each project into a folder of its name, with a page that links to them. */
export function writeIndex(folder: string, wheels: string): void {
  for (const wheel of readdirSync(wheels)) {
    const project = (wheel.split("-")[0] ?? wheel).replaceAll(/[-_.]+/g, "-").toLowerCase();
    const place = join(folder, "simple", project);
    mkdirSync(place, { recursive: true });
    renameSync(join(wheels, wheel), join(place, wheel));
    writeFileSync(join(place, "index.html"), `<!doctype html>\n<a href="${wheel}">${wheel}</a>\n`);
  }
}
