import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

import { startApi } from "../../api/server";
import { gate } from "./gate";
import { MemoryFabric } from "./memory-fabric";
import { TestApi, temporaryFolder, token } from "./test-api";

/** What a kill -9 at this moment leaves: the files as they are. */
function killed(stateDir: string): string {
  const copy = temporaryFolder();
  cpSync(stateDir, copy, { recursive: true });
  return copy;
}

describe("after a restart", () => {
  it("servers that ran run again with their network and firewall, and those that were off stay off", async () => {
    const stateDir = temporaryFolder();
    const before = await TestApi.start(stateDir);
    const network = await before.network();
    const firewall = (await before.settle("POST", "/firewalls", { name: "fw" })).json.firewall.id;
    const running = await before.server("n1", { networks: [network], firewalls: [{ firewall }] });
    const off = await before.server("n2");
    await before.settle("POST", `/servers/${off}/actions/poweroff`);
    const after = await TestApi.start(killed(stateDir));
    expect(after.fabric.machine(running)).toEqual(before.fabric.machine(running));
    expect(after.fabric.firewalls.get(running)).toEqual([]);
    expect(after.fabric.machines.has(off)).toBe(false);
    expect(await after.shown(running)).toEqual(await before.shown(running));
    await after.settle("POST", `/servers/${off}/actions/poweron`);
    expect(after.fabric.machine(off)).toEqual({ ...before.fabric.machine(off), running: true });
  });

  it("what was under way is carried on: created, attached, detached, deleted", async () => {
    const stateDir = temporaryFolder();
    const before = await TestApi.start(stateDir);
    const network = await before.network();
    const [attaching, detaching, deleted] = [
      await before.server("n1"),
      await before.server("n2", { networks: [network] }),
      await before.server("n3"),
    ];
    const blocked = gate();
    for (const call of ["create", "attach", "detach", "remove"]) before.fabric.gates.set(call, blocked.promise);
    const answers = [
      await before.call("POST", "/servers", { name: "n4", server_type: "cx23", image: "debian-12" }),
      await before.call("POST", `/servers/${attaching}/actions/attach_to_network`, { network }),
      await before.call("POST", `/servers/${detaching}/actions/detach_from_network`, { network }),
      await before.call("DELETE", `/servers/${deleted}`),
    ];
    const after = await TestApi.start(killed(stateDir));
    blocked.open();
    await before.cloud.actions.settled();
    for (const answer of answers) {
      const { action } = (await after.call("GET", `/actions/${answer.json.action.id}`)).json;
      expect(action).toMatchObject({ status: "success", progress: 100 });
    }
    expect((await after.shown(answers[0]?.json.server.id)).status).toBe("running");
    expect((await after.shown(attaching)).private_net).toHaveLength(1);
    expect(after.fabric.machine(attaching).nics).toHaveLength(1);
    expect((await after.shown(detaching)).private_net).toEqual([]);
    expect(await after.code("GET", `/servers/${deleted}`)).toBe("not_found");
    expect(after.fabric.machines.has(deleted)).toBe(false);
  });

  it("a server whose machine does not come back is off, and its running actions have failed", async () => {
    const stateDir = temporaryFolder();
    const before = await TestApi.start(stateDir);
    const id = await before.server("n1");
    const fabric = new MemoryFabric();
    fabric.failures.set("create", 1);
    const after = await TestApi.start(killed(stateDir), fabric);
    expect((await after.shown(id)).status).toBe("off");
    expect(after.log).toEqual([`server n1 (${id}) did not come back: create failed as told`]);
  });

  it("names are published again", async () => {
    const stateDir = temporaryFolder();
    const before = await TestApi.start(stateDir);
    await before.settle("POST", "/zones", { name: "example.org", mode: "primary" });
    await before.server("n1");
    const after = await TestApi.start(killed(stateDir));
    expect(after.fabric.records).toEqual(before.fabric.records);
  });

  it("ids go on where they were", async () => {
    const stateDir = temporaryFolder();
    const before = await TestApi.start(stateDir);
    const first = await before.network();
    await before.call("DELETE", `/networks/${first}`);
    const after = await TestApi.start(killed(stateDir));
    expect(await after.network()).toBe(first + 1);
  });

  it("addresses of a server that never got on file are free", async () => {
    const stateDir = temporaryFolder();
    const before = await TestApi.start(stateDir);
    const body = { name: "four", type: "ipv4", location: "fsn1" };
    const ipv4 = (await before.call("POST", "/primary_ips", body)).json.primary_ip.id;
    await before.server("n1", { public_net: { ipv4 } });
    const copy = killed(stateDir);
    writeFileSync(join(copy, "servers.json"), JSON.stringify({ nextId: 1001, items: [] }));
    const after = await TestApi.start(copy);
    await after.cloud.actions.settled();
    expect((await after.call("GET", "/primary_ips")).json.primary_ips).toHaveLength(1);
    expect((await after.call("GET", `/primary_ips/${ipv4}`)).json.primary_ip.assignee_id).toBeNull();
  });

  it("a state file that is no JSON is named in the error", async () => {
    const stateDir = temporaryFolder();
    writeFileSync(join(stateDir, "zones.json"), "{");
    await expect(TestApi.start(stateDir)).rejects.toThrow(/zones\.json must hold JSON/);
  });
});

describe("the state folder", () => {
  it("has what a request changed by the time it is answered, and no leftovers", async () => {
    const stateDir = temporaryFolder();
    const api = await TestApi.start(stateDir);
    await api.call("POST", "/placement_groups", { name: "pg", type: "spread" });
    const stored = JSON.parse(readFileSync(join(stateDir, "placement-groups.json"), "utf8"));
    expect(stored.items).toMatchObject([{ name: "pg" }]);
    expect(readdirSync(stateDir)).toEqual(["placement-groups.json"]);
  });
});

describe("the server", () => {
  it("listens where it says, with the zones given, and shows machines that went off by themselves", async () => {
    const fabric = new MemoryFabric();
    const options = { stateDir: temporaryFolder(), fabric, token, host: "127.0.0.1", port: 0, zones: ["cluster.test"] };
    const api = await startApi({ ...options, actionMs: 0 });
    onTestFinished(() => api.close());
    const headers = { Authorization: `Bearer ${token}` };
    const get = async (path: string) => (await fetch(`${api.url}${path}`, { headers })).json();
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(await get("/zones/cluster.test")).toMatchObject({ zone: { record_count: 4 } });
    const body = JSON.stringify({ name: "n1", server_type: "cx23", image: "debian-12", start_after_create: false });
    const { server } = (await (await fetch(`${api.url}/servers`, { method: "POST", headers, body })).json()) as {
      server: { id: number };
    };
    await expect
      .poll(async () => (await get(`/servers/${server.id}`)) as object)
      .toMatchObject({ server: { locked: false } });
    api.machineChanged(server.id, "running");
    expect(await get(`/servers/${server.id}`)).toMatchObject({ server: { status: "running" } });
  });
});
