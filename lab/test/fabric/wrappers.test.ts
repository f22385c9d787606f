import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { writeWrappers } from "../../fabric/wrappers";
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

function ssh(...args: string[]) {
  const env = { PATH: `${lab.bin}:${join(home, "real")}:/usr/bin:/bin` };
  return spawnSync(join(lab.bin, "ssh"), args, { env, encoding: "utf8" });
}

describe("a wrapper", () => {
  test("says in one sentence that the lab is down", () => {
    const { status, stderr } = ssh("bbb-01");
    expect([status, stderr]).toEqual([1, 'the lab "test" is down; start it with: npm run lab -- up\n']);
  });

  test("does not take a process that got a dead lab's number for the lab", () => {
    writeFileSync(lab.init, `${process.pid} pid:[1]\n`);
    expect(ssh("bbb-01").stderr).toContain("is down");
  });

  test("runs the real program, with its fixed arguments first, when it is used within the lab", () => {
    writeFileSync(lab.init, `1 ${readlinkSync("/proc/self/ns/pid")}\n`);
    const { status, stdout } = ssh("bbb-01", "echo a b");
    expect([status, stdout]).toEqual([3, `<-F>\n<${lab.ssh.config}>\n<bbb-01>\n<echo a b>\n`]);
  });

  test("is correct shell", () => {
    for (const name of ["pulumi", "hcloud", "curl", "ssh", "scp"]) execFileSync("sh", ["-n", join(lab.bin, name)]);
  });
});
