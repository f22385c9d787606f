import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";

import { withLock } from "../lock";

const name = (test: string) => `${test} ${process.pid}`;
const silent = () => {};

test("the second waits for the first and says so", async () => {
  const steps: string[] = [];
  let goOn = silent;
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const first = withLock(name("waits"), silent, async () => {
    await told;
    steps.push("first");
  });
  const waiting = () => {
    steps.push("waiting");
    goOn();
  };
  const second = withLock(name("waits"), waiting, async () => void steps.push("second"));
  await Promise.all([first, second]);
  expect(steps).toEqual(["waiting", "first", "second"]);
});

test("a lock whose holder was killed is free", async () => {
  const script = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "../lock.ts"))})
    .withLock(${JSON.stringify(name("killed"))}, () => {}, () => {
      console.log("held");
      return new Promise(() => setInterval(() => {}, 1000));
    });`;
  const holder = spawn(process.execPath, ["-e", script], { cwd: __dirname, stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  expect(await withLock(name("killed"), silent, async () => "had it")).toBe("had it");
});
