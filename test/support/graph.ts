import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";

import { goodValues } from "./stack";

/** One resource as the program asked the engine for it. */
export interface Request {
  urn: string;
  type: string;
  name: string;
  parent: string;
  /** Plain inputs; secrets are `{ secret: value }`. */
  inputs: Record<string, unknown>;
  dependsOn: string[];
  deletedWith: string;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
  protect: boolean;
  secretOutputs: string[];
}

type Program = () => Promise<Record<string, unknown>>;

/** What a run of the program recorded. */
export interface Graph {
  requests: Request[];
  outputs: Record<string, unknown>;
  of(name: string): Request;
  ofType(type: string): Request[];
}

/** How the program is run: in a preview, with which keys as secrets besides `clusterSecret`, and in which shell. */
interface RunOptions {
  preview?: boolean;
  secrets?: readonly string[];
  environment?: { SSH_AUTH_SOCK?: string };
  /** Sizes of volumes of the load balancer that are there already. */
  volumes?: readonly number[];
  /** What there is of the front door: how many targets its load balancer has, and whether the cluster's name leads anywhere. */
  frontDoor?: { targets: number; isNamed: boolean };
}

/** Runs the whole program against recorded resources, with the good configuration changed by `overrides`. */
export async function runProgram(
  overrides: Record<string, unknown> = {},
  { preview = false, secrets = [], environment = {}, volumes = [], frontDoor }: RunOptions = {},
): Promise<Graph> {
  const requests: Request[] = [];
  await pulumi.runtime.setMocks(
    { newResource: (args) => answer(args, preview), call: (args) => answerCall(args, volumes, frontDoor) },
    "bbb-cluster",
    "test",
    preview,
  );
  setConfiguration({ ...goodValues(), ...overrides }, ["clusterSecret", ...secrets]);
  record(requests);
  vi.resetModules();
  const { default: program } = await vi.importActual<{ default: Program }>("../../index");
  vi.stubEnv("SSH_AUTH_SOCK", environment.SSH_AUTH_SOCK ?? "");
  const outputs = await program().finally(() => vi.unstubAllEnvs());
  await pulumi.runtime.disconnect();
  return {
    requests,
    outputs,
    of: (name) => requests.find((request) => request.name === name) ?? missing(name),
    ofType: (type) => requests.filter((request) => request.type === type),
  };
}

function setConfiguration(values: Record<string, unknown>, secrets: readonly string[]): void {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  pulumi.runtime.setAllConfig(Object.fromEntries(entries.map(([key, value]) => [`bbb-cluster:${key}`, text(value)])));
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secrets.map((key) => `bbb-cluster:${key}`));
}

// biome-ignore lint/suspicious/noExplicitAny: the monitor's messages have no public types
type Message = any;

/** Options never reach the mocks, so the requests are taken from the monitor itself. */
function record(requests: Request[]): void {
  const monitor = pulumi.runtime.getMonitor() as Message;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (message: Message, callback: (error: unknown, response: Message) => void) => {
    register(message, (error: unknown, response: Message) => {
      requests.push(toRequest(response?.getUrn() ?? "", message));
      callback(error, response);
    });
  };
}

function toRequest(urn: string, message: Message): Request {
  const options = message.toObject();
  return {
    urn,
    type: options.type,
    name: options.name,
    parent: options.parent,
    inputs: readable(message.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependsOn: options.dependenciesList,
    deletedWith: options.deletedwith,
    deleteBeforeReplace: options.deletebeforereplace,
    ignoreChanges: options.ignorechangesList,
    protect: options.protect === true,
    secretOutputs: options.additionalsecretoutputsList,
  };
}

const kindKey = "4dabf18193072939515e22adb298388d";
const secretKind = "1b47061264138c4ac30d75fd1eb44270";

function readable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(readable);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const object = value as Record<string, unknown>;
  if (object[kindKey] === secretKind) {
    return { secret: readable(object["value"]) };
  }
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, readable(inner)]));
}

/** Numeric ids, the same for the same name, and addresses as Hetzner would give them; nothing at all in a preview. */
function answer({ type, inputs, name }: pulumi.runtime.MockResourceArgs, preview: boolean) {
  if (type === "pulumi:index:Stash") {
    return { id: name, state: { ...inputs, output: inputs["input"] } };
  }
  if (preview) {
    return { id: undefined, state: inputs };
  }
  const id = String(Number.parseInt(createHash("sha256").update(name).digest("hex").slice(0, 8), 16));
  const address = { ipAddress: inputs["type"] === "ipv6" ? "2001:db8:1::" : "203.0.113.10" };
  const stdout = JSON.stringify({ release: "3.0.30", secret: "api-secret" });
  const byType: Record<string, object> = {
    "hcloud:index/loadBalancer:LoadBalancer": { ipv4: "203.0.113.20", ipv6: "2001:db8:2::1" },
    "hcloud:index/primaryIp:PrimaryIp": address,
    "hcloud:index/server:Server": { ipv4Address: "203.0.113.10", ipv6Address: "2001:db8:1::1" },
    "hcloud:index/volume:Volume": { linuxDevice: "/dev/disk/by-id/scsi-0HC_Volume_1" },
  };
  const extra = byType[type] ?? { stdout };
  return { id, state: { ...inputs, ...extra } };
}

/**
 * The program asks for its zone and, of nodes that are not there yet, for images that are given by number, for volumes that
 * are there, for what is there of a load balancer in front of proxies, and for nothing else.
 */
function answerCall(
  { token, inputs }: pulumi.runtime.MockCallArgs,
  volumes: readonly number[],
  { targets, isNamed }: { targets: number; isNamed: boolean } = { targets: 0, isNamed: false },
): Record<string, unknown> {
  const answers: Record<string, Record<string, unknown>> = {
    "hcloud:index/getZone:getZone": inputs,
    "hcloud:index/getServers:getServers": { servers: [] },
    "hcloud:index/getVolumes:getVolumes": { volumes: volumes.map((size) => ({ name: "bbb-lb-data", size })) },
    "hcloud:index/getZoneRrsets:getZoneRrsets": { rrsets: isNamed ? [{ name: "bbb", type: "A" }] : [] },
    "hcloud:index/getLoadBalancers:getLoadBalancers": { loadBalancers: [{ targets: Array(targets).fill({}) }] },
    "hcloud:index/getImage:getImage": { ...inputs, architecture: "x86", labels: {} },
  };
  const answered = answers[token];
  if (answered === undefined) throw new Error(`the program called ${token}`);
  return answered;
}

function missing(name: string): never {
  throw new Error(`no resource ${name} was requested`);
}
