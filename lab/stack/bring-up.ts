import { writeFileSync } from "node:fs";

import { startLab } from "../fabric/start";
import type { Lab } from "../paths";
import { type Choices, configureStack } from "./configuration";
import { provideToolchain } from "./environment";
import type { Log } from "./log";
import { Pulumi } from "./pulumi";

/**
 * Brings the lab's cloud and then the cluster up, or to what the choices say.
 * @returns Pulumi's exit status
 */
export async function bringUp(lab: Lab, choices: Choices, log: Log): Promise<number> {
  // The cloud's own output and Pulumi's builds share the machine's cores; neither waits for the other.
  const [cloud, toolchain] = await Promise.allSettled([
    startLab(lab, log.line, choices.domain),
    provideToolchain(lab, log.line),
  ]);
  if (toolchain.status === "rejected") throw toolchain.reason;
  if (cloud.status === "rejected") throw cloud.reason;
  const settings = cloud.value;
  const pulumi = new Pulumi(lab, settings);
  await pulumi.ensureStack();
  await pulumi.unlock(log.line);
  await configureStack(lab, settings, pulumi, choices);
  log.clear();
  const status = await pulumi.run("up", "--yes", "--skip-preview", "--suppress-outputs");
  // What failed on one machine does not keep the others from being reached.
  const hosts = await pulumi.read("stack", "output", "ssh").catch(() => undefined);
  if (hosts !== undefined) writeFileSync(lab.ssh.hosts, hosts);
  return status;
}
