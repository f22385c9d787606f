import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program that the browser test needs, and the Debian package that brings it. */
const NEEDED = [
  { program: "/usr/bin/chromium", debian: "chromium" },
  { program: "/usr/bin/certutil", debian: "libnss3-tools" },
  { program: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", debian: "fonts-dejavu-core" },
];

/** Installs Debian's Chromium where it is missing: more than 100 MB, which only the browser test needs. */
export function ensureChromium(say: (line: string) => void): void {
  const missing = NEEDED.filter(({ program }) => !existsSync(program)).map(({ debian }) => debian);
  if (missing.length === 0) return;
  say(`installing the Debian packages ${missing.join(", ")} for the browser test (Chromium is more than 100 MB)`);
  apt("update");
  apt("install", "--yes", "--no-install-recommends", ...missing);
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const command = ["-q", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0", ...args];
  const { status } = spawnSync("apt-get", command, { env, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`apt-get ${args.join(" ")} failed with status ${status}; what it said is above`);
}
