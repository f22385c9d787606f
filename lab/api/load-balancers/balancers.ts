import type { Balancer, BalancerFabric, TargetHealth } from "../balancer";
import { named } from "../catalogue";
import type { Faults } from "../faults";
import type { LoadBalancer } from "../model";
import { privateNicOf } from "../private-addresses";
import type { Store } from "../store";
import { balancedTargets } from "./targets";
import { loadBalancerTypes } from "./types";

/** Makes the fabric's load balancers follow those on file, and their servers. */
export class Balancers {
  // What the fabric was told last, by id.
  private readonly told = new Map<number, string>();
  private readonly turns = new Map<number, Promise<void>>();
  private readonly health = new Map<number, readonly TargetHealth[]>();

  constructor(
    private readonly store: Store,
    private readonly fabric: BalancerFabric,
    private readonly faults: Faults,
  ) {}

  /** Tells the fabric what has changed of all of them. */
  async applyAll(): Promise<void> {
    await Promise.all(this.store.loadBalancers.all().map((balancer) => this.apply(balancer)));
  }

  /** Tells the fabric what has changed of one; one call at a time, each with what is on file at that moment. */
  apply({ id }: Readonly<LoadBalancer>): Promise<void> {
    return this.turn(id, async () => {
      const balancer = this.store.loadBalancers.get(id);
      if (!balancer) return;
      const described = this.describe(balancer);
      const text = JSON.stringify(described);
      if (this.told.get(id) === text) return;
      await this.fabric.set(described);
      this.told.set(id, text);
    });
  }

  /** Takes one away that is on file no more. */
  remove({ id }: Readonly<LoadBalancer>): Promise<void> {
    return this.turn(id, async () => {
      await this.fabric.remove(id);
      this.told.delete(id);
      this.health.delete(id);
    });
  }

  /** Asks the fabric how the targets are; one that does not answer is left as it was. */
  async refresh(): Promise<void> {
    const ask = async ({ id }: Readonly<LoadBalancer>) => this.health.set(id, await this.fabric.health(id));
    await Promise.all(this.store.loadBalancers.all().map((balancer) => ask(balancer).catch(() => undefined)));
  }

  /** How a server was when the fabric was asked last, by service. */
  healthOf({ id, services }: Readonly<LoadBalancer>, server: number): TargetHealth[] {
    const known = this.health.get(id) ?? [];
    return services.map(({ listenPort }) => {
      const found = known.find((each) => each.server === server && each.listenPort === listenPort);
      return found ?? { server, listenPort, status: "unknown" };
    });
  }

  private turn(id: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(work);
    this.turns.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private describe(balancer: Readonly<LoadBalancer>): Balancer {
    const { id, ipv4, ipv6Network, isPublic, nic, algorithm, services } = balancer;
    return {
      ...{ id, algorithm, services, targets: balancedTargets(this.store, balancer) },
      ...{ ipv4: isPublic ? ipv4 : null, ipv6Network: isPublic ? ipv6Network : null },
      nic: nic === null || nic.state === "detaching" ? null : privateNicOf(this.store, nic),
      maxConnections: named(loadBalancerTypes, balancer.type).maxConnections,
      proxyVersion: this.faults.isOn("proxy-protocol-v1") ? 1 : 2,
      checksSpeakProxy: this.faults.isOn("proxy-protocol-checks"),
      trustsNewTargets: this.faults.isOn("early-traffic"),
    };
  }
}
