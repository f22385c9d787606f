import type { Lab } from "../paths";
import { startAcme } from "./acme";
import { addresses, balancerName, infrastructureNames } from "./addresses";
import { startBalancer } from "./balancer";
import { ensureInfrastructureCa } from "./certificates";
import { Dns } from "./dns";
import { LinuxFabric } from "./linux-fabric";
import { forgetRunning } from "./machines";
import { prepareMounts } from "./mounts";
import { prepareNetwork } from "./network";
import { startPackageServer } from "./package-server";
import type { Settings } from "./settings";
import { startStorageBox } from "./storage-box";

/** Makes the namespaces of this process a cloud: network, DNS, ACME, packages, load balancer, Storage Box; resolves when all of it answers. */
export async function startCloud(lab: Lab, settings: Settings, log: (line: string) => void): Promise<LinuxFabric> {
  await forgetRunning(lab);
  await prepareMounts(lab);
  await prepareNetwork();
  const server = await ensureInfrastructureCa(lab);
  const names = { ...infrastructureNames, [balancerName(settings.domain)]: addresses.balancer };
  const dns = new Dns(lab.dns, log, names);
  await Promise.all([
    dns.start(),
    startAcme(lab, server, log),
    startPackageServer(settings.packages, server),
    startBalancer(lab, settings, log),
    startStorageBox(lab, settings, log),
  ]);
  return new LinuxFabric(lab, settings.bases, dns, log);
}
