import type { Algorithm, BalancedService } from "./balancer";
import type { Image } from "./catalogue";
import type { FirewallRule } from "./fabric";

/** Labels of a resource. */
export type Labels = Record<string, string>;

/** What every stored resource has. */
export interface Resource {
  id: number;
  name: string;
  labels: Labels;
  created: string;
}

/** A private interface; it is listed by the API only once it is attached. */
export interface Nic {
  network: number;
  ip: string;
  aliasIps: string[];
  macAddress: string;
  state: "attaching" | "attached" | "detaching";
}

/** A server; `power` is what was asked for last, `status` what the API shows. */
export interface Server extends Resource {
  type: string;
  image: string;
  location: string;
  userData: string;
  sshPublicKeys: string[];
  power: "on" | "off";
  status: "initializing" | "starting" | "running" | "stopping" | "off" | "deleting" | "migrating";
  nics: Nic[];
  placementGroup: number | null;
  diskGb: number;
  deleteProtection: boolean;
}

/** An image that was made of a server's disk here. */
export type Snapshot = Image;

/** A subnet of a network. */
export interface Subnet {
  type: "cloud" | "server";
  ipRange: string;
  networkZone: string;
}

/** A private network. */
export interface Network extends Resource {
  ipRange: string;
  subnets: Subnet[];
  deleteProtection: boolean;
}

/** A rule as stored: what the fabric needs and the description. */
export interface DescribedRule extends FirewallRule {
  description: string | null;
}

/** A firewall, applied to single servers and to label selectors. */
export interface Firewall extends Resource {
  rules: DescribedRule[];
  servers: number[];
  selectors: string[];
}

/** A reverse name of one address. */
export interface ReverseName {
  ip: string;
  name: string;
}

/** A public address; `ip` is an IPv4 address or an IPv6 /64; the server it belongs to is known only here. */
export interface PrimaryIp extends Resource {
  type: "ipv4" | "ipv6";
  ip: string;
  location: string;
  server: number | null;
  autoDelete: boolean;
  reverseNames: ReverseName[];
  deleteProtection: boolean;
}

/** A disk that lives on its own; it is blank until a machine writes on it. */
export interface Volume extends Resource {
  sizeGb: number;
  location: string;
  server: number | null;
  deleteProtection: boolean;
}

/** What a load balancer passes connections on to: a server, or all that have certain labels. */
export type Target = { usePrivateIp: boolean } & (
  | { type: "server"; server: number }
  | { type: "label_selector"; selector: string }
);

/** A load balancer; its own addresses are no primary IPs. */
export interface LoadBalancer extends Resource {
  type: string;
  location: string;
  algorithm: Algorithm;
  services: BalancedService[];
  targets: Target[];
  ipv4: string;
  ipv6Network: string;
  isPublic: boolean;
  nic: Nic | null;
  reverseNames: ReverseName[];
  deleteProtection: boolean;
}

/** A public key. */
export interface SshKey extends Resource {
  publicKey: string;
  fingerprint: string;
}

/** A spread placement group; its servers are known from the servers. */
export type PlacementGroup = Resource;

/** One value of a record set. */
export interface RecordValue {
  value: string;
  comment?: string | undefined;
}

/** A record set of a zone; `ttl` in seconds, null for the zone's default. */
export interface RecordSet {
  name: string;
  type: string;
  ttl: number | null;
  labels: Labels;
  changeProtection: boolean;
  records: RecordValue[];
}

/** A DNS zone with all its record sets. */
export interface Zone extends Resource {
  ttl: number;
  serial: number;
  deleteProtection: boolean;
  recordSets: RecordSet[];
}

/** A resource an action works on. */
export interface ActionResource {
  id: number;
  type: string;
}

/** An asynchronous action, shown to clients as it is stored. */
export interface Action {
  id: number;
  command: string;
  status: "running" | "success" | "error";
  progress: number;
  started: string;
  finished: string | null;
  resources: ActionResource[];
  error: { code: string; message: string } | null;
}
