import { readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { installProgram, isLaidByUs } from "../../toolchain/install";
import { Machine } from "./support/machine";

let machine: Machine;
let target: string;
beforeEach(() => {
  machine = new Machine();
  target = join(machine.pulumiHome, "plugins", "resource-command-v1.2.1", "pulumi-resource-command");
});
afterEach(() => machine.remove());

test("a plugin is laid as a link to what the cache holds", () => {
  const source = machine.plugin("built", "command");
  installProgram(source, target);
  expect(statSync(target).ino).toBe(statSync(source).ino);
  expect(isLaidByUs(target)).toBe(true);
});

test("a plugin from elsewhere takes the place of the one that lies there, also when that one is open", () => {
  const old = machine.plugin("built", "command", "old");
  installProgram(old, target);
  installProgram(machine.plugin("mine", "command", "new"), target);
  expect(readFileSync(target, "utf8")).toContain("echo new");
  expect(readFileSync(old, "utf8")).toContain("echo old");
});

test("laying the same plugin again touches nothing", () => {
  const source = machine.plugin("built", "command");
  installProgram(source, target);
  const before = statSync(target, { bigint: true }).ctimeNs;
  installProgram(source, target);
  expect(statSync(target, { bigint: true }).ctimeNs).toBe(before);
});

test("a plugin folder that is a symbolic link becomes a real one, because the engine passes over links", () => {
  const source = machine.plugin("built", "command");
  machine.file("pulumi-home/plugins/empty", "");
  symlinkSync(join(machine.root, "built"), join(target, ".."));
  installProgram(source, target);
  expect(statSync(target).ino).toBe(statSync(source).ino);
});
