import { execFileSync } from "node:child_process";

/** The Debian release that every machine of the lab runs. */
export const SUITE = "bookworm";

/** One line per configured Debian source: `deb URI SUITE main`; empty when this host has none for the suite. */
export function hostSources(): string[] {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const targets = execFileSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  });
  return debianSources(targets);
}

/** Of `URI SUITE COMPONENT` lines, those of Debian itself (main and its updates), as lines of a sources.list. */
export function debianSources(targets: string): string[] {
  const lines = targets
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([uri, suite, component]) => uri && isDebian(suite ?? "") && component === "main")
    .map(([uri, suite]) => `deb ${uri} ${suite} main`);
  return [...new Set(lines)];
}

function isDebian(suite: string): boolean {
  return [SUITE, `${SUITE}-updates`, `${SUITE}-security`].includes(suite);
}
