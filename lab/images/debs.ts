import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../fingerprint";
import { hostSources } from "./apt-sources";
import { run } from "./run";
import { type Suite, suites } from "./suites";

/** Changes when the wanted packages, or the base image that already has some of their dependencies, change. */
export function debsKey(suite: Suite, baseKey: string): string {
  return fingerprint([baseKey, suites[suite].installed]);
}

/** Downloads into `folder` the .debs that a machine with the root file system `base` lacks in order to install them. */
export async function downloadDebs(
  suite: Suite,
  folder: string,
  base: string,
  progress: (line: string) => void,
): Promise<void> {
  const work = join(folder, "apt");
  for (const part of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(work, part), { recursive: true });
  const options = aptOptions(suite, work, base);
  await run(["apt-get", ...options, "-q", "update"], { label: `package lists of ${suites[suite].title}`, progress });
  const install = ["apt-get", ...options, "-qy", "--download-only", "install", ...suites[suite].installed];
  await run(install, { label: `packages of ${suites[suite].title}`, progress });
  const archives = join(work, "cache/archives");
  for (const name of readdirSync(archives)) {
    // apt escapes the colon of an epoch in file names; a server would be asked for the plain name.
    if (name.endsWith(".deb")) renameSync(join(archives, name), join(folder, name.replace("%3a", "-")));
  }
  rmSync(work, { recursive: true });
}

/** Makes the host's apt see `base` as what is installed, and only Debian's sources, with files of its own below `work`. */
function aptOptions(suite: Suite, work: string, base: string): string[] {
  const settings: Record<string, string> = {
    "Dir::State": work,
    "Dir::State::lists": join(work, "lists"),
    "Dir::State::status": join(base, "var/lib/dpkg/status"),
    "Dir::Cache": join(work, "cache"),
    "APT::Sandbox::User": "root",
    "APT::Install-Recommends": "false",
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
  };
  const sources = hostSources(suite);
  if (sources.length > 0) {
    writeFileSync(join(work, "sources.list"), `${sources.join("\n")}\n`);
    settings["Dir::Etc::sourcelist"] = join(work, "sources.list");
    settings["Dir::Etc::sourceparts"] = "/dev/null";
  }
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}
