import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

import { renderCloudInit } from "../../plan/cloud-init";
import { renderSshConfig } from "../../plan/ssh-config";
import { deriveSshIdentity } from "../../plan/ssh-identity";
import { type Ssh, withReach } from "../ssh";
import type { Progress } from "../terminal";

/** Where `bbb-cluster seal` looks for the permission to take everything away. */
const mark = "/run/bbb-cluster-copy";
const bootMinutes = 10;
const sealSeconds = 3600;
const pauseMilliseconds = 2000;
const sealed = z.looseObject({ sealed: z.literal(true), release: z.string() });

/** Who hears of work on a copy, and what ends it. */
export interface CopyWork {
  progress: Pick<Progress, "say" | "wait">;
  signal: AbortSignal;
}

/** A copy of a node, with keys of its own that nobody knows before or after. */
export class Copy {
  readonly name: string;
  /** What it has to know at its first boot; it belongs to no other machine. */
  readonly userData: string;
  private readonly hostPublicKey: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "bbb-cluster-"));

  constructor(private readonly node: string) {
    const secret = randomBytes(32).toString("hex");
    const [hostKey, login] = [deriveSshIdentity(secret, "host"), deriveSshIdentity(secret, "login")];
    this.name = `${node}-copy`;
    this.hostPublicKey = hostKey.publicKey;
    const early = [`touch ${mark}`];
    this.userData = renderCloudInit({ hostname: this.name, hostKey, authorizedKeys: [login.publicKey], early });
    writeFileSync(this.key, login.privateKey, { mode: 0o600 });
  }

  /** Takes everything of the node away, when the copy can be reached; resolves to the release that was on it. */
  async seal(address: string, { progress, signal }: CopyWork): Promise<string> {
    const { name, hostPublicKey } = this;
    const host = renderSshConfig([{ name, hostname: name, address, hostPublicKey }]);
    const config = `${host.trimEnd()}\n  IdentityFile "${this.key}"\n  IdentitiesOnly yes\n`;
    return withReach({ ssh: config }, undefined, async ({ ssh }) => {
      progress.wait("waits until the copy can be reached");
      await this.reach(ssh, signal);
      const help = await ssh(name, "bbb-cluster --help");
      if (!/^ {2}seal /m.test(help)) throw new Error(`${this.node} has older programs: run pulumi up, then again`);
      progress.wait("takes the node's secrets, keys, ids and data away, and looks for what is left");
      signal.throwIfAborted();
      const said = await Promise.race([ssh(name, "bbb-cluster seal", { seconds: sealSeconds }), aborted(signal)]);
      return sealed.parse(JSON.parse(said)).release;
    });
  }

  /** Forgets the key by which it is reached. */
  forget(): void {
    rmSync(this.folder, { recursive: true });
  }

  private get key(): string {
    return join(this.folder, "key");
  }

  private async reach(ssh: Ssh, signal: AbortSignal): Promise<void> {
    const end = Date.now() + bootMinutes * 60_000;
    for (;;) {
      try {
        // By its mark it is known that cloud-init has given it the keys of its own.
        return void (await ssh(this.name, `test -e ${mark}`));
      } catch (error) {
        if (Date.now() > end) throw new Error(`the copy cannot be reached after ${bootMinutes} minutes: ${error}`);
      }
      await delay(pauseMilliseconds, undefined, { signal });
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
