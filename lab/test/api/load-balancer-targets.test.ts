import { expect, it } from "vitest";

import { act, attachedPair, balancer, code, https, serverTarget, shown } from "./load-balancer-api";
import { TestApi } from "./test-api";

it("a target says of each service whether its checks pass, and is reached in the network of both", async () => {
  const api = await TestApi.start();
  const { id, server } = await attachedPair(api);
  await act(api, id, "add_target", serverTarget(server));
  expect(api.fabric.loadBalancers.all.get(id)?.targets).toEqual([{ server, ip: "10.0.1.1" }]);
  const status = async () => (await shown(api, id)).targets[0].health_status;
  expect(await status()).toEqual([{ listen_port: 443, status: "unknown" }]);
  api.fabric.loadBalancers.serving.set(server, true);
  expect(await status()).toEqual([{ listen_port: 443, status: "healthy" }]);
  api.fabric.loadBalancers.serving.set(server, false);
  expect(await status()).toEqual([{ listen_port: 443, status: "unhealthy" }]);
  expect((await api.shown(server)).load_balancers).toEqual([id]);
  expect(await code(api, id, "add_target", serverTarget(server))).toBe("target_already_defined");
  await act(api, id, "remove_target", serverTarget(server));
  expect(await code(api, id, "remove_target", serverTarget(server))).toBe("load_balancer_target_not_found");
  expect(api.fabric.loadBalancers.all.get(id)?.targets).toEqual([]);
});

it("a target that cannot be reached is refused, and so are addresses of others", async () => {
  const api = await TestApi.start();
  const { id, server } = await attachedPair(api);
  const alone = await balancer(api, { name: "alone" });
  const outside = await api.server("outside", { public_net: { enable_ipv4: false, enable_ipv6: true } });
  const own = (await api.shown(server)).public_net.ipv4.ip;
  const address = (ip: string) => ({ type: "ip", ip: { ip } });
  for (const [balancer, target, expected] of [
    [alone, serverTarget(server), "load_balancer_not_attached_to_network"],
    [id, serverTarget(outside), "server_not_attached_to_network"],
    [id, serverTarget(outside, false), "missing_ipv4"],
    [id, serverTarget(1999), "not_found"],
    [id, { server: { id: server } }, "invalid_input"],
    [id, address(own), "cloud_resource_ip_not_allowed"],
    [id, address("192.0.2.1"), "ip_not_owned"],
    [id, { ...address("192.0.2.1"), use_private_ip: true }, "invalid_input"],
  ] as const) {
    expect([target, await code(api, balancer, "add_target", target)]).toEqual([target, expected]);
  }
});

it("a load balancer has as many targets as its type allows, those of a label selector included", async () => {
  const api = await TestApi.start();
  const id = await balancer(api);
  const group = { of: "cluster" };
  for (let number = 1; number <= 26; number++) await api.server(`n${number}`, number > 2 ? { labels: group } : {});
  const [first, second] = api.cloud.store.servers.all().map((server) => server.id) as [number, number];
  await act(api, id, "add_target", { type: "label_selector", label_selector: { selector: "of=cluster" } });
  await act(api, id, "add_target", serverTarget(first, false));
  expect(await code(api, id, "add_target", serverTarget(second, false))).toBe("resource_limit_exceeded");
  await act(api, id, "change_type", { load_balancer_type: "lb21" });
  await act(api, id, "add_target", serverTarget(second, false));
  expect(api.fabric.loadBalancers.all.get(id)).toMatchObject({ maxConnections: 20_000, targets: { length: 26 } });
  expect(await code(api, id, "change_type", { load_balancer_type: "lb11" })).toBe("invalid_load_balancer_type");
});

it("whoever gets a label, or loses it, is a target or is none", async () => {
  const api = await TestApi.start();
  const id = await balancer(api, { services: [https] });
  const server = await api.server("n1");
  await act(api, id, "add_target", { type: "label_selector", label_selector: { selector: "of=cluster" } });
  const targets = () => api.fabric.loadBalancers.all.get(id)?.targets.map((target) => target.server);
  expect(targets()).toEqual([]);
  await api.settle("PUT", `/servers/${server}`, { labels: { of: "cluster" } });
  await api.cloud.balancers.applyAll();
  expect(targets()).toEqual([server]);
  expect((await shown(api, id)).targets).toMatchObject([
    { type: "label_selector", targets: [{ server: { id: server } }] },
  ]);
  await api.settle("DELETE", `/servers/${server}`);
  await api.cloud.balancers.applyAll();
  expect(targets()).toEqual([]);
});

it("a server that is deleted is no target any more, and one that is keeps its address", async () => {
  const api = await TestApi.start();
  const id = await balancer(api, { services: [https] });
  const server = await api.server("n1");
  await act(api, id, "add_target", serverTarget(server, false));
  await api.settle("POST", `/servers/${server}/actions/poweroff`);
  const address = (await api.shown(server)).public_net.ipv4.id;
  expect(await api.code("POST", `/primary_ips/${address}/actions/unassign`)).toBe("server_is_load_balancer_target");
  await api.settle("DELETE", `/servers/${server}`);
  expect((await shown(api, id)).targets).toEqual([]);
});

it("a load balancer is in one network at most, and its private targets go with that", async () => {
  const api = await TestApi.start();
  const { id, server, network } = await attachedPair(api);
  expect(await shown(api, id)).toMatchObject({ private_net: [{ network, ip: "10.0.1.2" }] });
  expect((await api.call("GET", `/networks/${network}`)).json.network.load_balancers).toEqual([id]);
  expect(await code(api, id, "attach_to_network", { network })).toBe("load_balancer_already_attached");
  expect(await api.code("DELETE", `/networks/${network}`)).toBe("service_error");
  await act(api, id, "add_target", serverTarget(server));
  await act(api, id, "detach_from_network", { network });
  expect(await shown(api, id)).toMatchObject({ private_net: [], targets: [] });
  expect(api.fabric.loadBalancers.all.get(id)).toMatchObject({ nic: null, targets: [] });
  expect(await code(api, id, "detach_from_network", { network })).toBe("not_found");
  await act(api, id, "attach_to_network", { network, ip: "10.0.1.77" });
  expect(api.fabric.loadBalancers.all.get(id)?.nic).toMatchObject({ ip: "10.0.1.77", gateway: "10.0.0.1" });
});

it("the public interface goes only when nothing needs it", async () => {
  const api = await TestApi.start();
  const { id, server } = await attachedPair(api);
  const alone = await balancer(api, { name: "alone" });
  expect(await code(api, alone, "disable_public_interface")).toBe("load_balancer_not_attached_to_network");
  await act(api, id, "add_target", serverTarget(server, false));
  expect(await code(api, id, "disable_public_interface")).toBe("targets_without_use_private_ip");
  await act(api, id, "remove_target", serverTarget(server));
  await act(api, id, "disable_public_interface");
  expect(api.fabric.loadBalancers.all.get(id)).toMatchObject({ ipv4: null, ipv6Network: null });
  expect(await code(api, id, "add_target", serverTarget(server, false))).toBe(
    "load_balancer_public_interface_disabled",
  );
  await act(api, id, "enable_public_interface");
  expect(await shown(api, id)).toMatchObject({ public_net: { enabled: true } });
});
