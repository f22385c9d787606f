import { describe, expect, it } from "vitest";

import { TestApi } from "./test-api";

describe("a network", () => {
  it("lists its subnets with the gateway of the whole network", async () => {
    const api = await TestApi.start();
    const id = (await api.call("POST", "/networks", { name: "net", ip_range: "10.0.0.0/16" })).json.network.id;
    const subnet = { type: "cloud", ip_range: "10.0.1.0/24", network_zone: "eu-central" };
    const answer = await api.settle("POST", `/networks/${id}/actions/add_subnet`, subnet);
    expect([answer.status, answer.json.action.command]).toEqual([201, "add_subnet"]);
    expect((await api.call("GET", `/networks/${id}`)).json.network).toMatchObject({
      ...{ ip_range: "10.0.0.0/16", routes: [], servers: [], protection: { delete: false } },
      subnets: [{ ...subnet, gateway: "10.0.0.1" }],
    });
  });

  it.each([
    ["10.0.1.0/24", "overlaps"],
    ["10.0.0.0/22", "overlaps"],
    ["10.1.0.0/24", "inside"],
    ["10.0.1.1/24", "inside"],
  ])("refuses the subnet %s", async (ip_range, reason) => {
    const api = await TestApi.start();
    const id = await api.network();
    const subnet = { type: "cloud", ip_range, network_zone: "eu-central" };
    const answer = await api.call("POST", `/networks/${id}/actions/add_subnet`, subnet);
    expect(answer.json.error.details.fields).toMatchObject([
      { name: "ip_range", messages: [expect.stringContaining(reason)] },
    ]);
  });

  it.each(["192.0.2.0/24", "10.0.0.0/25", "10.0.0.1/16", "x"])("cannot have the range %s", async (ip_range) => {
    const api = await TestApi.start();
    expect(await api.code("POST", "/networks", { name: "net", ip_range })).toBe("invalid_input");
  });

  it("and its subnet cannot be deleted while servers are attached", async () => {
    const api = await TestApi.start();
    const id = await api.network();
    const server = await api.server("n1", { networks: [id] });
    const subnet = { ip_range: "10.0.1.0/24" };
    const answer = await api.call("POST", `/networks/${id}/actions/delete_subnet`, subnet);
    expect(answer.json.error).toMatchObject({
      code: "service_error",
      message: expect.stringContaining("servers are attached"),
    });
    expect(await api.code("DELETE", `/networks/${id}`)).toBe("service_error");
    await api.settle("POST", `/servers/${server}/actions/detach_from_network`, { network: id });
    expect(api.fabric.machine(server).nics).toEqual([]);
    expect((await api.settle("POST", `/networks/${id}/actions/delete_subnet`, subnet)).status).toBe(201);
    expect((await api.call("DELETE", `/networks/${id}`)).status).toBe(204);
  });

  it("under delete protection is not deleted", async () => {
    const api = await TestApi.start();
    const id = await api.network();
    await api.settle("POST", `/networks/${id}/actions/change_protection`, { delete: true });
    expect(await api.code("DELETE", `/networks/${id}`)).toBe("protected");
  });
});

describe("a private address", () => {
  it("is chosen free inside the subnet, and given to one server only", async () => {
    const api = await TestApi.start();
    const network = await api.network();
    const [first, second] = [await api.server("n1"), await api.server("n2")];
    const attach = (id: number, wish: object) =>
      api.settle("POST", `/servers/${id}/actions/attach_to_network`, { network, ...wish });
    await attach(first, { ip: "10.0.1.1" });
    expect((await attach(second, { ip: "10.0.1.1" })).json.error.code).toBe("ip_not_available");
    expect((await attach(second, { ip: "10.0.2.1" })).json.error.code).toBe("invalid_input");
    expect((await attach(second, { ip_range: "10.0.2.0/24" })).json.error.code).toBe("no_subnet_available");
    await attach(second, {});
    expect((await api.shown(second)).private_net).toMatchObject([{ ip: "10.0.1.2" }]);
    expect((await attach(second, {})).json.error.code).toBe("server_already_attached");
  });

  it("cannot be had in another network zone", async () => {
    const api = await TestApi.start();
    const network = await api.network();
    const server = await api.server("n1", { location: "ash", server_type: "ccx13" });
    expect(await api.code("POST", `/servers/${server}/actions/attach_to_network`, { network })).toBe(
      "no_subnet_available",
    );
  });

  it("of two networks that overlap is refused", async () => {
    const api = await TestApi.start();
    const [one, two] = [await api.network("one"), await api.network("two")];
    const server = await api.server("n1", { networks: [one] });
    const path = `/servers/${server}/actions/attach_to_network`;
    expect(await api.code("POST", path, { network: two })).toBe("networks_overlap");
  });

  it("may have aliases that nobody else has", async () => {
    const api = await TestApi.start();
    const network = await api.network();
    const [first, second] = [
      await api.server("n1", { networks: [network] }),
      await api.server("n2", { networks: [network] }),
    ];
    const change = (id: number, alias_ips: string[]) =>
      api.settle("POST", `/servers/${id}/actions/change_alias_ips`, { network, alias_ips });
    await change(first, ["10.0.1.100"]);
    expect((await api.shown(first)).private_net).toMatchObject([{ alias_ips: ["10.0.1.100"] }]);
    expect((await change(second, ["10.0.1.100"])).json.error.code).toBe("ip_not_available");
    expect((await change(first, ["10.0.1.100", "10.0.1.101"])).status).toBe(201);
  });
});
