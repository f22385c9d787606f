import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Signs Release files with a key that exists only as long as the signer. */
export interface Signer {
  /** Writes Release.gpg and InRelease beside the Release file in the folder `dists`. */
  sign(dists: string): void;
  /** Writes the public key, armoured, to `path`. */
  exportKey(path: string): void;
}

/** Makes a throw-away key named `name`, lends the signer to `work`, and destroys the key. */
export function withSigner(name: string, work: (signer: Signer) => void): void {
  const home = mkdtempSync(join(tmpdir(), "lab-signing-"));
  const gpg = (...args: string[]) =>
    execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", "--yes", "--passphrase", "", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
  try {
    gpg("--quick-generate-key", name, "ed25519", "sign", "never");
    work({
      sign: (dists) => {
        const release = join(dists, "Release");
        gpg("--output", join(dists, "Release.gpg"), "--armor", "--detach-sign", release);
        gpg("--output", join(dists, "InRelease"), "--clear-sign", release);
      },
      exportKey: (path) => writeFileSync(path, gpg("--armor", "--export", name)),
    });
  } finally {
    try {
      execFileSync("gpgconf", ["--homedir", home, "--kill", "all"], { stdio: "ignore" });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
}
