import { describe, expect, it } from "vitest";

import { focalSnapshot } from "../../api/catalogue";
import { gate } from "./gate";
import { publicKeys, TestApi } from "./test-api";

describe("a new server", () => {
  it("goes from initializing to running while its actions run one after another", async () => {
    const api = await TestApi.start();
    const booting = gate();
    api.fabric.gates.set("create", booting.promise);
    const body = { name: "n1", server_type: "cx23", image: "debian-12", location: "fsn1" };
    const created = await api.call("POST", "/servers", body);
    expect(created.status).toBe(201);
    expect(created.json.server.status).toBe("initializing");
    expect(created.json.action).toMatchObject({ command: "create_server", status: "running", error: null });
    expect(created.json.next_actions).toMatchObject([{ command: "start_server", status: "running" }]);
    booting.open();
    await api.cloud.actions.settled();
    expect((await api.shown(created.json.server.id)).status).toBe("running");
    const ids = [created.json.action.id, created.json.next_actions[0].id];
    const polled = await api.call("GET", `/actions?id=${ids[0]}&id=${ids[1]}&page=1&sort=status&sort=id`);
    expect(polled.json.actions).toMatchObject([{ status: "success", progress: 100 }, { status: "success" }]);
  });

  it("gets addresses of its own, which vanish with it", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1");
    expect((await api.shown(id)).public_net).toMatchObject({
      ipv4: { ip: "203.0.113.10", dns_ptr: "static.10.113.0.203.clients.your-server.de" },
      ipv6: { ip: "2001:db8:2::/64", dns_ptr: [] },
    });
    expect((await api.call("GET", "/primary_ips")).json.primary_ips).toMatchObject([
      { type: "ipv4", assignee_id: id, assignee_type: "server", auto_delete: true },
      { type: "ipv6", assignee_id: id, auto_delete: true },
    ]);
    await api.settle("DELETE", `/servers/${id}`);
    expect((await api.call("GET", "/primary_ips")).json.primary_ips).toEqual([]);
  });

  it("boots with image, keys, user data, addresses and size", async () => {
    const api = await TestApi.start();
    await api.call("POST", "/ssh_keys", { name: "key", public_key: publicKeys[0] });
    const id = await api.server("n1", {
      ...{ server_type: "ccx33", image: 67794396, ssh_keys: ["key"], user_data: "#cloud-config\n" },
      public_net: { enable_ipv4: true, enable_ipv6: false },
    });
    expect(api.fabric.machine(id).machine).toEqual({
      ...{ id, name: "n1", image: "ubuntu-22.04", userData: "#cloud-config\n", sshPublicKeys: [publicKeys[0]] },
      ...{ ipv4: "203.0.113.10", ipv6Network: null, volumes: [], cores: 8, memoryGb: 32 },
    });
    expect((await api.shown(id)).public_net.ipv6).toBeNull();
  });

  it("boots from a snapshot by its number, and shows it", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1", { image: focalSnapshot.id });
    expect(api.fabric.machine(id).machine.image).toBe(String(focalSnapshot.id));
    expect((await api.shown(id)).image).toMatchObject({ id: focalSnapshot.id, type: "snapshot", name: null });
  });

  it("that must not start stays off and gets its machine with the first poweron", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1", { start_after_create: false });
    expect((await api.shown(id)).status).toBe("off");
    expect(api.fabric.machines.size).toBe(0);
    await api.settle("POST", `/servers/${id}/actions/poweron`);
    expect((await api.shown(id)).status).toBe("running");
    expect(api.fabric.machine(id).running).toBe(true);
  });

  it("is filtered before it boots", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1");
    expect(api.fabric.calls.filter((call) => call.endsWith(` ${id}`))).toEqual([`setFirewall ${id}`, `create ${id}`]);
  });

  it("that the fabric cannot boot ends in failed actions and is off", async () => {
    const api = await TestApi.start();
    api.fabric.failures.set("create", 1);
    const body = { name: "n1", server_type: "cx23", image: "debian-12" };
    const created = await api.settle("POST", "/servers", body);
    const error = { code: "action_failed", message: "create failed as told" };
    expect(await api.action(created.json.action.id)).toMatchObject({ status: "error", error });
    expect(await api.action(created.json.next_actions[0].id)).toMatchObject({ status: "error", error });
    expect((await api.shown(created.json.server.id)).status).toBe("off");
  });

  it.each([
    [{ name: "no_host_name" }, "invalid_input"],
    [{ server_type: "cx22" }, "invalid_input"],
    [{ image: "ubuntu-18.04" }, "invalid_input"],
    [{ image: "ubuntu-20.04" }, "invalid_input"],
    [{ location: "mars" }, "invalid_input"],
    [{ location: "ash" }, "invalid_input"],
    [{ datacenter: "fsn1-dc14" }, "invalid_input"],
    [{ ssh_keys: ["none"] }, "invalid_input"],
    [{ user_data: "x".repeat(32 * 1024 + 1) }, "invalid_input"],
    [{ labels: { "hetzner.cloud/x": "y" } }, "invalid_input"],
    [{ placement_group: 1 }, "not_found"],
    [{ firewalls: [{ firewall: 1 }] }, "not_found"],
    [{ public_net: { ipv4: 1 } }, "not_found"],
    [{ name: "taken" }, "uniqueness_error"],
  ])("is refused as a whole: %o", async (wrong, code) => {
    const api = await TestApi.start();
    await api.server("taken");
    const body = { name: "n1", server_type: "cx23", image: "debian-12", location: "fsn1", ...wrong };
    const answer = await api.call("POST", "/servers", body);
    expect(answer.json.error).toMatchObject({ code, details: { fields: expect.any(Array) } });
    expect((await api.call("GET", "/servers")).json.servers).toHaveLength(1);
    expect((await api.call("GET", "/primary_ips")).json.primary_ips).toHaveLength(2);
  });

  it("may bring 32 KiB of user data", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1", { user_data: "x".repeat(32 * 1024) });
    expect(api.fabric.machine(id).machine.userData).toHaveLength(32 * 1024);
  });
});
