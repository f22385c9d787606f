import { describe, expect, it, vi } from "vitest";

import { TestApi } from "./test-api";

const network = { name: "net", ip_range: "10.0.0.0/16" };

describe("a fault", () => {
  it.each([
    ["rate-limit", "GET", "/networks", 429, "rate_limit_exceeded"],
    ["conflict", "POST", "/networks", 409, "conflict"],
    ["locked", "POST", "/networks", 423, "locked"],
    ["out-of-stock", "POST", "/servers", 412, "resource_unavailable"],
    ["unavailable", "GET", "/networks", 503, "unavailable"],
    ["timeout", "GET", "/networks", 504, "timeout"],
  ])("of kind %s strikes as often as told", async (kind, method, path, status, code) => {
    const api = await TestApi.start();
    await api.raw("PUT", "/_lab/faults", { [kind]: { times: 2 } });
    for (const _ of [1, 2]) {
      const answer = await api.call(method, path, method === "POST" ? network : undefined);
      expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    }
    expect((await api.call(method, path, method === "POST" ? network : undefined)).status).not.toBe(status);
    expect((await api.raw("GET", "/_lab/faults")).json).toEqual({});
  });

  it("lets as many requests pass as told before it strikes", async () => {
    const api = await TestApi.start();
    await api.raw("PUT", "/_lab/faults", { unavailable: { times: 1, after: 2 } });
    const statuses: number[] = [];
    for (const _ of [1, 2, 3, 4]) statuses.push((await api.call("GET", "/networks")).status);
    expect(statuses).toEqual([200, 200, 503, 200]);
  });

  it("of kind bad-gateway answers without JSON, before or after the request was carried out", async () => {
    const api = await TestApi.start();
    for (const [afterwards, count] of [
      [false, 0],
      [true, 1],
    ] as const) {
      await api.raw("PUT", "/_lab/faults", { "bad-gateway": { times: 1, method: "POST", afterwards } });
      const answer = await api.call("POST", "/networks", network);
      expect([answer.status, answer.json]).toEqual([502, "<html>502 Bad Gateway</html>"]);
      expect((await api.call("GET", "/networks")).json.networks).toHaveLength(count);
    }
  });

  it("of kind timeout strikes after the request was carried out, if told so", async () => {
    const api = await TestApi.start();
    await api.raw("PUT", "/_lab/faults", { timeout: { times: 1, method: "POST", afterwards: true } });
    expect((await api.call("POST", "/networks", network)).status).toBe(504);
    expect((await api.call("GET", "/networks")).json.networks).toHaveLength(1);
  });

  it("of kind no-answer carries a request out, and answers it when the fault is switched off", async () => {
    const api = await TestApi.start();
    await api.raw("PUT", "/_lab/faults", { "no-answer": { times: 1, method: "POST" } });
    let status: number | undefined;
    const answered = api.call("POST", "/networks", network).then((answer) => {
      status = answer.status;
    });
    await vi.waitUntil(async () => (await api.call("GET", "/networks")).json.networks.length === 1);
    expect(status).toBeUndefined();
    await api.raw("PUT", "/_lab/faults", {});
    await answered;
    expect(status).toBe(201);
  });

  it("of kind action-error fails an action by its command", async () => {
    const api = await TestApi.start();
    await api.raw("PUT", "/_lab/faults", { "action-error": { command: "attach_to_network" } });
    const [id, net] = [await api.server("n1"), await api.network()];
    const answer = await api.settle("POST", `/servers/${id}/actions/attach_to_network`, { network: net });
    const action = (await api.call("GET", `/actions/${answer.json.action.id}`)).json.action;
    expect(action).toMatchObject({ status: "error", error: { code: "action_failed", message: "Action failed" } });
    expect((await api.shown(id)).private_net).toEqual([]);
  });

  it("strikes only where its path says, until it is switched off", async () => {
    const api = await TestApi.start();
    await api.raw("PUT", "/_lab/faults", { unavailable: { path: "^/v1/networks" } });
    expect((await api.call("GET", "/servers")).status).toBe(200);
    for (const _ of [1, 2, 3]) expect((await api.call("GET", "/networks")).status).toBe(503);
    await api.raw("PUT", "/_lab/faults", {});
    expect((await api.call("GET", "/networks")).status).toBe(200);
  });

  it("of an unknown kind or with an unknown setting is refused", async () => {
    const api = await TestApi.start();
    expect((await api.raw("PUT", "/_lab/faults", { fire: {} })).status).toBe(422);
    expect((await api.raw("PUT", "/_lab/faults", { conflict: { count: 1 } })).status).toBe(422);
    expect((await api.raw("PUT", "/_lab/faults", { conflict: { path: "(" } })).status).toBe(422);
  });
});
