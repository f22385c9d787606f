import type { SshIdentity } from "../../plan/ssh-identity";
import type { Resource, StackState } from "../recover/state";
import type { MachineKeys } from "./machine-keys";

/** How Pulumi writes a secret in a state that is exported in the clear; an encrypted one has `ciphertext`. */
interface Secret {
  plaintext?: string;
}

const sentinel = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** The state, exported in the clear, of a cluster whose machines have the new keys: what Pulumi dials, pins and compares. */
export function withKeys({ exported, resources }: StackState, deploy: SshIdentity, machines: MachineKeys[]): object {
  const servers = new Map(resources.map((each) => [each.urn, each.outputs?.["name"]]));
  const change = (each: Resource): Resource => {
    if (isStack(each)) return { ...each, outputs: pinning(each.outputs ?? {}, machines) };
    if (isIdentity(each)) return bothSides(each, (values) => identified(values, deploy.publicKey));
    const server = isRemote(each) && servers.get(each.deletedWith ?? "");
    const machine = machines.find(({ name }) => name === server);
    return machine ? bothSides(each, (values) => dialling(values, machine.host.publicKey, deploy.pkcs8)) : each;
  };
  return { ...exported, deployment: { ...exported.deployment, resources: resources.map(change) } };
}

/**
 * A state without its secrets, which nobody can decrypt any more; all of them are in it again after the next run.
 * `{}` is what every reader of theirs takes, as text and as JSON.
 */
export function withoutSecrets(state: object): object {
  const { deployment, ...rest } = blank(state) as { deployment: Values };
  const { secrets_providers: _, ...readable } = deployment;
  return { ...rest, deployment: readable };
}

/** The key that Pulumi logged in with when the cluster was made; undefined before its first run. */
export function deployKeyIn({ resources }: StackState): string | undefined {
  const output = resources.find(isIdentity)?.outputs?.["output"] as { clusterSecret?: string } | undefined;
  return output?.clusterSecret;
}

/** The outputs of the stack as its state has them, without those that are secrets. */
export function outputsIn({ resources }: StackState): Record<string, unknown> {
  const outputs = Object.entries(resources.find(isStack)?.outputs ?? {});
  return Object.fromEntries(outputs.filter(([, value]) => !isSecret(value)));
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(sentinel).some((key) => key in value);
}

function isStack({ type }: Resource): boolean {
  return type === "pulumi:pulumi:Stack";
}

function isIdentity({ type, urn }: Resource): boolean {
  return type === "pulumi:index:Stash" && urn.endsWith("-identity");
}

function isRemote({ type }: Resource): boolean {
  return type.startsWith("command:remote:");
}

type Values = Record<string, unknown>;

function bothSides(resource: Resource, change: (values: Values) => Values): Resource {
  const { inputs = {}, outputs = {} } = resource;
  return { ...resource, inputs: change(inputs), outputs: change(outputs) };
}

function pinning(outputs: Values, machines: MachineKeys[]): Values {
  const changes = machines.flatMap(({ host, pinned }) => pinned.map((key) => [key, host.publicKey] as const));
  return {
    ...outputs,
    ssh: changes.reduce((text, [before, after]) => text.replace(before, after), `${outputs["ssh"]}`),
  };
}

function dialling(values: Values, hostKey: string, privateKey: string): Values {
  const { plaintext } = (values["connection"] ?? {}) as Secret;
  if (plaintext === undefined) return values;
  const connection = { ...JSON.parse(plaintext), hostKey, privateKey: secret(privateKey) };
  return { ...values, connection: secret(connection) };
}

function identified(values: Values, deployPublicKey: string): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { ...(value as Values), clusterSecret: deployPublicKey }]),
  );
}

function secret(value: unknown): Secret {
  return { ...sentinel, plaintext: JSON.stringify(value) };
}

function blank(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blank);
  if (typeof value !== "object" || value === null) return value;
  if (isEncrypted(value)) return "{}";
  const kept = Object.entries(value).filter(([key]) => key !== rawState);
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, key === "connection" && isEncrypted(inner) ? nowhere : blank(inner)]),
  );
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "ciphertext" in value;
}

/** What the provider's bridge remembers of a resource, with secrets among it; it does without. */
const rawState = "__pulumi_raw_state_delta";

/** The command plugin takes nothing but a whole connection, and tells the new one with its key if the old one is none. */
const nowhere = { host: "lost.invalid", port: 22, user: "root", dialErrorLimit: 1, perDialTimeout: 1 };
