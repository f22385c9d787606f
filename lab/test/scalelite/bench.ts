import { createHash } from "node:crypto";

import { type Scalelite, type ScaleliteOptions, startScalelite } from "../../scalelite/server";
import { FakeNode } from "./fake-node";

export const secret = "l0adbalancers3cret";

/** A Scalelite with two nodes, enabled and polled, and those who ask it. */
export class Bench {
  private constructor(
    readonly scalelite: Scalelite,
    readonly one: FakeNode,
    readonly two: FakeNode,
  ) {}

  static async start(options: Partial<ScaleliteOptions> = {}): Promise<Bench> {
    const nodes = await Promise.all([FakeNode.start("secret-one"), FakeNode.start("secret-two")]);
    const given = { secret, hosts: ["127.0.0.1"], port: 0, pollMs: 0, timeoutMs: 5000, ...options };
    return new Bench(await startScalelite(given), ...(nodes as [FakeNode, FakeNode]));
  }

  async close(): Promise<void> {
    await this.scalelite.close();
    this.one.close();
    this.two.close();
  }

  /** Adds both nodes, enables and polls them; returns their ids. */
  async withServers(): Promise<[one: string, two: string]> {
    const ids: string[] = [];
    for (const { url, secret: nodeSecret } of [this.one, this.two]) {
      const { json } = await this.servers("addServer", { server: { url, secret: nodeSecret } });
      ids.push(json.id);
      await this.state(json.id, "enable");
    }
    await this.scalelite.poll();
    return ids as [string, string];
  }

  state(id: string, state: "enable" | "cordon" | "disable") {
    return this.servers("updateServer", { id, server: { state } });
  }

  /** What getServers says of a server. */
  async shown(id: string) {
    const { json } = await this.servers("getServers");
    return (json as unknown as { id: string }[]).find((server) => server.id === id);
  }

  /** A call of the servers' API, as a client with this secret makes it. */
  async servers(action: string, body?: object, by = secret) {
    const checksum = createHash("sha256").update(`${action}${by}`).digest("hex");
    const given =
      body === undefined
        ? {}
        : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    return this.get(`/scalelite/api/${action}?checksum=${checksum}`, given);
  }

  /** A call of BigBlueButton's API, as a frontend makes it. */
  async meetings(action: string, parameters: Record<string, string> = {}, init: RequestInit = {}) {
    const query = new URLSearchParams(parameters).toString();
    const checksum = createHash("sha1").update(`${action}${query}${secret}`).digest("hex");
    return this.get(`/bigbluebutton/api/${action}?${query}&checksum=${checksum}`, init);
  }

  async get(path: string, init: RequestInit = {}) {
    const answer = await fetch(`${this.scalelite.url}${path}`, { redirect: "manual", ...init });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    const json = (isJson ? JSON.parse(text) : {}) as Record<string, string> & { id: string };
    return { status: answer.status, text, json, location: answer.headers.get("location") };
  }
}
