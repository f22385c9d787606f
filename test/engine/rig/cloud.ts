import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serve } from "@hono/node-server";

import { createApp } from "../../../lab/api/app";
import { type Cloud, createCloud } from "../../../lab/api/cloud";
import { RateLimit } from "../../../lab/api/rate-limit";
import { recover } from "../../../lab/api/recovery";
import { addZone } from "../../../lab/api/zone-records";
import { MemoryFabric } from "../../../lab/test/api/memory-fabric";
import { Trap } from "./trap";

/** One request that the API was sent. */
export interface ApiRequest {
  method: string;
  /** With the query, `/v1/servers?name=bbb`. */
  path: string;
  /** Missing until it was answered. */
  status?: number;
}

/** An emulated Hetzner Cloud on a loopback port, whose servers run as soon as they are made. */
export class EmulatedCloud {
  readonly requests: ApiRequest[] = [];
  /** Sprung by requests; those that only read count too. */
  readonly trap = new Trap();
  readonly fabric = new MemoryFabric();
  /** Hears of each request when it was carried out, before it is answered. */
  after: ((request: ApiRequest) => void) | undefined;
  private readonly cloud: Cloud;
  private server: ReturnType<typeof serve> | undefined;

  constructor(
    folder: string,
    readonly token: string,
    zones: string[],
    actionMs = 2,
  ) {
    this.cloud = createCloud(join(folder, "cloud"), this.fabric, actionMs, () => undefined);
    const isThere = (name: string) => this.cloud.store.zones.all().some((zone) => zone.name === name);
    for (const name of zones.filter((each) => !isThere(each))) {
      addZone(this.cloud.store, { name, ttl: 3600, labels: {} });
    }
  }

  /** Goes on with what is on file and listens on a free port; resolves to the endpoint. */
  async start(): Promise<string> {
    await recover(this.cloud);
    const app = this.app();
    const server = serve({ fetch: (request) => this.answer(request, app), hostname: "127.0.0.1", port: 0 });
    this.server = server;
    await new Promise((resolve) => server.once("listening", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    if ("closeAllConnections" in server) server.closeAllConnections();
    await closed;
    await this.cloud.actions.settled();
    this.cloud.store.flush();
  }

  /** Requests that change something. */
  get writes(): ApiRequest[] {
    return this.requests.filter(({ method }) => method !== "GET");
  }

  /** Switches faults on in place of those that are on. */
  setFaults(faults: Parameters<Cloud["faults"]["set"]>[0]): void {
    this.cloud.faults.set(faults);
  }

  /** Whether a fault holds an answer back. */
  get holdsBack(): boolean {
    return this.cloud.faults.holding;
  }

  /** Everything that is there, as `server bbb-01`, `record bbb-01 A`, sorted; what a zone has by itself is left out. */
  objects(): string[] {
    const { servers, networks, firewalls, primaryIps, sshKeys, placementGroups, volumes, zones } = this.cloud.store;
    const balancer = this.cloud.store.loadBalancers;
    const kinds = { server: servers, network: networks, firewall: firewalls, address: primaryIps };
    const named = Object.entries({ ...kinds, key: sshKeys, group: placementGroups, volume: volumes, balancer }).flatMap(
      ([kind, all]) => all.all().map(({ name }) => `${kind} ${name}`),
    );
    const records = zones.all().flatMap((zone) => zone.recordSets.map(({ name, type }) => `record ${name} ${type}`));
    return [...named, ...records.filter((record) => !/ (SOA|NS)$/.test(record))].sort();
  }

  /** Sends a request as an administrator would with another client. */
  async request(method: string, path: string, body?: object): Promise<void> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await this.app().request(`/v1${path}`, sent);
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  }

  /** What the API has on file; tests only look. */
  get store(): Cloud["store"] {
    return this.cloud.store;
  }

  /** Resolves when nothing is being done any more, as a while after a client was killed. */
  settled(): Promise<void> {
    return this.cloud.actions.settled();
  }

  private app(): ReturnType<typeof createApp> {
    return createApp(this.cloud, this.token, unlimited());
  }

  private async answer(request: Request, app: ReturnType<typeof createApp>): Promise<Response> {
    const url = new URL(request.url);
    const entry: ApiRequest = { method: request.method, path: `${url.pathname}${url.search}` };
    this.requests.push(entry);
    if (await this.trap.before()) return new Response("cut off", { status: 502 });
    const response = await app.fetch(request);
    entry.status = response.status;
    await this.trap.after();
    this.after?.(entry);
    return response;
  }
}

/** Each request finds the bucket refilled. */
function unlimited(): RateLimit {
  let now = 0;
  return new RateLimit(() => {
    now += 1000;
    return now;
  });
}
