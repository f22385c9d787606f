import { join } from "node:path";

import type { Balancer, BalancerFabric, TargetHealth } from "../api/balancer";
import { Haproxy } from "./haproxy";
import { type GuestNic, linkName, nextDevice, sameNic } from "./links";
import { connect, disconnect, plug, unplug } from "./network";
import { type Queue, Queues } from "./queue";

interface Running {
  balancer: Balancer;
  nics: GuestNic[];
  haproxy: Haproxy;
}

/** Load balancers: each a namespace with links like a machine's, and HAProxy in it; no firewall acts on them. */
export class LoadBalancers implements BalancerFabric {
  private readonly running = new Map<number, Running>();
  private readonly queues = new Queues();

  constructor(
    private readonly cables: Queue,
    private readonly log: (line: string) => void,
    private readonly folder = "/run/load-balancers",
  ) {}

  set(balancer: Balancer): Promise<void> {
    return this.queues.add(balancer.id, async () => {
      const before = this.running.get(balancer.id);
      if (before !== undefined && before.balancer.ipv4 !== balancer.ipv4) await this.end(before);
      const running = this.running.get(balancer.id) ?? (await this.begin(balancer));
      await this.replug(running, balancer);
      await running.haproxy.serve(balancer);
      running.balancer = balancer;
    });
  }

  remove(id: number): Promise<void> {
    return this.queues.add(id, async () => {
      const running = this.running.get(id);
      if (running !== undefined) await this.end(running);
    });
  }

  async health(id: number): Promise<TargetHealth[]> {
    return (await this.running.get(id)?.haproxy.health()) ?? [];
  }

  private async begin(balancer: Balancer): Promise<Running> {
    const { id } = balancer;
    await this.cables.add(() => connect(balancer, []));
    const haproxy = new Haproxy(join(this.folder, String(id)), linkName(id), this.log);
    const running = { balancer, nics: [], haproxy };
    this.running.set(id, running);
    return running;
  }

  private async end({ balancer, nics, haproxy }: Running): Promise<void> {
    this.running.delete(balancer.id);
    await haproxy.stop();
    await this.cables.add(() => disconnect(balancer.id, nics));
  }

  private async replug({ nics }: Running, { id, nic }: Balancer): Promise<void> {
    const [before] = nics;
    if (before && (nic === null || before.networkId !== nic.networkId || !sameNic(before, nic))) {
      await this.cables.add(() => unplug(id, before));
      nics.splice(0);
    }
    if (nic === null || nics.length > 0) return;
    const added = { ...nic, device: nextDevice(nics) };
    await this.cables.add(() => plug(id, added));
    nics.push(added);
  }
}
