import { describe, expect, it } from "vitest";

import { TestApi } from "./test-api";

async function address(api: TestApi, type: "ipv4" | "ipv6", name: string, location = "fsn1"): Promise<number> {
  const body = { name, type, location, auto_delete: false, labels: {} };
  const answer = await api.call("POST", "/primary_ips", body);
  expect(answer).toMatchObject({ status: 201, json: { action: null, primary_ip: { assignee_type: "unassigned" } } });
  return answer.json.primary_ip.id;
}

describe("a primary IP", () => {
  it("is an address for IPv4 and a /64 for IPv6", async () => {
    const api = await TestApi.start();
    const [v4, v6] = [await address(api, "ipv4", "four"), await address(api, "ipv6", "six")];
    expect((await api.call("GET", `/primary_ips/${v4}`)).json.primary_ip).toMatchObject({
      ...{ ip: "203.0.113.10", assignee_id: null, location: { name: "fsn1" } },
      dns_ptr: [{ ip: "203.0.113.10", dns_ptr: "static.10.113.0.203.clients.your-server.de" }],
    });
    expect((await api.call("GET", `/primary_ips/${v6}`)).json.primary_ip).toMatchObject({
      ip: "2001:db8:2::/64",
      dns_ptr: [],
    });
  });

  it("given to a server at its creation outlives it", async () => {
    const api = await TestApi.start();
    const [ipv4, ipv6] = [await address(api, "ipv4", "four"), await address(api, "ipv6", "six")];
    const server = await api.server("n1", { public_net: { enable_ipv4: true, enable_ipv6: true, ipv4, ipv6 } });
    expect((await api.call("GET", `/primary_ips/${ipv4}`)).json.primary_ip.assignee_id).toBe(server);
    expect(await api.code("DELETE", `/primary_ips/${ipv4}`)).toBe("must_be_unassigned");
    await api.settle("DELETE", `/servers/${server}`);
    expect((await api.call("GET", `/primary_ips/${ipv4}`)).json.primary_ip.assignee_type).toBe("unassigned");
    expect((await api.call("DELETE", `/primary_ips/${ipv4}`)).status).toBe(204);
  });

  it.each([
    ["ipv4", "four", "primary_ip_assigned"],
    ["ipv4", "abroad", "primary_ip_datacenter_mismatch"],
    ["ipv4", "six", "primary_ip_version_mismatch"],
  ])("that does not fit a new server is refused: %s %s", async (field, name, code) => {
    const api = await TestApi.start();
    const ids: Record<string, number> = {
      four: await address(api, "ipv4", "four"),
      six: await address(api, "ipv6", "six"),
      abroad: await address(api, "ipv4", "abroad", "hel1"),
    };
    await api.server("n1", { public_net: { ipv4: ids["four"] } });
    const body = { name: "n2", server_type: "cx23", image: "debian-12", public_net: { [field]: ids[name] } };
    expect(await api.code("POST", "/servers", body)).toBe(code);
  });

  it("moves between servers only while they are off, and the machine boots with it", async () => {
    const api = await TestApi.start();
    const ip = await address(api, "ipv4", "four");
    const server = await api.server("n1", { public_net: { ipv4: ip, enable_ipv6: false } });
    expect(await api.code("POST", `/primary_ips/${ip}/actions/unassign`)).toBe("server_not_stopped");
    await api.settle("POST", `/servers/${server}/actions/poweroff`);
    await api.settle("POST", `/primary_ips/${ip}/actions/unassign`);
    await api.settle("POST", `/servers/${server}/actions/poweron`);
    expect(api.fabric.machine(server).machine.ipv4).toBeNull();
    await api.settle("POST", `/servers/${server}/actions/poweroff`);
    await api.settle("POST", `/primary_ips/${ip}/actions/assign`, { assignee_id: server, assignee_type: "server" });
    await api.settle("POST", `/servers/${server}/actions/poweron`);
    expect(api.fabric.machine(server).machine.ipv4).toBe("203.0.113.10");
  });

  it("cannot be assigned to a server that has one of its type", async () => {
    const api = await TestApi.start();
    const server = await api.server("n1", { start_after_create: false });
    const ip = await address(api, "ipv4", "four");
    const path = `/primary_ips/${ip}/actions/assign`;
    expect(await api.code("POST", path, { assignee_id: server })).toBe("server_has_ipv4");
  });

  it("answers an empty PUT with all of it", async () => {
    const api = await TestApi.start();
    const ip = await address(api, "ipv4", "four");
    expect((await api.call("PUT", `/primary_ips/${ip}`, {})).json.primary_ip).toMatchObject({ id: ip, name: "four" });
  });

  it("under delete protection is not deleted", async () => {
    const api = await TestApi.start();
    const ip = await address(api, "ipv4", "four");
    await api.settle("POST", `/primary_ips/${ip}/actions/change_protection`, { delete: true });
    expect(await api.code("DELETE", `/primary_ips/${ip}`)).toBe("protected");
  });
});

describe("a reverse name", () => {
  it("is published, and null brings back the default", async () => {
    const api = await TestApi.start();
    const ip = await address(api, "ipv4", "four");
    const change = (dns_ptr: string | null) =>
      api.settle("POST", `/primary_ips/${ip}/actions/change_dns_ptr`, { ip: "203.0.113.10", dns_ptr });
    await change("bbb.example.org");
    expect(api.fabric.values("10.113.0.203.in-addr.arpa.", "PTR")).toEqual(["bbb.example.org."]);
    await change(null);
    expect(api.fabric.values("10.113.0.203.in-addr.arpa.", "PTR")).toEqual([
      "static.10.113.0.203.clients.your-server.de.",
    ]);
  });

  it("can be set for any address of an IPv6 network, however it is written", async () => {
    const api = await TestApi.start();
    const server = await api.server("n1");
    const path = `/servers/${server}/actions/change_dns_ptr`;
    await api.settle("POST", path, { ip: "2001:DB8:2:0::1", dns_ptr: "n1.example.org" });
    expect((await api.shown(server)).public_net.ipv6.dns_ptr).toEqual([
      { ip: "2001:db8:2::1", dns_ptr: "n1.example.org" },
    ]);
    expect(await api.code("POST", path, { ip: "2001:db8:9::1", dns_ptr: "x" })).toBe("invalid_input");
  });
});
