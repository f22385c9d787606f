import { expect, test } from "vitest";

import { clusterWith, startRig } from "./rig";
import { hostCommand } from "./rig/call";

const values = ["TOP-SECRET-VALUE", "ANOTHER-SECRET"];

test("a secret override is in nothing that Pulumi prints or keeps, and reaches every node", async () => {
  const { pulumi, commands } = await startRig({ from: await clusterWith({ nodes: 2 }) });
  const set = (value: string) =>
    pulumi.read("config", "set", "--secret", "--path", "bbbWebProperties.someSharedSecret", value);
  const seen: string[] = [];
  for (const value of values) {
    await set(value);
    // Previews first.
    seen.push(await pulumi.read("up", "--yes", "--diff"), await pulumi.read("stack", "export"));
    expect(commands.calls.filter(({ stdin }) => stdin.includes(value))).toHaveLength(2);
  }
  await set("THIRD-SECRET");
  seen.push(await pulumi.read("preview", "--json"));
  commands.fail((call) => hostCommand(call) === "keep-secrets", "it is broken");
  const failed = await pulumi.up();
  expect(failed.status).not.toBe(0);
  expect(failed.output).toContain("it is broken");
  expect([...seen, failed.output].join()).not.toMatch(/TOP-SECRET|ANOTHER-SECRET|THIRD-SECRET/);
});
