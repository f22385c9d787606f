import type { Lab } from "../paths";
import { startAcme } from "./acme";
import { ensureInfrastructureCa } from "./certificates";
import { Dns } from "./dns";
import { LinuxFabric } from "./linux-fabric";
import { forgetRunning } from "./machines";
import { prepareMounts } from "./mounts";
import { prepareNetwork } from "./network";
import { startPackageServer } from "./package-server";
import type { Settings } from "./settings";

/** Makes the namespaces of this process a cloud: network, DNS, ACME, packages; resolves when all of it answers. */
export async function startCloud(lab: Lab, settings: Settings, log: (line: string) => void): Promise<LinuxFabric> {
  await forgetRunning(lab);
  await prepareMounts(lab);
  await prepareNetwork();
  const server = await ensureInfrastructureCa(lab);
  const dns = new Dns(lab.dns, log);
  await Promise.all([
    dns.start().then(() => dns.publish([])),
    startAcme(lab, server, log),
    startPackageServer(settings.packages, server),
  ]);
  return new LinuxFabric(lab, settings.base, dns, log);
}
