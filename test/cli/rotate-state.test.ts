import { expect, test } from "vitest";

import type { StackState } from "../../cli/recover/state";
import { outputsIn } from "../../cli/rotate/state";

test("of a stack's outputs those are read that need no passphrase: it may be lost", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
  const outputs = { url: "https://bbb.example.com", tenants: secret, loadBalancerServers: secret, nodes: [] };
  const state = { resources: [{ type: "pulumi:pulumi:Stack", outputs }] } as unknown as StackState;
  expect(outputsIn(state)).toEqual({ url: "https://bbb.example.com", nodes: [] });
});
