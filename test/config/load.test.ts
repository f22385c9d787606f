import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { loadConfig } from "../../config/load";
import { configurationOnly } from "../support/engine-config";
import { goodValues } from "../support/stack";

configurationOnly();

describe("Pulumi.yaml", () => {
  test("says of every key that may be left out what stands for none", () => {
    const { config } = parse(readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8"));
    const defaults = Object.entries<{ default?: unknown }>(config).flatMap(([key, row]) =>
      row.default === undefined ? [] : [[key, row.default]],
    );
    const values = Object.entries({ ...Object.fromEntries(defaults), ...goodValues() }).map(([key, value]) => [
      `bbb-cluster:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(values));
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["bbb-cluster:clusterSecret"]';
    expect(loadConfig("bbb").backup).toBeUndefined();
  });
});

test("a key of this program's in another namespace is named, and moved as the secret that it is", () => {
  pulumi.runtime.setAllConfig({ "bbb:nodes": "3", "hcloud:clusterSecret": "hidden", "aws:region": "eu-central-1" });
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["hcloud:clusterSecret"]';
  expect(() => loadConfig("bbb")).toThrow(
    `  bbb:nodes must be bbb-cluster:nodes; run: pulumi config set bbb-cluster:nodes "$(pulumi config get bbb:nodes)" && pulumi config rm bbb:nodes\n`,
  );
  expect(() => loadConfig("bbb")).toThrow("pulumi config set --secret bbb-cluster:clusterSecret ");
  expect(() => loadConfig("bbb")).not.toThrow(/hidden|aws:region/);
});
