import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { SshCommand } from "../../../cli/ssh";
import { alone } from "../../../cli/walk/alone";

let folder: string;
const said: string[] = [];
const say = (line: string) => void said.push(line);
const busy = "another npm run rollout goes on";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bbb-alone-"));
  said.length = 0;
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The command as a machine would run it, with the lock in a folder of the test. */
const here: SshCommand = (_, command) => ["sh", ["-c", command.replace("/run/", `${folder}/`)]];

test("a second rollout is refused while one goes on, and not afterwards", async () => {
  const second = () => alone(here, "bbb", say, async () => "second");
  await alone(here, "bbb", say, async () => {
    await expect(second()).rejects.toThrow(busy);
  });
  expect(await second()).toBe("second");
  expect(said).toEqual([]);
});

test("what fails lets others begin, too", async () => {
  const failing = async () => Promise.reject(new Error("a check failed"));
  await expect(alone(here, "bbb", say, failing)).rejects.toThrow("a check failed");
  expect(await alone(here, "bbb", say, async () => "next")).toBe("next");
});

test("one that is killed lets others begin", async () => {
  const program = `
    const { alone } = require(${JSON.stringify(join(__dirname, "../../../cli/walk/alone.ts"))});
    const here = (_, command) => ["sh", ["-c", command.replace("/run/", ${JSON.stringify(`${folder}/`)})]];
    alone(here, "bbb", () => {}, () => { console.log("goes on"); return new Promise(() => {}); });`;
  const killed = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(killed.stdout, "data");
  await expect(alone(here, "bbb", say, async () => "too early")).rejects.toThrow(busy);
  killed.kill("SIGKILL");
  await once(killed, "close");
  await expect.poll(() => alone(here, "bbb", say, async () => "on").catch(() => "busy")).toBe("on");
});

test("a machine that cannot be asked holds nobody up, and is named", async () => {
  const unreachable: SshCommand = () => ["sh", ["-c", "exit 255"]];
  expect(await alone(unreachable, "bbb", say, async () => "done")).toBe("done");
  expect(said).toEqual(["bbb does not answer: whether another rollout goes on is not known"]);
});
