import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Resource } from "../../cli/recover/state";
import { readState } from "../../cli/recover/state";
import { withKeys, withoutSecrets } from "../../cli/rotate/state";
import { deriveSshIdentity } from "../../plan/ssh-identity";
import { outputs, Workbench } from "./support";

const sentinel = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const before = "0123456789abcdef".repeat(4);
const after = "fedcba9876543210".repeat(4);
const hostKey = (secret: string, name: string) => deriveSshIdentity(secret, `host ${name}`).publicKey;
const deploy = deriveSshIdentity(after, "deploy");
const machines = ["bbb", "bbb-01"].map((name) => ({
  ...{ name, deployPublicKey: deploy.publicKey, pinned: [hostKey(before, name)] },
  host: deriveSshIdentity(after, `host ${name}`),
}));

const urn = (type: string, name: string) => `urn:pulumi:t::p::${type}::${name}`;
const resource = (type: string, name: string, more: Partial<Resource>) => ({ urn: urn(type, name), type, ...more });
const serverType = "hcloud:index/server:Server";
const server = (name: string) => resource(serverType, `${name}-server`, { outputs: { name } });
const plaintext = (value: unknown) => ({ ...sentinel, plaintext: JSON.stringify(value) });

/** A command of Pulumi's on a server, as an export in the clear shows it. */
function command(name: string, on: string): Resource {
  const connection = plaintext({ host: "192.0.2.7", hostKey: hostKey(before, on), privateKey: plaintext("old") });
  const more = { inputs: { connection, stdin: "{}" }, outputs: { connection, stdout: "{}" } };
  return resource("command:remote:Command", name, { ...more, deletedWith: urn(serverType, `${on}-server`) });
}

/** The output `ssh` and the identity of a cluster, and a command on each of these machines. */
function stateWith(secret: string, names: readonly string[]) {
  const identity = { domain: "cluster.test", clusterSecret: deriveSshIdentity(secret, "deploy").publicKey };
  const ssh = names
    .map((name) => `Host ${name}\n  KnownHostsCommand printf "${name} ${hostKey(secret, name)}"\n`)
    .join("");
  const resources = [
    resource("pulumi:pulumi:Stack", "p-t", { outputs: { ...outputs(), ssh } }),
    resource("pulumi:index:Stash", "bbb-identity", { inputs: { input: identity }, outputs: { output: identity } }),
    ...names.flatMap((name) => [server(name), command(`${name}-configured`, name)]),
  ];
  return { version: 3, deployment: { secrets_providers: { type: "passphrase" }, resources } };
}

const resourcesOf = (state: object) => (state as ReturnType<typeof stateWith>).deployment.resources;

describe("the state", () => {
  test("dials, pins and compares with the new keys, of the machines that have them", () => {
    const [stack, identity, , proxy, , node, , other] = resourcesOf(
      withKeys(readState(stateWith(before, ["bbb", "bbb-01", "bbb-02"])), deploy, machines),
    );
    const keysIn = (each: Resource | undefined) =>
      [each?.inputs, each?.outputs].map((values) => {
        const secret = values?.["connection"] as { plaintext: string };
        const { host, hostKey, privateKey } = JSON.parse(secret.plaintext);
        return [host, hostKey, JSON.parse(privateKey.plaintext)];
      });
    const expected = (name: string) => Array(2).fill(["192.0.2.7", hostKey(after, name), deploy.pkcs8]);
    expect(keysIn(proxy)).toEqual(expected("bbb"));
    expect(keysIn(node)).toEqual(expected("bbb-01"));
    expect(other).toEqual(command("bbb-02-configured", "bbb-02"));
    expect(node?.inputs?.["stdin"]).toBe("{}");
    expect(identity?.outputs).toEqual({ output: { domain: "cluster.test", clusterSecret: deploy.publicKey } });
    expect(stack?.outputs?.["ssh"]).toContain(`bbb-01 ${hostKey(after, "bbb-01")}`);
    expect(stack?.outputs?.["ssh"]).toContain(`bbb-02 ${hostKey(before, "bbb-02")}`);
  });

  test("of a lost passphrase holds nothing that would have to be decrypted", () => {
    const encrypted = { ...sentinel, ciphertext: "v1:x" };
    const connected = { connection: encrypted, stdin: encrypted, create: "true" };
    const delta = { __pulumi_raw_state_delta: { obj: { ps: { datacenter: encrypted } } }, name: "bbb" };
    const state = { version: 3, deployment: { secrets_providers: {}, resources: [connected, delta, [encrypted]] } };
    const connection = { host: "lost.invalid", port: 22, user: "root", dialErrorLimit: 1, perDialTimeout: 1 };
    expect(withoutSecrets(state)).toEqual({
      version: 3,
      deployment: { resources: [{ connection, stdin: "{}", create: "true" }, { name: "bbb" }, ["{}"]] },
    });
  });
});

describe("rotate", () => {
  let bench: Workbench;
  beforeEach(() => {
    bench = new Workbench();
    bench.file("config", { "bbb-cluster:clusterSecret": { value: after } });
    bench.file("state", stateWith(before, ["bbb", "bbb-01", "bbb-02"]));
    bench.program(
      "pulumi",
      'case "$1 $2" in config*) cat config ;; *export) cat state ;; *import) cat > imported ;; esac',
    );
    bench.program(
      "ssh",
      'printf "%s\\n" "$*" >> calls; cat >> scripts; case "$*" in *bbb-02*) echo "no route" >&2; exit 255 ;; esac',
    );
  });
  afterEach(() => bench.remove());

  test("leaves Pulumi's state alone as long as a machine does not answer, unless that is left out", async () => {
    const failed = await bench.run("rotate");
    expect(failed.status).toBe(1);
    expect(failed.stdout).toMatch(/^bbb-02: cannot be asked: no route$/m);
    expect(() => bench.read("imported")).toThrow();
    const done = await bench.run("rotate", "--without", "bbb-02");
    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining("go on with: pulumi up") });
    const dialled = resourcesOf(JSON.parse(bench.read("imported"))).at(-1);
    expect(dialled).toEqual(command("bbb-02-configured", "bbb-02"));
  });

  test("knows a machine by the key that it had and by the new one, and shows no private key to other processes", async () => {
    await bench.run("rotate");
    const calls = bench.read("calls");
    expect(calls).toContain(`bbb-01 ${hostKey(before, "bbb-01")}\\nbbb-01 ${hostKey(after, "bbb-01")}\\n`);
    expect(calls).not.toContain("PRIVATE KEY");
    expect(bench.read("scripts")).toContain(deriveSshIdentity(after, "host bbb-01").privateKey);
  });

  test("refuses to leave out a machine that there is not, with no machine touched", async () => {
    const { status, stderr } = await bench.run("rotate", "--without", "bbb-02, bbb-2");
    expect(stderr).toBe("there is no machine bbb-2 in this stack; there are bbb, bbb-01, bbb-02\n");
    expect(() => bench.read("calls")).toThrow();
    expect(status).toBe(2);
  });

  test("forgets nothing that another run has done to the state while the machines were asked", async () => {
    bench.file("later", stateWith(before, ["bbb", "bbb-01", "bbb-02", "bbb-03"]));
    bench.program("ssh", "cat >/dev/null; cp later state");
    expect((await bench.run("rotate")).status).toBe(0);
    expect(resourcesOf(JSON.parse(bench.read("imported"))).map(({ urn: one }) => one)).toContain(
      urn(serverType, "bbb-03-server"),
    );
  });

  test("says so when the secret is the one that the cluster has", async () => {
    bench.file("state", stateWith(after, ["bbb", "bbb-01"]));
    const { status, stdout } = await bench.run("rotate", "--without", "bbb-02");
    expect(status).toBe(0);
    expect(stdout).toContain("which is not new; for others run: pulumi config set --secret clusterSecret");
  });
});
