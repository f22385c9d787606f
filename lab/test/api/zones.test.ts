import { describe, expect, it } from "vitest";

import { gate } from "./gate";
import { TestApi } from "./test-api";

async function zoned(): Promise<TestApi> {
  const api = await TestApi.start();
  await api.settle("POST", "/zones", { name: "example.org", mode: "primary", ttl: 3600 });
  return api;
}

const rrsets = "/zones/example.org/rrsets";
const a = { name: "www", type: "A", records: [{ value: "192.0.2.1" }] };

describe("a zone", () => {
  it("begins with SOA and three name servers", async () => {
    const api = await zoned();
    const { zone } = (await api.call("GET", "/zones/example.org")).json;
    expect(zone).toMatchObject({ name: "example.org", mode: "primary", ttl: 3600, status: "ok", record_count: 4 });
    expect((await api.call("GET", `/zones/${zone.id}`)).json.zone).toEqual(zone);
    expect(api.fabric.values("example.org.", "NS")).toEqual([
      "helium.ns.hetzner.de.",
      "hydrogen.ns.hetzner.com.",
      "oxygen.ns.hetzner.com.",
    ]);
    expect(api.fabric.values("example.org.", "SOA")).toHaveLength(1);
  });

  it.each([
    ["sub.example.org", "invalid_input"],
    ["Example.org", "invalid_input"],
    ["org", "invalid_input"],
    ["example.org", "uniqueness_error"],
    ["example.co.uk", "none"],
  ])("named %s: %s", async (name, code) => {
    const api = await zoned();
    expect(await api.code("POST", "/zones", { name, mode: "primary" })).toBe(code);
    await api.cloud.actions.settled();
  });

  it("is deleted with its records by an action, unless protected", async () => {
    const api = await zoned();
    await api.settle("POST", "/zones/example.org/actions/change_protection", { delete: true });
    expect(await api.code("DELETE", "/zones/example.org")).toBe("protected");
    await api.settle("POST", "/zones/example.org/actions/change_protection", { delete: false });
    const answer = await api.settle("DELETE", "/zones/example.org");
    expect([answer.status, answer.json.action.command]).toEqual([201, "delete_zone"]);
    expect(api.fabric.records).toEqual([]);
  });

  it("has a serial that goes up with every change", async () => {
    const api = await zoned();
    const serial = () => Number(api.fabric.values("example.org.", "SOA")[0]?.split(" ")[2]);
    const before = serial();
    await api.settle("POST", rrsets, a);
    expect(serial()).toBe(before + 1);
  });
});

describe("a record set", () => {
  it("is published before its action succeeds", async () => {
    const api = await zoned();
    const publishing = gate();
    api.fabric.gates.set("publish", publishing.promise);
    const { action } = (await api.call("POST", rrsets, a)).json;
    expect((await api.call("GET", `/actions/${action.id}`)).json.action.status).toBe("running");
    expect(api.fabric.values("www.example.org.", "A")).toEqual([]);
    publishing.open();
    await api.cloud.actions.settled();
    expect((await api.call("GET", `/actions/${action.id}`)).json.action.status).toBe("success");
    expect(api.fabric.values("www.example.org.", "A")).toEqual(["192.0.2.1"]);
  });

  it("keeps a ttl of null and is published with that of the zone", async () => {
    const api = await zoned();
    await api.settle("POST", rrsets, a);
    expect((await api.call("GET", `${rrsets}/www/A`)).json.rrset).toMatchObject({
      ...{ id: "www/A", name: "www", type: "A", ttl: null, labels: {}, protection: { change: false } },
      records: [{ value: "192.0.2.1" }],
    });
    expect(api.fabric.records).toContainEqual({ name: "www.example.org.", type: "A", ttl: 3600, value: "192.0.2.1" });
    await api.settle("POST", `${rrsets}/www/A/actions/change_ttl`, { ttl: 60 });
    expect(api.fabric.records).toContainEqual({ name: "www.example.org.", type: "A", ttl: 60, value: "192.0.2.1" });
  });

  it.each([
    ["@", "example.org."],
    ["*", "*.example.org."],
    ["_dmarc", "_dmarc.example.org."],
    ["a.b", "a.b.example.org."],
  ])("named %s stands literally in the path and is published as %s", async (name, absolute) => {
    const api = await zoned();
    await api.settle("POST", rrsets, { name, type: "TXT", records: [{ value: '"x"', comment: "why" }] });
    const { rrset } = (await api.call("GET", `${rrsets}/${name}/TXT`)).json;
    expect(rrset.records).toEqual([{ value: '"x"', comment: "why" }]);
    expect(api.fabric.values(absolute, "TXT")).toEqual(['"x"']);
    expect((await api.settle("DELETE", `${rrsets}/${name}/TXT`)).status).toBe(201);
    expect(await api.code("GET", `${rrsets}/${name}/TXT`)).toBe("not_found");
  });

  it("is replaced, extended and reduced by its values", async () => {
    const api = await zoned();
    const act = (action: string, ...values: string[]) =>
      api.settle("POST", `${rrsets}/www/A/actions/${action}`, { records: values.map((value) => ({ value })) });
    await act("add_records", "192.0.2.1");
    await act("add_records", "192.0.2.2");
    expect(api.fabric.values("www.example.org.", "A")).toEqual(["192.0.2.1", "192.0.2.2"]);
    expect((await act("add_records", "192.0.2.2")).json.error.code).toBe("invalid_input");
    await act("set_records", "192.0.2.3", "192.0.2.4");
    await act("remove_records", "192.0.2.3");
    expect(api.fabric.values("www.example.org.", "A")).toEqual(["192.0.2.4"]);
    await act("remove_records", "192.0.2.4");
    expect(await api.code("GET", `${rrsets}/www/A`)).toBe("not_found");
  });

  it("with relative targets is published with absolute ones", async () => {
    const api = await zoned();
    await api.settle("POST", rrsets, { name: "@", type: "MX", records: [{ value: "10 mail" }] });
    await api.settle("POST", rrsets, { name: "web", type: "CNAME", records: [{ value: "www.example.com." }] });
    expect(api.fabric.values("example.org.", "MX")).toEqual(["10 mail.example.org."]);
    expect(api.fabric.values("web.example.org.", "CNAME")).toEqual(["www.example.com."]);
  });

  it.each([
    [{ ...a }, "uniqueness_error"],
    [{ ...a, type: "CNAME", records: [{ value: "x" }] }, "invalid_input"],
    [{ ...a, name: "WWW" }, "invalid_input"],
    [{ ...a, name: "x.example.org." }, "invalid_input"],
    [{ ...a, name: "x", records: [] }, "invalid_input"],
    [{ ...a, name: "x", records: [{ value: "2001:db8::1" }] }, "invalid_input"],
    [{ ...a, name: "x", ttl: 59 }, "invalid_input"],
    [{ ...a, name: "x", type: "TXT", records: [{ value: "unquoted" }] }, "invalid_input"],
    [{ ...a, name: "x", type: "SOA" }, "invalid_input"],
  ])("is refused: %o", async (body, code) => {
    const api = await zoned();
    await api.settle("POST", rrsets, a);
    expect(await api.code("POST", rrsets, body)).toBe(code);
  });

  it("under change protection is not changed, except in its labels", async () => {
    const api = await zoned();
    await api.settle("POST", rrsets, a);
    await api.settle("POST", `${rrsets}/www/A/actions/change_protection`, { change: true });
    const records = [{ value: "192.0.2.9" }];
    expect(await api.code("POST", `${rrsets}/www/A/actions/set_records`, { records })).toBe("protected");
    expect(await api.code("DELETE", `${rrsets}/www/A`)).toBe("protected");
    const answer = await api.call("PUT", `${rrsets}/www/A`, { labels: { a: "b" } });
    expect(answer.json.rrset).toMatchObject({ labels: { a: "b" }, records: a.records });
  });

  it("whose publication fails ends in a failed action", async () => {
    const api = await zoned();
    api.fabric.failures.set("publish", 1);
    const { action } = (await api.settle("POST", rrsets, a)).json;
    const error = { code: "action_failed", message: "publish failed as told" };
    expect((await api.call("GET", `/actions/${action.id}`)).json.action).toMatchObject({ status: "error", error });
  });
});
