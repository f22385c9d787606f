import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

import { comingWithPrograms, generatedParts, withPart } from "../../config/generate";
import { type ConfigKey, keys } from "../../config/keys";
import { problemsOf } from "../support/stack";

const read = (file: string) => readFileSync(join(__dirname, "..", "..", file), "utf8");

test.each(generatedParts())("$file says of every key what its row says; `npm run generate` writes it", (part) => {
  expect(read(part.file)).toBe(withPart(read(part.file), part));
});

test("what every node and route gets comes with the host programs as it is planned; `npm run generate` writes it", () => {
  for (const [file, render] of Object.entries(comingWithPrograms)) expect(read(file)).toBe(render());
});

test("Pulumi.yaml declares exactly the keys that there are", () => {
  const declared = Object.keys(parse(read("Pulumi.yaml")).config);
  expect(declared.filter((key) => !key.startsWith("hcloud:")).sort()).toEqual(Object.keys(keys).sort());
});

test("the provider asks every four seconds how far Hetzner is", () => {
  expect(parse(read("Pulumi.yaml")).config).toMatchObject({
    "hcloud:pollInterval": { value: "4s" },
    "hcloud:pollFunction": { value: "constant" },
  });
});

test("the example configuration is in order but for what everybody has to fill in", () => {
  const { config } = parse(read("Pulumi.dev.yaml")) as { config: Record<string, unknown> };
  const values = Object.entries(config).map(([key, value]) => [key.replace("bbb-cluster:", ""), value]);
  const problems = problemsOf(Object.fromEntries(values)).map((line) => line.split(" ")[0]);
  expect(problems).toEqual(["installer.url", "installer.sha256"]);
});

test.each(Object.entries(keys).filter(([, row]) => row.example && !row.secret))(
  "the example of %s is accepted as it stands",
  (key, { example = "" }) => {
    const value = parse(example);
    const placeholders: Partial<Record<ConfigKey, number>> = {
      extraCaCertificates: 1,
      installer: 2,
      nodeFiles: 1,
      nodeHook: 1,
    };
    const around = {
      tenants: { loadBalancer: { kind: "bbblb" } },
      backup: { loadBalancer: { kind: "bbblb" }, tenants: parse(keys.tenants.example ?? "") },
    }[key];
    expect(problemsOf({ ...around, [key]: value })).toHaveLength(placeholders[key as ConfigKey] ?? 0);
  },
);

test("what README tells to set is accepted", () => {
  const told = [...read("README.md").matchAll(/pulumi config set (\w+) ([^\s`&"]+)/g)];
  const keyed = told.filter(([, key = ""]) => key in keys);
  expect(keyed.map(([, key]) => key)).toEqual(expect.arrayContaining(["domain", "acmeEmail", "nodes", "release"]));
  for (const [command, key = "", value] of keyed) {
    expect(problemsOf({ [key]: value }), command).toEqual([]);
  }
});
