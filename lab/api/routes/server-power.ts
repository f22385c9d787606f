import type { Hono } from "hono";

import type { Cloud } from "../cloud";
import type { Server } from "../model";
import { findUnlocked } from "./find";

interface PowerAction {
  command: string;
  ends: "on" | "off";
  status: "starting" | "stopping" | "running";
  work: (server: Readonly<Server>, wasRunning: boolean) => Promise<void>;
}

/** poweron, poweroff, shutdown, reboot and reset. */
export function addPowerActions(routes: Hono, cloud: Cloud): void {
  const { machines } = cloud;
  const reset = async (server: Readonly<Server>) => {
    await machines.powerOff(server);
    await machines.boot(server);
  };
  const actions: Record<string, PowerAction> = {
    poweron: { command: "start_server", ends: "on", status: "starting", work: (server) => machines.boot(server) },
    poweroff: { command: "stop_server", ends: "off", status: "stopping", work: (server) => machines.powerOff(server) },
    shutdown: {
      command: "shutdown_server",
      ends: "off",
      status: "stopping",
      work: (server) => machines.shutdown(server),
    },
    reboot: { command: "reboot_server", ends: "on", status: "running", work: machines.reboot.bind(machines) },
    reset: { command: "reset_server", ends: "on", status: "running", work: reset },
  };
  for (const [path, action] of Object.entries(actions)) {
    routes.post(`/servers/:id/actions/${path}`, (c) => {
      const server = findUnlocked(cloud, c.req.param("id"));
      return c.json({ action: start(cloud, server, action) }, 201);
    });
  }
}

function start(cloud: Cloud, server: Readonly<Server>, { command, ends, status, work }: PowerAction) {
  const { servers } = cloud.store;
  const own = { id: server.id, type: "server" };
  const before = server.status;
  const wasRunning = before === "running";
  const nothingToDo = command === "start_server" ? wasRunning : ends === "off" && before === "off";
  servers.update(server, { power: ends, status: nothingToDo ? before : status });
  return cloud.actions.one(
    {
      ...{ command, resources: [own] },
      ...(nothingToDo ? {} : { work: () => work(server, wasRunning) }),
      done: () => servers.update(server, { status: ends === "on" ? "running" : "off" }),
      failed: () => servers.update(server, { status: before, power: before === "off" ? "off" : "on" }),
    },
    own,
  );
}
