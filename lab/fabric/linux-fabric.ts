import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { DnsRecord, Fabric, FirewallRule, Machine, VolumeDisk } from "../api/fabric";
import type { PrivateNic } from "../api/private-nic";
import type { PerSuite } from "../images/ensure";
import { suiteOf } from "../images/suites";
import type { Lab } from "../paths";
import { Disk } from "./disk";
import type { Dns } from "./dns";
import { Firewalls } from "./firewall";
import { Guest } from "./guest";
import { type GuestNic, nextDevice, sameNic } from "./links";
import { LoadBalancers } from "./load-balancers";
import { nameMachine } from "./machines";
import { connect, disconnect, plug, unplug } from "./network";
import { Queue, Queues } from "./queue";
import { Volumes } from "./volumes";

interface Known {
  machine: Machine;
  nics: GuestNic[];
}

/** The fabric on this Linux machine, to be used within the lab's namespaces; keeps disks, but no settings beyond its process. */
export class LinuxFabric implements Fabric {
  /** Called when a machine runs or is off, whoever asked for it. */
  onStateChange: (id: number, state: "running" | "off") => void = () => {};
  private readonly machines = new Map<number, Known>();
  private readonly guests = new Map<number, Guest>();
  private readonly queues = new Queues();
  private readonly cables = new Queue();
  private readonly firewalls = new Firewalls();
  readonly loadBalancers: LoadBalancers;
  private readonly volumes: Volumes;

  constructor(
    private readonly lab: Lab,
    private readonly bases: PerSuite,
    private readonly dns: Dns,
    private readonly log: (line: string) => void,
  ) {
    this.volumes = new Volumes(lab.volumes);
    this.loadBalancers = new LoadBalancers(this.cables, log);
  }

  /** Describes the machine anew, without private NICs, unless it runs; they follow by `attach`. */
  create(machine: Machine): Promise<void> {
    return this.queues.add(machine.id, async () => {
      if (this.isRunning(machine.id)) return;
      this.machines.set(machine.id, { machine, nics: [] });
      await this.boot(machine.id);
    });
  }

  remove(id: number): Promise<void> {
    return this.queues.add(id, async () => {
      await this.guests.get(id)?.powerOff();
      await this.disk(id).remove();
      this.machines.delete(id);
      await this.setFirewall(id, null);
    });
  }

  powerOn(id: number): Promise<void> {
    return this.queues.add(id, () => this.boot(id));
  }

  powerOff(id: number): Promise<void> {
    return this.queues.add(id, async () => this.guests.get(id)?.powerOff());
  }

  shutdown(id: number): Promise<void> {
    return this.queues.add(id, async () => this.guests.get(id)?.shutdown());
  }

  reboot(id: number): Promise<void> {
    return this.queues.add(id, async () => {
      const guest = this.guests.get(id);
      if (guest === undefined) throw new Error(`machine ${id} is off and cannot be rebooted`);
      await guest.reboot();
    });
  }

  attach(id: number, nic: PrivateNic): Promise<void> {
    return this.queues.add(id, async () => {
      const known = this.known(id);
      const before = known.nics.find(({ networkId }) => networkId === nic.networkId);
      if (before !== undefined && sameNic(before, nic)) return;
      if (before !== undefined) await this.unplug(known, before);
      const added = { ...nic, device: nextDevice(known.nics) };
      known.nics.push(added);
      await this.cables.add(async () => {
        // A reboot in between may have plugged it in already.
        await unplug(id, added);
        if (this.isRunning(id)) await plug(id, added);
      });
    });
  }

  detach(id: number, networkId: number): Promise<void> {
    return this.queues.add(id, async () => {
      const known = this.machines.get(id);
      const nic = known?.nics.find((candidate) => candidate.networkId === networkId);
      if (known !== undefined && nic !== undefined) await this.unplug(known, nic);
    });
  }

  setVolumes(id: number, volumes: readonly VolumeDisk[]): Promise<void> {
    return this.queues.add(id, async () => {
      this.known(id).machine.volumes = volumes;
      if (this.isRunning(id)) await this.volumes.provide(this.folder(id), volumes);
    });
  }

  removeVolume(volume: number): Promise<void> {
    return this.volumes.remove(volume);
  }

  snapshot(id: number, image: number): Promise<void> {
    return this.queues.add(id, () => this.disk(id).snapshot(image));
  }

  removeSnapshot(image: number): Promise<void> {
    return rm(join(this.lab.snapshots, String(image)), { recursive: true, force: true });
  }

  setFirewall(id: number, rules: FirewallRule[] | null): Promise<void> {
    return this.cables.add(() => this.firewalls.set(id, rules));
  }

  publish(records: DnsRecord[]): Promise<void> {
    return this.dns.publish(records);
  }

  private isRunning(id: number): boolean {
    return this.guests.get(id)?.ending === false;
  }

  private async boot(id: number): Promise<void> {
    if (this.isRunning(id)) return;
    await this.guests.get(id)?.off;
    const known = this.known(id);
    const { machine } = known;
    const disk = this.disk(id);
    await disk.provide(machine);
    await nameMachine(this.folder(id), machine.name);
    const guest = await Guest.boot({
      id,
      name: machine.name,
      folder: this.folder(id),
      root: disk.root,
      devices: await this.volumes.provide(this.folder(id), machine.volumes),
      cgroup: join(this.lab.cgroup, String(id)),
      connect: () => this.cables.add(() => connect(machine, known.nics)),
      disconnect: async () => {
        await this.cables.add(() => disconnect(id, known.nics));
        await disk.unmount();
        await this.volumes.provide(this.folder(id), []);
      },
      log: this.log,
    });
    this.follow(id, guest);
  }

  private follow(id: number, guest: Guest): void {
    this.guests.set(id, guest);
    this.onStateChange(id, "running");
    guest.off
      .catch((error: Error) => this.log(error.message))
      .then(() => {
        if (this.guests.get(id) === guest) this.guests.delete(id);
        this.onStateChange(id, "off");
      });
  }

  private async unplug(known: Known, nic: GuestNic): Promise<void> {
    known.nics.splice(known.nics.indexOf(nic), 1);
    await this.cables.add(() => unplug(known.machine.id, nic));
  }

  private known(id: number): Known {
    const known = this.machines.get(id);
    if (known === undefined) throw new Error(`there is no machine ${id} in the lab`);
    return known;
  }

  private disk(id: number): Disk {
    const image = this.machines.get(id)?.machine.image ?? "";
    return new Disk(this.folder(id), this.bases[suiteOf(image)], this.lab.snapshots);
  }

  private folder(id: number): string {
    return join(this.lab.machines, String(id));
  }
}
