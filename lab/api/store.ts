import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type {
  Action,
  Firewall,
  LoadBalancer,
  Network,
  PlacementGroup,
  PrimaryIp,
  Server,
  Snapshot,
  SshKey,
  Volume,
  Zone,
} from "./model";

/** The resources of one kind, kept in memory and in one JSON file; ids are never given twice. */
export class Collection<T extends { id: number }> {
  private readonly items = new Map<number, T>();
  private nextId: number;
  private dirty = false;

  constructor(
    private readonly file: string,
    firstId: number,
  ) {
    const stored = readJson<{ nextId: number; items: T[] }>(file);
    this.nextId = stored?.nextId ?? firstId;
    for (const item of stored?.items ?? []) this.items.set(item.id, item);
  }

  /** All of them, by ascending id. */
  all(): Readonly<T>[] {
    return [...this.items.values()];
  }

  /** The one with this id, if there is one. */
  get(id: number): Readonly<T> | undefined {
    return this.items.get(id);
  }

  /** Adds one; the fields may depend on the id it gets. */
  add(fields: (id: number) => Omit<T, "id">): Readonly<T> {
    const id = this.nextId++;
    const item = { ...fields(id), id } as T;
    this.items.set(id, item);
    this.dirty = true;
    return item;
  }

  /** Changes fields of one; undefined fields are left alone. */
  update(item: Readonly<T>, changes: { [K in keyof T]?: T[K] | undefined }): void {
    const known = Object.entries(changes).filter(([, value]) => value !== undefined);
    Object.assign(item, Object.fromEntries(known));
    this.dirty = true;
  }

  /** Forgets one. */
  remove(id: number): void {
    this.dirty = this.items.delete(id) || this.dirty;
  }

  /** Writes the file if something changed: a new file takes the old one's place, so a kill never leaves half of one. */
  flush(): void {
    if (!this.dirty) return;
    writeFileSync(`${this.file}.new`, JSON.stringify({ nextId: this.nextId, items: this.all() }), { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    this.dirty = false;
  }
}

/** Everything the API knows, one collection per kind of resource, in the folder given. */
export class Store {
  /** Called when something may have changed and is on file. */
  onSaved: () => void = () => undefined;
  readonly servers: Collection<Server>;
  readonly networks: Collection<Network>;
  readonly firewalls: Collection<Firewall>;
  readonly primaryIps: Collection<PrimaryIp>;
  readonly sshKeys: Collection<SshKey>;
  readonly placementGroups: Collection<PlacementGroup>;
  readonly snapshots: Collection<Snapshot>;
  readonly volumes: Collection<Volume>;
  readonly loadBalancers: Collection<LoadBalancer>;
  readonly zones: Collection<Zone>;
  readonly actions: Collection<Action>;

  // First ids differ per kind, so that an id given to the wrong kind of resource is noticed.
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = (name: string) => join(folder, `${name}.json`);
    this.servers = new Collection(file("servers"), 1001);
    this.networks = new Collection(file("networks"), 2001);
    this.firewalls = new Collection(file("firewalls"), 3001);
    this.primaryIps = new Collection(file("primary-ips"), 4001);
    this.sshKeys = new Collection(file("ssh-keys"), 5001);
    this.placementGroups = new Collection(file("placement-groups"), 6001);
    this.zones = new Collection(file("zones"), 7001);
    this.snapshots = new Collection(file("snapshots"), 8001);
    this.volumes = new Collection(file("volumes"), 9001);
    this.loadBalancers = new Collection(file("load-balancers"), 11_001);
    this.actions = new Collection(file("actions"), 100_001);
  }

  /** Writes what changed; servers last, so that a server on file always has its addresses on file. */
  flush(): void {
    const { servers, ...others } = this.collections();
    for (const collection of Object.values(others)) collection.flush();
    servers.flush();
    this.onSaved();
  }

  private collections() {
    const { loadBalancers, zones, actions } = this;
    const { servers, networks, firewalls, primaryIps, sshKeys, placementGroups, snapshots, volumes } = this;
    const machines = { servers, snapshots, volumes, loadBalancers };
    return { ...machines, networks, firewalls, primaryIps, sshKeys, placementGroups, zones, actions };
  }
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`the lab's state file ${file} must hold JSON, got: ${(error as Error).message}; delete the lab`);
  }
}
