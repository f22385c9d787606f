import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import type { Lab } from "../paths";
import { addresses } from "./addresses";
import { run } from "./shell";

/** Makes the supervisor's mount namespace the lab's: an empty /run of its own, the lab's resolver and trusted roots. */
export async function prepareMounts(lab: Lab): Promise<void> {
  await run("mount", ["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
  for (const folder of ["/run/netns", "/run/lock"]) await mkdir(folder, { recursive: true });
  const resolver = join(lab.folder, "resolv.conf");
  await writeFile(resolver, `nameserver ${addresses.dns.ipv4}\n`);
  await cover("/etc/resolv.conf", resolver);
  await cover("/etc/ssl/certs/ca-certificates.crt", lab.caBundle);
}

async function cover(file: string, by: string): Promise<void> {
  const target = followLinks(file);
  if (!existsSync(target)) {
    // Typical for /etc/resolv.conf: a link into /run, which is empty here.
    if (!target.startsWith("/run/"))
      throw new Error(`${file} does not exist, and the lab has to replace it for itself`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, "");
  }
  await run("mount", ["--bind", by, target]);
}

function followLinks(file: string): string {
  let target = file;
  for (let hops = 0; hops < 10 && lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink(); hops++) {
    target = resolve(dirname(target), readlinkSync(target));
  }
  return target;
}
