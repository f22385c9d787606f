import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { wrapped, writeWrappers } from "../../fabric/wrappers";
import { type Lab, labNamed } from "../../paths";

let home: string;
let lab: Lab;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "it's a lab "));
  lab = labNamed("test", home);
  mkdirSync(join(home, "real"));
  writeFileSync(join(home, "real", "ssh"), '#!/bin/sh\nfor word; do echo "<$word>"; done\nexit 3\n', { mode: 0o755 });
  await writeWrappers(lab);
});

afterEach(() => rmSync(home, { recursive: true }));

function call(name: string, ...args: string[]) {
  const env = { PATH: `${lab.bin}:${join(home, "real")}:/usr/bin:/bin` };
  return spawnSync(join(lab.bin, name), args, { env, encoding: "utf8" });
}

function real(name: string, script: string): void {
  writeFileSync(join(home, "real", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** As if this process ran within the lab. */
function beInside(): void {
  writeFileSync(lab.init, `1 ${readlinkSync("/proc/self/ns/pid")}\n`);
}

describe("a wrapper", () => {
  test("says in one sentence that the lab is down", () => {
    const { status, stderr } = call("ssh", "bbb-01");
    expect([status, stderr]).toEqual([1, 'the lab "test" is down; start it with: npm run lab -- up\n']);
  });

  test("does not take a process that got a dead lab's number for the lab", () => {
    writeFileSync(lab.init, `${process.pid} pid:[1]\n`);
    expect(call("ssh", "bbb-01").stderr).toContain("is down");
  });

  test("runs the real program, with its fixed arguments first, when it is used within the lab", () => {
    beInside();
    const { status, stdout } = call("ssh", "bbb-01", "echo a b");
    expect([status, stdout]).toEqual([3, `<-F>\n<${lab.ssh.config}>\n<bbb-01>\n<echo a b>\n`]);
  });

  test("is correct shell", () => {
    for (const { name } of wrapped(lab)) execFileSync("sh", ["-n", join(lab.bin, name)]);
  });
});

describe("the wrapper of npm", () => {
  beforeEach(() => real("npm", 'echo "$NODE_EXTRA_CA_CERTS|$*|$(command -v ssh)"; exit 4'));

  test.each([
    [["run", "status"]],
    [["run", "-s", "verify", "--", "--json"]],
    [["-s", "run", "drift"]],
    [["run", "-s", "recover", "--", "--yes"]],
  ])("%j acts in the lab, trusting its roots", (args) => {
    expect(call("npm", ...args).stderr).toContain("is down");
    beInside();
    const { status, stdout } = call("npm", ...args);
    expect([status, stdout]).toEqual([4, `${lab.caCertificates}|${args.join(" ")}|${join(home, "real", "ssh")}\n`]);
  });

  test.each([
    [["ci"]],
    [["run", "lab", "--", "status"]],
    [["run", "statusquo"]],
    [["test", "run", "status"]],
    [["run", "lab", "run", "status"]],
  ])("%j is the caller's own, with the wrappers still on PATH", (args) => {
    const { status, stdout } = call("npm", ...args);
    expect([status, stdout]).toEqual([4, `|${args.join(" ")}|${join(lab.bin, "ssh")}\n`]);
  });
});

describe("the wrapper of pulumi", () => {
  beforeEach(() => {
    mkdirSync(join(lab.folder, "ssh"));
    writeFileSync(lab.ssh.hosts, "old");
    real("pulumi", 'case "$*" in "stack output ssh") echo new;; *) exit 5;; esac');
    beInside();
  });

  test("lets SSH know the machines as they are after a run, whatever became of it", () => {
    expect(call("pulumi", "up", "--yes").status).toBe(5);
    expect(readFileSync(lab.ssh.hosts, "utf8")).toBe("new\n");
  });

  test("leaves that alone after anything else, and where the stack knows of none", () => {
    call("pulumi", "preview");
    expect(readFileSync(lab.ssh.hosts, "utf8")).toBe("old");
    real("pulumi", "exit 1");
    call("pulumi", "up");
    expect(readFileSync(lab.ssh.hosts, "utf8")).toBe("old");
    expect(readdirSync(join(lab.folder, "ssh"))).toEqual(["hosts"]);
  });
});
