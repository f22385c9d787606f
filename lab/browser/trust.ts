import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Makes `home` the home of a browser that trusts the roots in `pem`; what was there before is removed. */
export function makeHome(home: string, pem: string): void {
  const database = join(home, ".pki/nssdb");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(database, { recursive: true });
  certutil(database, ["-N", "--empty-password"]);
  const roots = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  for (const [index, root] of roots.entries()) {
    certutil(database, ["-A", "-n", `root ${index + 1} of the lab`, "-t", "C,,", "-a"], root);
  }
}

function certutil(database: string, args: string[], input = ""): void {
  execFileSync("certutil", ["-d", `sql:${database}`, ...args], { input, stdio: ["pipe", "ignore", "pipe"] });
}
