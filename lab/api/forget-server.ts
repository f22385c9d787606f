import { type Cloud, publishSoon } from "./cloud";
import { forgetTarget } from "./load-balancers/targets";
import type { Server } from "./model";
import { releaseAddresses } from "./primary-addresses";
import { releaseVolumes } from "./volumes";

/** Takes a server off file with everything that hangs on it; its explicit addresses stay and become free. */
export function forgetServer(cloud: Cloud, server: Readonly<Server>): void {
  const { firewalls, servers } = cloud.store;
  releaseAddresses(cloud, server);
  releaseVolumes(cloud.store, server);
  for (const firewall of firewalls.all().filter((each) => each.servers.includes(server.id))) {
    firewalls.update(firewall, { servers: firewall.servers.filter((id) => id !== server.id) });
  }
  forgetTarget(cloud.store, server.id);
  servers.remove(server.id);
  publishSoon(cloud);
}
