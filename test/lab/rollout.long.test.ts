import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Crowd } from "./crowd";
import { LabUnderTest } from "./lab";
import { finished, printed, succeeded } from "./outcome";

const lab = new LabUnderTest("rollout");
const folder = mkdtempSync(join(tmpdir(), "bbb-rollout-"));
const stop = join(folder, "stop");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "4"));
});

afterAll(() => {
  writeFileSync(stop, "");
  lab.remove();
  rmSync(folder, { recursive: true });
});

interface Shown {
  name: string;
  cordons: string;
  pending: string;
}

async function shown(): Promise<Shown[]> {
  const { stdout } = await lab.shell("npm run -s status -- --json 2>/dev/null");
  return (JSON.parse(stdout) as Shown[]).filter(({ name }) => name !== "bbb");
}

test("a rollout over four nodes ends no meeting and fails no join while people meet, also when it is killed", async () => {
  const servers = "pulumi stack output --show-secrets --json loadBalancerServers";
  const crowd = finished(lab.startShell(`${servers} | npm run -s lab -- run -- npx tsx test/lab/crowd.ts ${stop}`));
  await delay(10_000);
  await lab.shell("pulumi config set --path bbbWebProperties.muteOnStart true");
  await succeeded(lab.lab("up"));
  expect((await shown()).some(({ pending }) => pending === "1 change")).toBe(true);

  const killed = lab.startShell("npm run rollout");
  await printed(killed, /closed to new meetings/);
  lab.signal(killed, "SIGKILL");
  const rollout = finished(lab.startShell("npm run rollout"));
  const isOver = rollout.then(() => true);
  while (!(await Promise.race([isOver, delay(2000, false)]))) {
    expect((await shown()).filter(({ cordons }) => cordons === "rollout").length).toBeLessThanOrEqual(1);
  }
  await succeeded(rollout);
  for (const node of await shown()) expect(node).toMatchObject({ cordons: "none", pending: "nothing" });

  writeFileSync(stop, "");
  const { meetings, joins, failures } = JSON.parse((await crowd).stdout) as Crowd;
  expect(failures).toEqual([]);
  expect([meetings > 10, joins > 100]).toEqual([true, true]);
});
