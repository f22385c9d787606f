import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";

import { createApp } from "./app";
import { type Cloud, createCloud } from "./cloud";
import type { Fabric } from "./fabric";
import { recover } from "./recovery";
import { addZone } from "./zone-records";

/** What the API needs: where its state lies, what its resources become, who may call it and where it listens. */
export interface ApiOptions {
  stateDir: string;
  fabric: Fabric;
  token: string;
  host: string;
  /** 0 picks a free port. */
  port: number;
  /** Zones that are there from the beginning. */
  zones: string[];
  /** How long an action takes at least, default 300 ms. */
  actionMs?: number;
  log?: (line: string) => void;
}

const defaultActionMs = 300;
const defaultZoneTtlSeconds = 3600;

/** A running API: `url` ends in /v1, `close` waits for running actions. */
export interface Api {
  url: string;
  /** To be told when a machine went off or came up by itself; a server that an action works on is left alone. */
  machineChanged(id: number, state: "running" | "off"): void;
  close(): Promise<void>;
}

/** Starts the API on what its state folder holds; rejects when the port is taken or the state cannot be read. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const log = options.log ?? (() => undefined);
  const cloud = createCloud(options.stateDir, options.fabric, options.actionMs ?? defaultActionMs, log);
  for (const name of options.zones.filter((each) => !cloud.store.zones.all().some((zone) => zone.name === each))) {
    addZone(cloud.store, { name, ttl: defaultZoneTtlSeconds, labels: {} });
  }
  await recover(cloud);
  const app = createApp(cloud, options.token);
  const server = await listen(app.fetch, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host;
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if ("closeAllConnections" in server) server.closeAllConnections();
    await closed;
    await cloud.actions.settled();
    cloud.store.flush();
  };
  const machineChanged = (id: number, state: "running" | "off") => showState(cloud, id, state);
  return { url: `http://${host}:${port}/v1`, machineChanged, close };
}

// What was asked for last stays as it is: after a restart of the lab the machine runs again.
function showState(cloud: Cloud, id: number, status: "running" | "off"): void {
  const server = cloud.store.servers.get(id);
  if (!server || server.status === status || cloud.actions.isLocked({ id, type: "server" })) return;
  cloud.store.servers.update(server, { status });
  cloud.store.flush();
}

function listen(fetch: Parameters<typeof serve>[0]["fetch"], { host, port }: ApiOptions) {
  return new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, () => resolve(server));
    server.once("error", reject);
  });
}
