import type { BalancerFabric } from "./balancer";
import type { PrivateNic } from "./private-nic";

/** One firewall rule; `port` is a number, a range `80-90`, or null where the protocol has no ports. */
export interface FirewallRule {
  direction: "in" | "out";
  protocol: "tcp" | "udp" | "icmp" | "esp" | "gre";
  port: string | null;
  sourceIps: string[];
  destinationIps: string[];
}

/** A disk besides a machine's own, which outlives it. */
export interface VolumeDisk {
  id: number;
  sizeGb: number;
}

/** What a machine needs to boot; `ipv6Network` is a /64 (`a::/64`) of which the machine takes `::1`. */
export interface Machine {
  id: number;
  name: string;
  image: string;
  userData: string;
  sshPublicKeys: string[];
  ipv4: string | null;
  ipv6Network: string | null;
  cores: number;
  memoryGb: number;
  volumes: readonly VolumeDisk[];
}

/** One published record; `name` is absolute with a trailing dot, `ttl` in seconds. */
export interface DnsRecord {
  name: string;
  type: string;
  ttl: number;
  value: string;
}

/** What the API's resources become; every call rejects with one clear sentence when it fails. */
export interface Fabric {
  readonly loadBalancers: BalancerFabric;
  /** Prepares the disk and boots; resolves once init has been started; an existing disk is only booted. */
  create(machine: Machine): Promise<void>;
  /** Stops the machine and removes disk and interfaces; fine if already gone. */
  remove(id: number): Promise<void>;
  powerOn(id: number): Promise<void>;
  powerOff(id: number): Promise<void>;
  shutdown(id: number): Promise<void>;
  reboot(id: number): Promise<void>;
  attach(id: number, nic: PrivateNic): Promise<void>;
  detach(id: number, networkId: number): Promise<void>;
  /** Has a machine see exactly these disks, each by its number; a new one is all zeros, a larger one grows. */
  setVolumes(id: number, volumes: readonly VolumeDisk[]): Promise<void>;
  /** Removes a disk that no machine has, with all that is on it. */
  removeVolume(volume: number): Promise<void>;
  /** Copies a machine's disk as it is at this moment; machines whose `image` is the number start from the copy. */
  snapshot(id: number, image: number): Promise<void>;
  /** Removes such a copy; fine if already gone. */
  removeSnapshot(image: number): Promise<void>;
  /** Replaces the rules in front of the public interface; null means that no firewall is applied. */
  setFirewall(id: number, rules: FirewallRule[] | null): Promise<void>;
  /** Takes the complete wanted set of records, zones and PTRs; the fabric works out the difference. */
  publish(records: DnsRecord[]): Promise<void>;
}
