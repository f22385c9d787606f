import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { onTestFinished } from "vitest";

import { createApp } from "../../api/app";
import { type Cloud, createCloud } from "../../api/cloud";
import type { RateLimit } from "../../api/rate-limit";
import { recover } from "../../api/recovery";
import { MemoryFabric } from "./memory-fabric";

/** A token as long as real ones. */
export const token = "t".repeat(64);

/** A public key and another one. */
export const publicKeys = [
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINVJm02onwLougX7+AI1UryawzLofdBaUNU04O4MoHWo one@lab",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJVJm02onwLougX7+AI1UryawzLofdBaUNU04O4MoHWo two@lab",
] as const;

/** An answer; `json` is whatever the test expects it to be. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  json: any;
}

/** An API without a socket over a fabric in memory. */
export class TestApi {
  private constructor(
    readonly app: Hono,
    readonly cloud: Cloud,
    readonly fabric: MemoryFabric,
    readonly log: string[],
  ) {}

  /** Starts on a state folder, by default a new one. */
  static async start(stateDir = temporaryFolder(), fabric = new MemoryFabric(), limit?: RateLimit): Promise<TestApi> {
    const log: string[] = [];
    const cloud = createCloud(stateDir, fabric, 0, (line) => log.push(line));
    await recover(cloud);
    return new TestApi(createApp(cloud, token, limit), cloud, fabric, log);
  }

  /** Sends a request below /v1. */
  async call(method: string, path: string, body?: object): Promise<Answer> {
    return this.raw(method, `/v1${path}`, body);
  }

  /** Sends a request. */
  async raw(method: string, path: string, body?: object): Promise<Answer> {
    const response = await this.app.request(path, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text };
  }

  /** Sends a request and waits until no action is running any more. */
  async settle(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await this.call(method, path, body);
    await this.cloud.actions.settled();
    return answer;
  }

  /** The error code a request is answered with. */
  async code(method: string, path: string, body?: object): Promise<string> {
    return (await this.call(method, path, body)).json.error?.code ?? "none";
  }

  /** Makes a server that runs and returns its id. */
  async server(name: string, more: object = {}): Promise<number> {
    const body = { name, server_type: "cx23", image: "debian-12", location: "fsn1", ...more };
    return (await this.settle("POST", "/servers", body)).json.server.id;
  }

  /** Makes the network 10.0.0.0/16 with the subnet 10.0.1.0/24 and returns its id. */
  async network(name = "cluster"): Promise<number> {
    const subnets = [{ type: "cloud", ip_range: "10.0.1.0/24", network_zone: "eu-central" }];
    return (await this.settle("POST", "/networks", { name, ip_range: "10.0.0.0/16", subnets })).json.network.id;
  }

  /** A server as the API shows it now. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  async shown(id: number): Promise<any> {
    return (await this.call("GET", `/servers/${id}`)).json.server;
  }

  /** An action as the API shows it now. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  async action(id: number): Promise<any> {
    return (await this.call("GET", `/actions/${id}`)).json.action;
  }
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lab-api-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
