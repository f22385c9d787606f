import type { Balancer, BalancerFabric, TargetHealth } from "../../api/balancer";
import type { DnsRecord, Fabric, FirewallRule, Machine, VolumeDisk } from "../../api/fabric";
import type { PrivateNic } from "../../api/private-nic";

/** What the fabric of the tests knows of a machine. */
export interface MemoryMachine {
  machine: Machine;
  running: boolean;
  nics: PrivateNic[];
}

/** Load balancers in memory, whose targets are as they are told. */
export class MemoryBalancers implements BalancerFabric {
  readonly all = new Map<number, Balancer>();
  /** Whether a server's targets pass their checks; without one nothing is known. */
  readonly serving = new Map<number, boolean>();

  constructor(private readonly enter: (call: string, id: number) => Promise<void>) {}

  async set(balancer: Balancer): Promise<void> {
    await this.enter("setBalancer", balancer.id);
    this.all.set(balancer.id, structuredClone(balancer));
  }

  async remove(id: number): Promise<void> {
    await this.enter("removeBalancer", id);
    this.all.delete(id);
  }

  async health(id: number): Promise<TargetHealth[]> {
    const { services = [], targets = [] } = this.all.get(id) ?? {};
    return services.flatMap(({ listenPort }) =>
      targets.map(({ server }) => ({ server, listenPort, status: this.status(server) })),
    );
  }

  private status(server: number): TargetHealth["status"] {
    const serving = this.serving.get(server);
    return serving === undefined ? "unknown" : serving ? "healthy" : "unhealthy";
  }
}

/** A fabric in memory: keeps what it was told, and fails a call when told so. */
export class MemoryFabric implements Fabric {
  readonly loadBalancers = new MemoryBalancers((call, id) => this.enter(call, id));
  readonly machines = new Map<number, MemoryMachine>();
  readonly firewalls = new Map<number, FirewallRule[] | null>();
  /** The machines that copies of disks are of, by the number of the image. */
  readonly snapshots = new Map<number, number>();
  /** The disks that there are, and how large. */
  readonly volumes = new Map<number, number>();
  readonly calls: string[] = [];
  records: DnsRecord[] = [];
  /** Calls of these names reject, the next `times` of them. */
  readonly failures = new Map<string, number>();
  /** Calls of these names wait for this promise. */
  readonly gates = new Map<string, Promise<void>>();

  async create(machine: Machine): Promise<void> {
    await this.enter("create", machine.id);
    const known = this.machines.get(machine.id);
    for (const volume of machine.volumes) this.volumes.set(volume.id, volume.sizeGb);
    this.machines.set(machine.id, { nics: [], ...known, machine, running: true });
  }

  async remove(id: number): Promise<void> {
    await this.enter("remove", id);
    this.machines.delete(id);
    this.firewalls.delete(id);
  }

  async powerOn(id: number): Promise<void> {
    await this.enter("powerOn", id);
    this.machine(id).running = true;
  }

  async powerOff(id: number): Promise<void> {
    await this.enter("powerOff", id);
    this.machine(id).running = false;
  }

  async shutdown(id: number): Promise<void> {
    await this.enter("shutdown", id);
    this.machine(id).running = false;
  }

  async reboot(id: number): Promise<void> {
    await this.enter("reboot", id);
  }

  async attach(id: number, nic: PrivateNic): Promise<void> {
    await this.enter("attach", id);
    const machine = this.machine(id);
    machine.nics = [...machine.nics.filter((each) => each.networkId !== nic.networkId), nic];
  }

  async detach(id: number, networkId: number): Promise<void> {
    await this.enter("detach", id);
    const machine = this.machine(id);
    machine.nics = machine.nics.filter((each) => each.networkId !== networkId);
  }

  async setVolumes(id: number, volumes: readonly VolumeDisk[]): Promise<void> {
    await this.enter("setVolumes", id);
    this.machine(id).machine.volumes = volumes;
    for (const volume of volumes) this.volumes.set(volume.id, volume.sizeGb);
  }

  async removeVolume(id: number): Promise<void> {
    await this.enter("removeVolume", id);
    this.volumes.delete(id);
  }

  async snapshot(id: number, image: number): Promise<void> {
    await this.enter("snapshot", id);
    this.snapshots.set(image, id);
  }

  async removeSnapshot(image: number): Promise<void> {
    await this.enter("removeSnapshot", image);
    this.snapshots.delete(image);
  }

  async setFirewall(id: number, rules: FirewallRule[] | null): Promise<void> {
    await this.enter("setFirewall", id);
    this.firewalls.set(id, rules);
  }

  async publish(records: DnsRecord[]): Promise<void> {
    await this.enter("publish", 0);
    this.records = records;
  }

  /** The machine with an id; throws if there is none. */
  machine(id: number): MemoryMachine {
    const machine = this.machines.get(id);
    if (!machine) throw new Error(`the fabric has no machine ${id}`);
    return machine;
  }

  /** The published values of a name and type, sorted. */
  values(name: string, type: string): string[] {
    return this.records
      .filter((record) => record.name === name && record.type === type)
      .map((record) => record.value)
      .sort();
  }

  private async enter(call: string, id: number): Promise<void> {
    this.calls.push(`${call} ${id}`);
    await this.gates.get(call);
    const left = this.failures.get(call) ?? 0;
    if (left === 0) return;
    this.failures.set(call, left - 1);
    throw new Error(`${call} failed as told`);
  }
}
