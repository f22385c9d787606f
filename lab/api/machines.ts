import { named, serverTypes } from "./catalogue";
import type { Fabric, Machine, VolumeDisk } from "./fabric";
import { effectiveRules } from "./firewall-rules";
import type { Nic, Server } from "./model";
import { privateNicOf } from "./private-addresses";
import type { Store } from "./store";
import { disksOf } from "./volumes";

/** Makes the fabric's machines follow the servers on file. */
export class Machines {
  // Servers whose machine the fabric got from this process, with the firewall rules it has.
  private readonly made = new Map<number, string>();
  private readonly firewallTurns = new Map<number, Promise<void>>();

  constructor(
    private readonly store: Store,
    private readonly fabric: Fabric,
  ) {}

  /** Boots a server's machine: a new one, one of before a restart, or one that was only switched off. */
  async boot(server: Readonly<Server>): Promise<void> {
    if (this.made.has(server.id)) return this.fabric.powerOn(server.id);
    // The firewall comes first, so that the machine is never open, not even while it boots.
    this.made.set(server.id, "");
    try {
      await this.applyFirewall(server);
      await this.fabric.create(this.describe(server));
      for (const nic of server.nics) await this.fabric.attach(server.id, privateNicOf(this.store, nic));
    } catch (error) {
      this.made.delete(server.id);
      await this.fabric.powerOff(server.id).catch(() => undefined);
      throw error;
    }
  }

  /** Switches a machine off without asking it. */
  async powerOff(server: Readonly<Server>): Promise<void> {
    if (this.made.has(server.id)) await this.fabric.powerOff(server.id);
  }

  /** Asks a machine to shut down. */
  async shutdown(server: Readonly<Server>): Promise<void> {
    if (this.made.has(server.id)) await this.fabric.shutdown(server.id);
  }

  /** Reboots a machine, or boots it if it is off. */
  async reboot(server: Readonly<Server>, isRunning: boolean): Promise<void> {
    if (this.made.has(server.id) && isRunning) return this.fabric.reboot(server.id);
    return this.boot(server);
  }

  /** Describes the machine anew at its next boot: its addresses or its size have changed. */
  changed(server: Readonly<Server>): void {
    this.made.delete(server.id);
  }

  /** Removes the machine with its disk. */
  async remove(server: Readonly<Server>): Promise<void> {
    await this.fabric.remove(server.id);
    this.made.delete(server.id);
  }

  /** Keeps the machine's disk as it is now, under the number of an image. */
  snapshot(server: Readonly<Server>, image: number): Promise<void> {
    return this.fabric.snapshot(server.id, image);
  }

  /** Removes what an image keeps. */
  removeSnapshot(image: number): Promise<void> {
    return this.fabric.removeSnapshot(image);
  }

  /** Connects a private interface. */
  async attach(server: Readonly<Server>, nic: Nic): Promise<void> {
    if (this.made.has(server.id)) await this.fabric.attach(server.id, privateNicOf(this.store, nic));
  }

  /** Disconnects from a network. */
  async detach(server: Readonly<Server>, network: number): Promise<void> {
    if (this.made.has(server.id)) await this.fabric.detach(server.id, network);
  }

  /** Has a machine see exactly these volumes; one that is off finds its own when it boots. */
  async setVolumes(server: Readonly<Server>, volumes: readonly VolumeDisk[]): Promise<void> {
    if (this.made.has(server.id)) await this.fabric.setVolumes(server.id, volumes);
  }

  /** Removes a volume with what is on it. */
  removeVolume(id: number): Promise<void> {
    return this.fabric.removeVolume(id);
  }

  /** Gives every machine whose effective rules have changed the new ones. */
  async applyFirewalls(): Promise<void> {
    await Promise.all(this.store.servers.all().map((server) => this.applyFirewall(server)));
  }

  /** Whether a machine still waits for its effective rules. */
  isFirewallPending(server: Readonly<Server>): boolean {
    const applied = this.made.get(server.id);
    return applied !== undefined && applied !== JSON.stringify(effectiveRules(this.store, server));
  }

  // One call at a time per machine, each with the rules of that moment, so that the newest rules are set last.
  private applyFirewall(server: Readonly<Server>): Promise<void> {
    const turn = (this.firewallTurns.get(server.id) ?? Promise.resolve()).then(async () => {
      const rules = effectiveRules(this.store, server);
      if (!this.isFirewallPending(server)) return;
      await this.fabric.setFirewall(server.id, rules);
      if (this.made.has(server.id)) this.made.set(server.id, JSON.stringify(rules));
    });
    this.firewallTurns.set(
      server.id,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private describe(server: Readonly<Server>): Machine {
    const addresses = this.store.primaryIps.all().filter((ip) => ip.server === server.id);
    const { id, name, image, userData, sshPublicKeys } = server;
    const { cores, memoryGb } = named(serverTypes, server.type);
    const address = (type: string) => addresses.find((ip) => ip.type === type)?.ip ?? null;
    const ipv4 = address("ipv4");
    const described = { id, name, image, userData, sshPublicKeys, ipv4, ipv6Network: address("ipv6"), cores, memoryGb };
    return { ...described, volumes: disksOf(this.store, id) };
  }
}
