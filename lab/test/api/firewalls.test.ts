import { describe, expect, it } from "vitest";

import { TestApi } from "./test-api";

const everyone = ["0.0.0.0/0", "::/0"];
const https = { direction: "in", protocol: "tcp", port: "443", source_ips: everyone };
const ping = { direction: "in", protocol: "icmp", source_ips: ["192.0.2.77/24"], description: "ping" };
const httpsInForce = { direction: "in", protocol: "tcp", port: "443", sourceIps: everyone, destinationIps: [] };
const pingInForce = { direction: "in", protocol: "icmp", port: null, sourceIps: ["192.0.2.0/24"], destinationIps: [] };

async function firewall(api: TestApi, name: string, rules: object[], apply_to: object[] = []): Promise<number> {
  return (await api.settle("POST", "/firewalls", { name, rules, apply_to })).json.firewall.id;
}

function byLabel(selector: string): object {
  return { type: "label_selector", label_selector: { selector } };
}

describe("the rules in force", () => {
  it("are none without a firewall, and nothing at all under an empty one", async () => {
    const api = await TestApi.start();
    const open = await api.server("n1");
    const closed = await api.server("n2", { firewalls: [{ firewall: await firewall(api, "fw", []) }] });
    expect(api.fabric.firewalls.get(open)).toBeNull();
    expect(api.fabric.firewalls.get(closed)).toEqual([]);
  });

  it("are the union of all firewalls of the server, by id and by label", async () => {
    const api = await TestApi.start();
    const id = await api.server("n1", { labels: { role: "bbb" } });
    await firewall(api, "one", [https], [{ type: "server", server: { id } }]);
    await firewall(api, "two", [https, ping], [byLabel("role=bbb")]);
    await firewall(api, "three", [ping], [byLabel("role=proxy")]);
    expect(api.fabric.firewalls.get(id)).toEqual([httpsInForce, pingInForce]);
  });

  it("follow the labels of a server", async () => {
    const api = await TestApi.start();
    const selected = await firewall(api, "fw", [https], [byLabel("role=bbb")]);
    const id = await api.server("n1");
    expect((await api.shown(id)).public_net.firewalls).toEqual([]);
    await api.call("PUT", `/servers/${id}`, { labels: { role: "bbb" } });
    await api.settle("POST", `/firewalls/${selected}/actions/set_rules`, { rules: [https] });
    expect(api.fabric.firewalls.get(id)).toEqual([httpsInForce]);
    expect((await api.shown(id)).public_net.firewalls).toEqual([{ id: selected, status: "applied" }]);
    const { applied_to } = (await api.call("GET", `/firewalls/${selected}`)).json.firewall;
    expect(applied_to).toEqual([
      { ...byLabel("role=bbb"), applied_to_resources: [{ type: "server", server: { id } }] },
    ]);
  });

  it("are in force when the action that changed them has succeeded", async () => {
    const api = await TestApi.start();
    const id = await firewall(api, "fw", [https]);
    const server = await api.server("n1", { firewalls: [{ firewall: id }] });
    await api.settle("POST", `/firewalls/${id}/actions/set_rules`, { rules: [ping] });
    expect(api.fabric.firewalls.get(server)).toEqual([pingInForce]);
    await api.settle("POST", `/firewalls/${id}/actions/remove_from_resources`, {
      remove_from: [{ type: "server", server: { id: server } }],
    });
    expect(api.fabric.firewalls.get(server)).toBeNull();
  });

  it("are set once per change, not with every request", async () => {
    const api = await TestApi.start();
    const id = await firewall(api, "fw", [https]);
    const server = await api.server("n1", { firewalls: [{ firewall: id }] });
    await api.settle("POST", `/firewalls/${id}/actions/set_rules`, { rules: [https] });
    expect(api.fabric.calls.filter((call) => call === `setFirewall ${server}`)).toHaveLength(1);
  });
});

describe("a firewall", () => {
  it("shows its rules in canonical form", async () => {
    const api = await TestApi.start();
    const id = await firewall(api, "fw", [https, ping]);
    expect((await api.call("GET", `/firewalls/${id}`)).json.firewall.rules).toEqual([
      { ...https, destination_ips: [], description: null },
      { ...ping, port: null, source_ips: ["192.0.2.0/24"], destination_ips: [] },
    ]);
  });

  it.each([
    { ...https, port: undefined },
    { ...https, port: "0" },
    { ...https, port: "90-80" },
    { ...https, port: "65536" },
    { ...ping, port: "1" },
    { ...https, source_ips: ["192.0.2.1"] },
    { ...https, source_ips: [] },
    { ...https, direction: "sideways" },
  ])("refuses the rule %o", async (rule) => {
    const api = await TestApi.start();
    expect(await api.code("POST", "/firewalls", { name: "fw", rules: [rule] })).toBe("invalid_input");
  });

  it("has 50 rules at most", async () => {
    const api = await TestApi.start();
    expect(await api.code("POST", "/firewalls", { name: "fw", rules: Array(50).fill(https) })).toBe("none");
    expect(await api.code("POST", "/firewalls", { name: "f2", rules: Array(51).fill(https) })).toBe("invalid_input");
  });

  it("is applied to a thing once, and removed only from what it is applied to", async () => {
    const api = await TestApi.start();
    const [id, server] = [await firewall(api, "fw", [https]), await api.server("n1", { labels: { a: "b" } })];
    const target = { type: "server", server: { id: server } };
    const change = async (action: string, body: object) => {
      const answer = await api.settle("POST", `/firewalls/${id}/actions/${action}`, body);
      return answer.json.error?.code ?? "none";
    };
    expect(await change("remove_from_resources", { remove_from: [target] })).toBe("firewall_resource_not_found");
    expect(await change("apply_to_resources", { apply_to: [target] })).toBe("none");
    expect(await change("apply_to_resources", { apply_to: [target] })).toBe("firewall_already_applied");
    expect(await change("remove_from_resources", { remove_from: [target] })).toBe("none");
    expect(await change("apply_to_resources", { apply_to: [byLabel("a=b")] })).toBe("none");
    const selected = await change("remove_from_resources", { remove_from: [target] });
    expect(selected).toBe("firewall_managed_by_label_selector");
  });

  it("in use is not deleted", async () => {
    const api = await TestApi.start();
    const id = await firewall(api, "fw", [https], [byLabel("a=b")]);
    expect(await api.code("DELETE", `/firewalls/${id}`)).toBe("resource_in_use");
    await api.settle("POST", `/firewalls/${id}/actions/remove_from_resources`, { remove_from: [byLabel("a=b")] });
    expect((await api.call("DELETE", `/firewalls/${id}`)).status).toBe(204);
  });
});
