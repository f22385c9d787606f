import { cpSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { command, hcloud } from "../../toolchain/artefacts";
import { artefactKey } from "../../toolchain/cache";
import { defaultCacheDir } from "../../toolchain/context";
import { Machine } from "./support/machine";

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

const key = () => artefactKey(command, machine.context.sourceDir);

test("the same sources elsewhere have the same key", () => {
  const copy = join(machine.root, "copy");
  cpSync(machine.context.sourceDir, copy, { recursive: true });
  expect(artefactKey(command, copy)).toBe(key());
});

test.each(["go.mod", "go.sum", "main.go", "remote/schema.json"])("a change of %s changes the key", (path) => {
  const before = key();
  machine.file(`modules/command-plugin/${path}`, "changed");
  expect(key()).not.toBe(before);
});

test.each(["main_test.go", "testdata/a.json", "README.md", "test.sh", "pulumi-resource-command", ".cache/a.go"])(
  "%s does not change the key",
  (path) => {
    const before = key();
    machine.file(`modules/command-plugin/${path}`, "changed");
    expect(key()).toBe(before);
  },
);

test("a renamed file changes the key", () => {
  machine.file("modules/command-plugin/a.go", "same");
  const before = key();
  const other = new Machine();
  other.file("modules/command-plugin/b.go", "same");
  expect(artefactKey(command, other.context.sourceDir)).not.toBe(before);
  other.remove();
});

test("artefacts are keyed by their own modules only", () => {
  const before = artefactKey(hcloud, machine.context.sourceDir);
  machine.file("modules/command-plugin/main.go", "changed");
  expect(artefactKey(hcloud, machine.context.sourceDir)).toBe(before);
});

test.each([
  [{ HOME: "/home/ada" }, "/home/ada/.cache/bbb-cluster/toolchain"],
  [{ HOME: "/home/ada", XDG_CACHE_HOME: "/var/ada" }, "/var/ada/bbb-cluster/toolchain"],
  [{ HOME: "/home/ada", XDG_CACHE_HOME: "/var/ada", BBB_CLUSTER_CACHE: "/big" }, "/big/toolchain"],
])("with %j the cache is %s", (env, folder) => {
  expect(defaultCacheDir(env)).toBe(folder);
});
