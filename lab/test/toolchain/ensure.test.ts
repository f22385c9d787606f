import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { Machine } from "./support/machine";

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

const laid = (name: string) => {
  const plugins = join(machine.pulumiHome, "plugins");
  const folder = readdirSync(plugins).find((entry) => entry.startsWith(`resource-${name}-v`)) ?? "none";
  return readFileSync(join(plugins, folder, `pulumi-resource-${name}`), "utf8");
};
const goCalls = () => readFileSync(join(machine.root, "go-calls"), "utf8").trim().split("\n");

test("an operator who has everything keeps it", async () => {
  machine.pulumi("v3.261.0");
  machine.installed("hcloud", "1.41.0");
  machine.installed("command", "1.2.1");
  const { bin, description } = await machine.ensure();
  expect(bin).toBe(machine.path);
  expect(description).toMatch(
    /^Pulumi CLI 3\.261\.0 \(yours.*hcloud plugin 1\.41\.0 \(yours.*command plugin 1\.2\.1 \(yours/,
  );
  expect(laid("command")).toContain("the operator's");
  expect(machine.lines).toEqual([]);
});

test("an operator's plugin of another version is not taken", async () => {
  machine.pulumi("v3.261.0");
  machine.go();
  machine.installed("hcloud", "1.40.0");
  machine.installed("command", "1.2.1");
  const { description } = await machine.ensure();
  expect(description).toContain("hcloud plugin 1.41.0 (built from Go modules)");
});

test("an old CLI is named and passed over", async () => {
  machine.pulumi("v3.200.0");
  machine.go();
  const { bin } = await machine.ensure();
  expect(bin).toContain(join(machine.root, "cache", "pulumi-3.259.0-"));
  expect(machine.lines[0]).toBe(`not using ${machine.path}/pulumi: v3.200.0, needed is 3.248.0`);
});

test("the CLI downloads plugins where it can", async () => {
  const plugin = '"$PULUMI_HOME/plugins/resource-$4-v$5/pulumi-resource-$4"';
  machine.pulumi(
    "v3.261.0",
    `/bin/mkdir -p \${PULUMI_HOME}/plugins/resource-$4-v$5; echo "#real" > ${plugin}; /bin/chmod +x ${plugin}`,
  );
  const { description } = await machine.ensure();
  expect(description).toContain("hcloud plugin 1.41.0 (as published); command plugin 1.2.1 (as published)");
  expect(laid("command")).toBe("#real\n");
});

test("the CLI is downloaded where it can be", async () => {
  const folder = '"$PULUMI_HOME/versions/$PULUMI_VERSION/bin"';
  const make = (name: string) => `echo > ${folder}/${name}; /bin/chmod +x ${folder}/${name}`;
  machine.program("usr-bin/npx", `/bin/mkdir -p ${folder}; ${make("pulumi")}; ${make("pulumi-language-nodejs")}`);
  machine.installed("hcloud", "1.41.0");
  machine.installed("command", "1.2.1");
  const { bin, description } = await machine.ensure();
  expect(description).toContain("Pulumi CLI 3.259.0 (as published)");
  expect(existsSync(join(bin, "pulumi-language-nodejs"))).toBe(true);
});

test("without downloads everything is built once and then taken from the cache, also without Go", async () => {
  machine.go();
  const first = await machine.ensure();
  expect(first.description).toContain("command plugin 1.2.1 (a compatible one of our own)");
  expect(goCalls()).toHaveLength(5);
  machine.program("usr-bin/go", "exit 1");
  machine.lines.length = 0;
  expect(await machine.ensure()).toEqual(first);
  expect(machine.lines).toEqual([]);
});

test("two runs at once build once", async () => {
  machine.go();
  const [one, other] = await Promise.all([machine.ensure(), machine.ensure()]);
  expect(one).toEqual(other);
  expect(goCalls()).toHaveLength(5);
});

test("a changed source is built anew, and its plugin takes the place of the former one", async () => {
  machine.go();
  await machine.ensure();
  machine.file("modules/command-plugin/main.go", "package main\n");
  await machine.ensure();
  expect(goCalls()).toHaveLength(6);
});

test("COMMAND_PLUGIN_DIR comes first, and is left again when it is no longer set", async () => {
  machine.pulumi("v3.261.0");
  machine.installed("hcloud", "1.41.0");
  machine.installed("command", "1.2.1");
  machine.plugin("mine", "command", "mine");
  machine.context.env = { ...machine.context.env, COMMAND_PLUGIN_DIR: join(machine.root, "mine") };
  expect((await machine.ensure()).description).toContain("command plugin from COMMAND_PLUGIN_DIR");
  expect(laid("command")).toContain("echo mine");
  machine.context.env = { ...machine.context.env, COMMAND_PLUGIN_DIR: "" };
  await machine.ensure();
  expect(laid("command")).toContain("the operator's");
});

test("COMMAND_PLUGIN_DIR without the plugin in it is an error", async () => {
  machine.pulumi("v3.261.0");
  machine.installed("hcloud", "1.41.0");
  machine.context.env = { ...machine.context.env, COMMAND_PLUGIN_DIR: "/nowhere" };
  await expect(machine.ensure()).rejects.toThrow(
    "COMMAND_PLUGIN_DIR must be a folder that holds pulumi-resource-command",
  );
});

test("with nothing to be had the error says what to install and why", async () => {
  await expect(machine.ensure()).rejects.toThrow(
    /Pulumi CLI is missing: .*no Go to build it with\.[\s\S]*nothing can run without them[\s\S]*Pulumi's CLI, 3\.248\.0 or newer[\s\S]*apt-get install golang-go/,
  );
});

test("a failed build leaves nothing behind but its log, and shows the compiler's last words", async () => {
  machine.program("usr-bin/go", '[ "$1" = env ] && echo go1.26.4 && exit 0; echo "undefined: nonsense" >&2; exit 2');
  const log = join(machine.root, "cache", "pulumi.log");
  await expect(machine.ensure()).rejects.toThrow(
    new RegExp(`failed\\. Its last words:\\nundefined: nonsense\\n.*\\n.*${log}`),
  );
  expect(readdirSync(join(machine.root, "cache")).filter((name) => !name.endsWith(".log"))).toEqual([]);
});

test("a full disk is called by its name", async () => {
  machine.program(
    "usr-bin/go",
    '[ "$1" = env ] && echo go1.26.4 && exit 0; echo "write: no space left on device"; exit 1',
  );
  await expect(machine.ensure()).rejects.toThrow("The disk is full: Go's caches take 8 to 10 GB");
});

test.each([
  ["go1.26.4", "local"],
  ["go1.27.1", "local"],
  ["go1.21.3", "go1.26.4"],
])("%s builds with GOTOOLCHAIN=%s, whatever the environment says", async (version, chosen) => {
  machine.go(version);
  machine.context.env = { ...machine.context.env, GOTOOLCHAIN: "path" };
  await machine.ensure();
  expect(new Set(goCalls().map((call) => call.split(" ")[0]))).toEqual(new Set([chosen]));
});
