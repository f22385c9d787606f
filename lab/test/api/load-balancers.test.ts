import { cpSync } from "node:fs";
import { expect, it } from "vitest";

import { gate } from "./gate";
import { act, attachedPair, balancer, code, https, serverTarget, shown } from "./load-balancer-api";
import { TestApi, temporaryFolder } from "./test-api";

it("a load balancer has public addresses, a type and no network, and is found by name and labels", async () => {
  const api = await TestApi.start();
  const id = await balancer(api, { labels: { of: "front" } });
  expect(await shown(api, id)).toMatchObject({
    ...{ id, name: "front", labels: { of: "front" }, location: { name: "fsn1", network_zone: "eu-central" } },
    load_balancer_type: { name: "lb11", max_services: 5, max_targets: 25, max_connections: 10_000 },
    ...{ services: [], targets: [], private_net: [], algorithm: { type: "round_robin" } },
    public_net: { enabled: true, ipv4: { ip: expect.stringMatching(/^203\.0\.113\.\d+$/) } },
    protection: { delete: false },
  });
  for (const [query, found] of [
    ["name=front", 1],
    ["label_selector=of%3Dfront", 1],
    ["label_selector=of%3Dback", 0],
  ] as const) {
    expect((await api.call("GET", `/load_balancers?${query}`)).json.load_balancers).toHaveLength(found);
  }
  const again = { name: "front", load_balancer_type: "lb11", location: "fsn1" };
  expect(await api.code("POST", "/load_balancers", again)).toBe("uniqueness_error");
  expect((await api.call("DELETE", `/load_balancers/${id}`)).status).toBe(204);
  expect(api.fabric.loadBalancers.all.size).toBe(0);
});

it.each([
  [{ location: undefined }, "invalid_input"],
  [{ network_zone: "eu-central" }, "invalid_input"],
  [{ location: "nowhere" }, "invalid_input"],
  [{ load_balancer_type: "lb12" }, "invalid_input"],
  [{ algorithm: { type: "random" } }, "invalid_input"],
  [{ public_interface: false }, "load_balancer_not_attached_to_network"],
  [{ services: [https, https] }, "source_port_already_used"],
  [{ services: [{ ...https, protocol: "http" }] }, "invalid_input"],
  [{ services: [1, 2, 3, 4, 5, 6].map((listen_port) => ({ ...https, listen_port })) }, "resource_limit_exceeded"],
])("a load balancer that cannot be is refused: %j", async (wrong, expected) => {
  const api = await TestApi.start();
  const body = { name: "front", load_balancer_type: "lb11", location: "fsn1", ...wrong };
  expect(await api.code("POST", "/load_balancers", body)).toBe(expected);
  expect(api.fabric.loadBalancers.all.size).toBe(0);
});

it("a health check that is left out is Hetzner's own", async () => {
  const api = await TestApi.start();
  const id = await balancer(api, { services: [{ ...https, destination_port: 8443 }] });
  const check = { protocol: "tcp", port: 8443, interval: 15, timeout: 10, retries: 3 };
  expect((await shown(api, id)).services).toEqual([
    { protocol: "tcp", listen_port: 443, destination_port: 8443, proxyprotocol: false, health_check: check },
  ]);
});

it.each([
  [{ interval: 2 }, "health_check.healthCheckInterval", "Must be between 3 and 60."],
  [{ interval: 61 }, "health_check.healthCheckInterval", "Must be between 3 and 60."],
  [{ interval: 5, timeout: 15 }, "health_check.healthCheckTimeout", "Must be between 1 and 5."],
  [{ retries: 6 }, "health_check.healthCheckRetries", "Must be between 1 and 5."],
  [{ retries: 0 }, "health_check.healthCheckRetries", "Must be between 1 and 5."],
  [{ protocol: "https" }, "health_check.protocol", "Not a valid choice."],
])("a health check that Hetzner does not make is refused: %j", async (wrong, name, message) => {
  const api = await TestApi.start();
  const id = await balancer(api, { services: [https] });
  const health_check = { protocol: "tcp", interval: 5, timeout: 2, retries: 2, ...wrong };
  for (const [action, body] of [
    ["add_service", { ...https, listen_port: 80 }],
    ["update_service", https],
  ] as const) {
    expect(await act(api, id, action, { ...body, health_check })).toMatchObject({
      status: 422,
      json: { error: { code: "invalid_input", details: { fields: [{ name, messages: [message] }] } } },
    });
  }
});

it("a service is changed part by part, and one that is not there is not", async () => {
  const api = await TestApi.start();
  const id = await balancer(api, { services: [https] });
  const http = { path: "/health", domain: "bbb.example.com", tls: true };
  await act(api, id, "update_service", {
    ...{ listen_port: 443, proxyprotocol: true },
    health_check: { protocol: "http", port: 8080, interval: 3, timeout: 2, retries: 2, http },
  });
  await act(api, id, "update_service", { listen_port: 443, health_check: { interval: 4 } });
  const found = { ...http, response: "", status_codes: ["2??", "3??"] };
  expect((await shown(api, id)).services).toEqual([
    {
      ...{ ...https, proxyprotocol: true },
      health_check: { protocol: "http", port: 8080, interval: 4, timeout: 2, retries: 2, http: found },
    },
  ]);
  expect(await code(api, id, "add_service", https)).toBe("source_port_already_used");
  expect(await code(api, id, "update_service", { listen_port: 80 })).toBe("invalid_input");
  expect(await code(api, id, "delete_service", { listen_port: 80 })).toBe("invalid_input");
  await act(api, id, "delete_service", { listen_port: 443 });
  expect((await shown(api, id)).services).toEqual([]);
});

it("a load balancer has names of its own and is protected when told so", async () => {
  const api = await TestApi.start();
  const id = await balancer(api);
  const { ipv4, ipv6 } = (await shown(api, id)).public_net;
  for (const { ip } of [ipv4, ipv6]) await act(api, id, "change_dns_ptr", { ip, dns_ptr: "bbb.example.com" });
  expect(await code(api, id, "change_dns_ptr", { ip: "192.0.2.1", dns_ptr: "x.example.com" })).toBe("invalid_input");
  expect((await shown(api, id)).public_net.ipv6.dns_ptr).toBe("bbb.example.com");
  const names = api.fabric.records.filter(({ value }) => value === "bbb.example.com.").map(({ type }) => type);
  expect(names).toEqual(["PTR", "PTR"]);
  await act(api, id, "change_protection", { delete: true });
  expect(await api.code("DELETE", `/load_balancers/${id}`)).toBe("protected");
});

it("while something is done to a load balancer all else conflicts, and what fails is as it was before", async () => {
  const api = await TestApi.start();
  const id = await balancer(api);
  const slow = gate();
  api.fabric.gates.set("setBalancer", slow.promise);
  api.fabric.failures.set("setBalancer", 2);
  await api.call("POST", `/load_balancers/${id}/actions/add_service`, https);
  expect(await api.code("POST", `/load_balancers/${id}/actions/add_service`, https)).toBe("conflict");
  slow.open();
  await api.cloud.actions.settled();
  expect((await shown(api, id)).services).toEqual([]);
});

it("faults switch what Hetzner does not tell of its load balancers", async () => {
  const api = await TestApi.start();
  const id = await balancer(api);
  const usual = { proxyVersion: 2, checksSpeakProxy: false, trustsNewTargets: false };
  expect(api.fabric.loadBalancers.all.get(id)).toMatchObject(usual);
  await api.raw("PUT", "/_lab/faults", { "proxy-protocol-v1": {}, "proxy-protocol-checks": {}, "early-traffic": {} });
  const other = { proxyVersion: 1, checksSpeakProxy: true, trustsNewTargets: true };
  expect(api.fabric.loadBalancers.all.get(id)).toMatchObject(other);
  await api.raw("PUT", "/_lab/faults", {});
  expect(api.fabric.loadBalancers.all.get(id)).toMatchObject(usual);
});

it("after a restart load balancers serve as before, without servers that are not there", async () => {
  const [stateDir, copy] = [temporaryFolder(), temporaryFolder()];
  const before = await TestApi.start(stateDir);
  const { id, server } = await attachedPair(before);
  await act(before, id, "add_target", serverTarget(server));
  const stored = before.cloud.store.loadBalancers.get(id);
  const targets = [...(stored?.targets ?? []), { type: "server", server: 1999, usePrivateIp: true } as const];
  before.cloud.store.loadBalancers.update(stored as never, { targets });
  before.cloud.store.flush();
  cpSync(stateDir, copy, { recursive: true });
  const after = await TestApi.start(copy);
  expect(after.fabric.loadBalancers.all.get(id)).toMatchObject({
    ...{ targets: [{ server, ip: "10.0.1.1" }], nic: { ip: "10.0.1.2" } },
    services: [{ listenPort: 443 }],
  });
  expect((await shown(after, id)).targets).toHaveLength(1);
});
