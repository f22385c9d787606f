import type { Cloud } from "./cloud";
import { forgetServer } from "./forget-server";
import type { Nic, Server } from "./model";

const bootsAtOnce = 4;

/** Goes on where the last process stopped: half-done changes are completed, machines booted, names published. */
export async function recover(cloud: Cloud): Promise<void> {
  repairReferences(cloud);
  const failed = new Set<number>();
  const waiting = cloud.store.servers.all();
  const next = async (): Promise<void> => {
    for (let server = waiting.shift(); server; server = waiting.shift()) await bringBack(cloud, server, failed);
  };
  await Promise.all(Array.from({ length: bootsAtOnce }, next));
  await bringBackBalancers(cloud);
  cloud.actions.finishInterrupted(failed);
  await cloud.names.publish();
  cloud.store.flush();
}

// A kill between two files may leave references to a server that never got on file.
function repairReferences({ store }: Cloud): void {
  const isThere = (id: number) => store.servers.get(id) !== undefined;
  for (const ip of store.primaryIps.all().filter((each) => each.server !== null && !isThere(each.server))) {
    if (ip.autoDelete) store.primaryIps.remove(ip.id);
    else store.primaryIps.update(ip, { server: null });
  }
  for (const volume of store.volumes.all().filter((each) => each.server !== null && !isThere(each.server))) {
    store.volumes.update(volume, { server: null });
  }
  for (const balancer of store.loadBalancers.all()) {
    const targets = balancer.targets.filter((target) => target.type !== "server" || isThere(target.server));
    if (targets.length < balancer.targets.length) store.loadBalancers.update(balancer, { targets });
  }
  // Nobody knows how much of the disk was copied.
  for (const { id } of store.snapshots.all().filter(({ status }) => status === "creating")) store.snapshots.remove(id);
  for (const firewall of store.firewalls.all().filter((each) => !each.servers.every(isThere))) {
    store.firewalls.update(firewall, { servers: firewall.servers.filter(isThere) });
  }
}

// As with servers, what was being attached is attached, and what was being detached is gone.
async function bringBackBalancers({ store, balancers, log }: Cloud): Promise<void> {
  for (const balancer of store.loadBalancers.all()) {
    const { nic } = balancer;
    if (nic !== null) store.loadBalancers.update(balancer, { nic: nic.state === "detaching" ? null : attached(nic) });
  }
  await balancers.applyAll().catch((error: Error) => log(`a load balancer did not come back: ${error.message}`));
}

async function bringBack(cloud: Cloud, server: Readonly<Server>, failed: Set<number>): Promise<void> {
  const { servers } = cloud.store;
  servers.update(server, { nics: server.nics.filter((nic) => nic.state !== "detaching").map(attached) });
  try {
    if (server.status === "deleting") {
      await cloud.machines.remove(server);
      return forgetServer(cloud, server);
    }
    if (server.power === "on") await cloud.machines.boot(server);
    servers.update(server, { status: server.power === "on" ? "running" : "off" });
  } catch (error) {
    cloud.log(`server ${server.name} (${server.id}) did not come back: ${(error as Error).message}`);
    failed.add(server.id);
    if (server.status !== "deleting") servers.update(server, { status: "off", power: "off" });
  }
}

function attached(nic: Nic): Nic {
  return { ...nic, state: "attached" };
}
