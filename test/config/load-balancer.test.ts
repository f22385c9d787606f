import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { checkValues, planConfig } from "../../config/check";
import type { PlanValues } from "../../config/keys";
import { loadConfig } from "../../config/load";
import { planCluster } from "../../plan/cluster";
import { configurationOnly } from "../support/engine-config";
import { configOf, goodValues, problemsOf } from "../support/stack";

const loadBalancerSecret = "0b5e55ed".repeat(4);
const scalelite = { kind: "scalelite", url: "https://lb.example.com" };

test("a load balancer is chosen on purpose: without one all choices are named", () => {
  for (const loadBalancer of [undefined, {}]) {
    expect(problemsOf({ loadBalancer })).toEqual([
      `loadBalancer must be {kind: none}, {kind: scalelite, url: https://…} or {kind: bbblb}, got ${loadBalancer ? "{}" : "nothing"}; ` +
        "run: pulumi config set --path loadBalancer.kind none # or: pulumi config set-all --path " +
        "--plaintext loadBalancer.kind=scalelite --plaintext loadBalancer.url=https://lb.example.com " +
        "--secret loadBalancerSecret=LOADBALANCER_SECRET",
    ]);
  }
});

describe("Scalelite", () => {
  test.each(["https://lb.example.com", "https://lb.example.com/"])("is planned by its URL, as in %s", (url) => {
    const { config, problems } = checkValues("bbb", {
      ...goodValues(),
      loadBalancer: { kind: "scalelite", url },
      loadBalancerSecret,
    });
    expect(problems).toEqual([]);
    expect(config?.loadBalancer).toEqual(scalelite);
  });

  test.each([
    "http://lb.example.com",
    "https://lb.example.com/scalelite/api",
    "https://lb.example.com/?a=b",
    "https://lb.example.com#a",
    "https://lb.example.com:99999",
    "https://LB.example.com",
    "lb.example.com",
    7,
    undefined,
  ])("has an https URL without path or query: not %s", (url) => {
    const [problem, ...others] = problemsOf({ loadBalancer: { kind: "scalelite", url }, loadBalancerSecret });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^loadBalancer\.url must be the https URL of Scalelite without a path, .*, got /);
    expect(problem).toContain("run: pulumi config set --path 'loadBalancer.url' https://lb.example.com");
  });

  test("needs its secret, and nothing else does", () => {
    expect(problemsOf({ loadBalancer: scalelite })).toEqual([
      "loadBalancerSecret must be Scalelite's LOADBALANCER_SECRET, with `loadBalancer` of the kind scalelite, got nothing; " +
        "run: pulumi config set --secret loadBalancerSecret LOADBALANCER_SECRET # of Scalelite's .env",
    ]);
    expect(problemsOf({ loadBalancerSecret })).toEqual([
      "loadBalancerSecret must be left out with `loadBalancer` of the kind none, got another value (not shown); " +
        "run: pulumi config rm loadBalancerSecret",
    ]);
  });

  test("needs no secret where another program hands it to the component", () => {
    const { clusterSecret: _, ...values } = goodValues();
    const config = planConfig("bbb", { ...values, loadBalancer: scalelite } as PlanValues);
    expect(planCluster("bbb", config).loadBalancer.request).toEqual({ ...scalelite, abandoned: [] });
  });
});

describe("a secret of Scalelite's", () => {
  configurationOnly();

  const load = (secrets: readonly string[]) => {
    const values = { ...goodValues(), loadBalancer: scalelite, loadBalancerSecret };
    const texts = Object.entries(values).map(([key, value]) => [
      `bbb-cluster:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(texts));
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secrets.map((key) => `bbb-cluster:${key}`));
    return loadConfig("bbb");
  };

  test("is refused in plain, and not shown", () => {
    expect(() => load(["clusterSecret"])).toThrow(
      "bbb-cluster:loadBalancerSecret must be a secret, got plain text; run: pulumi config set --secret loadBalancerSecret",
    );
    expect(() => load(["clusterSecret"])).not.toThrow(loadBalancerSecret);
  });

  test("is in no plan", () => {
    const {
      clusterSecret: _,
      loadBalancerSecret: secret,
      secretOverrides: __,
      ...config
    } = load(["clusterSecret", "loadBalancerSecret"]);
    expect(secret).toBe(loadBalancerSecret);
    expect(JSON.stringify(planCluster("bbb", config))).not.toContain(loadBalancerSecret);
  });
});

describe("a hook", () => {
  const folder = mkdtempSync(join(tmpdir(), "hook-"));
  const script = (content: string | Buffer) => {
    const path = join(folder, "hook");
    writeFileSync(path, content);
    return path;
  };
  const problem = (hook: unknown) => problemsOf({ loadBalancer: { kind: "none", hook } });

  test("is planned as the text of the script", () => {
    const text = '#!/bin/sh\necho "$1 $2"\n';
    const { loadBalancer: told } = planCluster("bbb", configOf({ loadBalancer: { kind: "none", hook: script(text) } }));
    expect(told.request).toEqual({ kind: "none", hook: text, abandoned: [] });
    expect(planCluster("bbb", configOf()).loadBalancer.request).toEqual({ kind: "none", hook: null, abandoned: [] });
  });

  test("has at most 64 KB", () => {
    expect(problem(script(`#!/bin/sh\n${"#".repeat(64 * 1024 - 10)}`))).toEqual([]);
    expect(problem(script(`#!/bin/sh\n${"#".repeat(64 * 1024 - 9)}`))).toHaveLength(1);
  });

  test.each([
    ["is missing", () => join(folder, "missing")],
    ["is a folder", () => folder],
    ["does not begin with #!", () => script("echo enable\n")],
    ["is no text", () => script(Buffer.from([0x23, 0x21, 0xff]))],
    ["has a zero in it", () => script("#!/bin/sh\n\0")],
    ["is named by no text", () => 7],
  ])("is refused when it %s", (_, path) => {
    const [line, ...others] = problem(path());
    expect(others).toEqual([]);
    expect(line).toContain(
      "loadBalancer.hook must be the path of a local script that begins with #! and has at most 64 KB",
    );
    expect(line).toContain("; run: pulumi config rm --path 'loadBalancer.hook'");
  });
});

test("a tenant's host is to be in the zone, and is not judged by one that is no domain", () => {
  const own = { loadBalancer: { kind: "bbblb" }, tenants: [{ name: "moodle", host: "moodle.example.com" }] };
  expect(problemsOf(own)).toEqual([]);
  expect(problemsOf({ ...own, domain: "example.org" })).toEqual([
    expect.stringContaining("tenants[0].host must be a name in the zone example.org"),
  ]);
  expect(problemsOf({ ...own, domain: "nonsense" })).toEqual([expect.stringContaining("domain must be a domain name")]);
});
