import { writeFileSync } from "node:fs";

import { startLab } from "../fabric/start";
import type { Lab } from "../paths";
import { type Choices, configureStack } from "./configuration";
import { provideToolchain } from "./environment";
import { Pulumi } from "./pulumi";

/**
 * Brings the lab's cloud and then the cluster up, or to what the choices say.
 * @returns Pulumi's exit status
 */
export async function bringUp(lab: Lab, choices: Choices, progress: (line: string) => void): Promise<number> {
  // The cloud's own output and Pulumi's builds share the machine's cores; neither waits for the other.
  const [cloud, toolchain] = await Promise.allSettled([startLab(lab, progress), provideToolchain(lab, progress)]);
  if (toolchain.status === "rejected") throw toolchain.reason;
  if (cloud.status === "rejected") throw cloud.reason;
  const settings = cloud.value;
  const pulumi = new Pulumi(lab, settings);
  await pulumi.ensureStack();
  await pulumi.unlock(progress);
  await configureStack(lab, settings, pulumi, choices);
  const status = await pulumi.run("up", "--yes", "--skip-preview", "--non-interactive", "--suppress-outputs");
  if (status === 0) {
    await writeSshConfig(lab, pulumi);
  }
  return status;
}

async function writeSshConfig(lab: Lab, pulumi: Pulumi): Promise<void> {
  const pinned = await pulumi.read("stack", "output", "ssh");
  const own = ["", "Host *", `  IdentityFile ${lab.ssh.key}`, "  IdentitiesOnly yes", "  LogLevel ERROR", ""];
  writeFileSync(lab.ssh.config, `${pinned.trimEnd()}\n${own.join("\n")}`);
}
