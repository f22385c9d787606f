import { describe, expect, it } from "vitest";

import { gate } from "./gate";
import { TestApi } from "./test-api";

describe("a server", () => {
  it("is locked while an action works on it", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1");
    const network = await api.network();
    const attaching = gate();
    api.fabric.gates.set("attach", attaching.promise);
    await api.call("POST", `/servers/${id}/actions/attach_to_network`, { network });
    expect((await api.shown(id)).locked).toBe(true);
    for (const path of ["poweroff", "reboot", "change_type", "detach_from_network"]) {
      const answer = await api.call("POST", `/servers/${id}/actions/${path}`, {});
      expect([answer.status, answer.json.error.code]).toEqual([423, "locked"]);
    }
    expect(await api.code("DELETE", `/servers/${id}`)).toBe("locked");
    attaching.open();
    await api.cloud.actions.settled();
    expect((await api.shown(id)).locked).toBe(false);
    expect(await api.code("POST", `/servers/${id}/actions/poweroff`)).toBe("none");
    await api.cloud.actions.settled();
  });

  it("shows a private address only once it is attached", async () => {
    const api = await TestApi.start();
    const [id, network] = [await api.server("n1"), await api.network()];
    const attaching = gate();
    api.fabric.gates.set("attach", attaching.promise);
    const wish = { network, ip: "10.0.1.11", ip_range: "10.0.1.0/24", alias_ips: [] };
    await api.call("POST", `/servers/${id}/actions/attach_to_network`, wish);
    expect((await api.shown(id)).private_net).toEqual([]);
    expect((await api.call("GET", `/networks/${network}`)).json.network.servers).toEqual([]);
    attaching.open();
    await api.cloud.actions.settled();
    const [nic] = (await api.shown(id)).private_net;
    expect(nic).toMatchObject({ network, ip: "10.0.1.11", alias_ips: [] });
    expect((await api.call("GET", `/networks/${network}`)).json.network.servers).toEqual([id]);
    expect(api.fabric.machine(id).nics).toEqual([
      { networkId: network, ip: "10.0.1.11", ipRange: "10.0.0.0/16", gateway: "10.0.0.1", macAddress: nic.mac_address },
    ]);
  });

  it("whose attachment fails is not attached, and the address is free again", async () => {
    const api = await TestApi.start();
    const [id, network] = [await api.server("n1"), await api.network()];
    api.fabric.failures.set("attach", 1);
    const wish = { network, ip: "10.0.1.11" };
    const answer = await api.settle("POST", `/servers/${id}/actions/attach_to_network`, wish);
    expect(await api.action(answer.json.action.id)).toMatchObject({ status: "error" });
    await api.settle("POST", `/servers/${id}/actions/attach_to_network`, wish);
    expect((await api.shown(id)).private_net).toMatchObject([{ ip: "10.0.1.11" }]);
  });

  it("goes on and off with its machine", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1");
    const steps = [
      ["poweroff", "off", false],
      ["poweron", "running", true],
      ["shutdown", "off", false],
      ["reset", "running", true],
      ["reboot", "running", true],
    ] as const;
    for (const [path, status, running] of steps) {
      expect((await api.settle("POST", `/servers/${id}/actions/${path}`)).status).toBe(201);
      expect((await api.shown(id)).status).toBe(status);
      expect(api.fabric.machine(id).running).toBe(running);
    }
  });

  it("changes its type only while off, starts again, and never gets a smaller disk", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1", { server_type: "cx33" });
    const change = (server_type: string, upgrade_disk = true) =>
      api.settle("POST", `/servers/${id}/actions/change_type`, { server_type, upgrade_disk });
    expect((await change("cx43")).json.error.code).toBe("server_not_stopped");
    await api.settle("POST", `/servers/${id}/actions/poweroff`);
    expect((await change("cx23")).json.error.code).toBe("invalid_server_type");
    await change("ccx33", false);
    expect(await api.shown(id)).toMatchObject({
      status: "running",
      primary_disk_size: 80,
      server_type: { name: "ccx33" },
    });
    expect(api.fabric.machine(id).machine).toMatchObject({ cores: 8, memoryGb: 32 });
  });

  it("is deleted with everything that hangs on it, and the network no longer knows it", async () => {
    const api = await TestApi.start();
    const network = await api.network();
    const firewall = (await api.call("POST", "/firewalls", { name: "fw" })).json.firewall.id;
    const id = await api.server("n1", { networks: [network], firewalls: [{ firewall }] });
    const answer = await api.settle("DELETE", `/servers/${id}`);
    expect([answer.status, answer.json.action.command]).toEqual([200, "delete_server"]);
    expect(await api.code("GET", `/servers/${id}`)).toBe("not_found");
    expect(api.fabric.machines.size).toBe(0);
    expect((await api.call("GET", `/networks/${network}`)).json.network.servers).toEqual([]);
    expect((await api.call("GET", `/firewalls/${firewall}`)).json.firewall.applied_to).toEqual([]);
    expect(await api.action(answer.json.action.id)).toMatchObject({ status: "success" });
  });

  it("under delete protection is not deleted", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1");
    const protect = `/servers/${id}/actions/change_protection`;
    expect(await api.code("POST", protect, { delete: true, rebuild: false })).toBe("invalid_input");
    await api.settle("POST", protect, { delete: true, rebuild: true });
    const refused = await api.call("DELETE", `/servers/${id}`);
    expect([refused.status, refused.json.error.code]).toEqual([423, "protected"]);
    await api.settle("POST", protect, { delete: false, rebuild: false });
    expect((await api.settle("DELETE", `/servers/${id}`)).status).toBe(200);
  });

  it("is renamed and labelled by PUT, and an empty PUT returns all of it", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1");
    await api.call("PUT", `/servers/${id}`, { name: "n2", labels: { role: "bbb" } });
    const answer = await api.call("PUT", `/servers/${id}`, {});
    expect(answer.json.server).toMatchObject({ id, name: "n2", labels: { role: "bbb" }, status: "running" });
  });

  it("with networks at its creation has them attached before it counts as started", async () => {
    const api = await TestApi.start();
    const network = await api.network();
    const body = { name: "n1", server_type: "cx23", image: "debian-12", networks: [network] };
    const created = await api.settle("POST", "/servers", body);
    expect(created.json.next_actions.map((each: { command: string }) => each.command)).toEqual([
      "attach_to_network",
      "start_server",
    ]);
    expect((await api.shown(created.json.server.id)).private_net).toMatchObject([{ ip: "10.0.1.1" }]);
  });

  it("joins a spread placement group of at most ten", async () => {
    const api = await TestApi.start();
    const group = (await api.call("POST", "/placement_groups", { name: "pg", type: "spread" })).json.placement_group.id;
    const ids: number[] = [];
    for (let index = 0; index < 10; index++) ids.push(await api.server(`n${index}`, { placement_group: group }));
    expect((await api.call("GET", `/placement_groups/${group}`)).json.placement_group.servers).toEqual(ids);
    const eleventh = { name: "n10", server_type: "cx23", image: "debian-12", placement_group: group };
    expect(await api.code("POST", "/servers", eleventh)).toBe("placement_error");
    expect(await api.code("DELETE", `/placement_groups/${group}`)).toBe("resource_in_use");
  });
});
