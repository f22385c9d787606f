import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { checkValues } from "../../config/check";
import { type ConfigKey, keys } from "../../config/keys";
import { loadConfig } from "../../config/load";
import { configurationOnly } from "../support/engine-config";
import { goodValues, problemsOf } from "../support/stack";

const value = "TOP-SECRET-VALUE";

/** Loads a stack's configuration as the engine hands it over. */
function load(changes: Record<string, unknown>, secrets: readonly string[]) {
  const values = { ...goodValues(), ...changes };
  const text = (any: unknown) => (typeof any === "string" ? any : JSON.stringify(any));
  const namespaced = Object.entries(values).map(([key, any]) => [`bbb-cluster:${key}`, text(any)]);
  pulumi.runtime.setAllConfig(Object.fromEntries(namespaced));
  const secretKeys = ["clusterSecret", ...secrets].map((key) => `bbb-cluster:${key}`);
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys);
  return loadConfig("bbb");
}

function failure(changes: Record<string, unknown>, secrets: readonly string[]): string {
  try {
    load(changes, secrets);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

configurationOnly();

describe("what the engine lists as secret", () => {
  test("stands apart from the configuration that is planned from, with all that is below it", () => {
    const bbbWebProperties = { someSharedSecret: value, muteOnStart: true };
    const { secretOverrides, clusterSecret: _, ...config } = load({ bbbWebProperties }, ["bbbWebProperties"]);
    expect(secretOverrides).toEqual({ bbbWebProperties: { someSharedSecret: value, muteOnStart: "true" } });
    expect(config.bbbWebProperties).toEqual({});
    expect(JSON.stringify(config)).not.toContain(value);
  });

  const others = (Object.keys(keys) as ConfigKey[]).filter((key) => keys[key].secret === undefined);
  test.each(others)("is refused where its value is seen anyway: %s", (key) => {
    const given = goodValues()[key] ?? (keys[key].structured === "list" ? [value] : value);
    const message = failure({ [key]: given }, [key]);
    expect(message).toContain(
      `bbb-cluster:${key} must be plain text, only loadBalancerSecret, backupAccess, bbbWebProperties, bbbHtml5, clusterSecret can be secrets, got a secret; run: pulumi config `,
    );
    expect(message).not.toContain(value);
    expect(message).not.toMatch(/203\.0\.113\.7\/32(?! #)/);
  });

  test.each([
    [{ bbbWebProperties: { a: [value] } }],
    [{ bbbWebProperties: { securitySalt: value } }],
    [{ bbbHtml5: { "a.b": value } }],
    [{ bbbHtml5: value }],
    [{ bbbHtml5: { public: { app: { basename: value } } } }],
  ])("is not shown when something is wrong with it: %j", (changes) => {
    const message = failure(changes, Object.keys(changes));
    expect(message).toContain("another value (not shown)");
    expect(message).not.toContain(value);
  });

  test("is not shown when a number in it cannot be kept", () => {
    const message = failure({ bbbHtml5: '{"private":{"pin":12345678901234567890}}' }, ["bbbHtml5"]);
    expect(message).toContain("numbers that change when they are read, got one (not shown)");
    expect(message).not.toContain("12345678901234567890");
  });
});

test("a cluster secret in plain is refused", () => {
  expect(failure({}, [])).toBe("");
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = "[]";
  expect(() => loadConfig("bbb")).toThrow("bbb-cluster:clusterSecret must be a secret, got plain text");
});

test("Hetzner's token in plain is refused beside all other mistakes, and not shown", () => {
  pulumi.runtime.setAllConfig({ "hcloud:token": value });
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = "[]";
  expect(() => loadConfig("bbb")).toThrow(/bbb-cluster:domain must be .*\n.*hcloud:token must be a secret, got plain/s);
  expect(() => loadConfig("bbb")).not.toThrow(value);
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["hcloud:token"]';
  expect(() => loadConfig("bbb")).not.toThrow("hcloud:token");
});

const rule = { to: "node", protocol: "udp", port: 5060, from: ["198.51.100.0/24"] };
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILuI7OadOIiSL0ewr9L5ZZRAvsoPmPToB8vd7UuA4dY2";

describe("a user in a URL", () => {
  test.each([
    [{ installer: { url: "https://user:hunter2@example.com/bbb-install.sh", sha256: "0a".repeat(32) } }],
    [{ acmeDirectory: "https://hunter2@acme.example.com/directory" }],
    [{ bbbWebProperties: { redisUrl: "redis://:hunter2@127.0.0.1/0" } }],
    [{ extraRules: [{ ...rule, why: "see https://user:hunter2@wiki.example.com" }] }],
    [{ sshPublicKeys: [`${publicKey} https://hunter2@example.com`] }],
    [{ bbbHtml5: { public: { list: [{ url: "https://user:hunter2@example.com/" }] } } }],
  ])("is refused in plain, and not shown: %j", (changes) => {
    const problems = problemsOf(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/without user name and password.*(:\/\/\*\*\*@|…)/);
    expect(problems[0]).not.toContain("hunter2");
  });

  test.each(["https://user:hun/ter2@example.com/", "https://user:hun@ter2@example.com/", 'https://user:hun"ter2@x/'])(
    "is not shown of a URL that is none for its password: %s",
    (url) => {
      const problems = problemsOf({ acmeDirectory: url }).join();
      expect(problems).toContain("://***@");
      expect(problems).not.toMatch(/hun|ter2/);
    },
  );

  test("may be in a secret", () => {
    const values = { ...goodValues(), bbbWebProperties: { redisUrl: "redis://:hunter2@127.0.0.1/0" } };
    expect(checkValues("bbb", values, new Set(["bbbWebProperties"])).problems).toEqual([]);
  });

  test.each(["https://example.com/@room", "mail me@example.com", "https://example.com/?to=me@example.com"])(
    "is none in %s",
    (text) => {
      expect(problemsOf({ bbbWebProperties: { a: text } })).toEqual([]);
    },
  );
});
