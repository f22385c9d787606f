import { execFileSync } from "node:child_process";

import { type Suite, suiteNames } from "./suites";

/** One line per configured Debian source, for the suite: `deb URI SUITE main`; empty when this host has none. */
export function hostSources(suite: Suite): string[] {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const targets = execFileSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  });
  return debianSources(targets, suite);
}

/**
 * Of `URI SUITE COMPONENT` lines, those of Debian itself (main and its updates), as lines of a sources.list for the suite:
 * where a mirror has one release of Debian, it has the others.
 */
export function debianSources(targets: string, suite: Suite): string[] {
  const lines = targets
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([uri, from, component]) => uri && isDebian.test(from ?? "") && component === "main")
    .map(([uri, from]) => `deb ${uri} ${from?.replace(/^[a-z]+/, suite)} main`);
  return [...new Set(lines)];
}

const isDebian = new RegExp(`^(${suiteNames.join("|")})(-updates|-security)?$`);
