import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { withLock } from "../../toolchain/lock";
import { Machine } from "./support/machine";

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

test("the second waits for the first and says so", async () => {
  const file = join(machine.root, "lock");
  const steps: string[] = [];
  let goOn = () => {};
  const first = withLock(
    file,
    () => {},
    async () => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      steps.push("first");
    },
  );
  const second = withLock(
    file,
    () => {
      steps.push("waiting");
      goOn();
    },
    async () => void steps.push("second"),
  );
  await Promise.all([first, second]);
  expect(steps).toEqual(["waiting", "first", "second"]);
});

test("a lock whose holder was killed is free", async () => {
  const file = join(machine.root, "lock");
  const script = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "../../toolchain/lock.ts"))})
    .withLock(${JSON.stringify(file)}, () => {}, () => { console.log("held"); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const holder = spawn(process.execPath, ["-e", script], { cwd: __dirname, stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  expect(
    await withLock(
      file,
      () => {},
      async () => "had it",
    ),
  ).toBe("had it");
});
