import { createHash } from "node:crypto";
import { expect, test } from "vitest";

import { compareRequests } from "../../cli/drift/compare";
import { expectedRequests } from "../../cli/drift/state";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const host = "python3 -B /opt/bbb-cluster/0123456789ab/bbb_cluster";
const command = (name: string, create: unknown, stdin: unknown, type = "command:remote:Command") => ({
  type,
  urn: `urn:pulumi:dev::bbb-cluster::bbb:index:Node$${type}::${name}`,
  inputs: { create, stdin },
});
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };

test("the state says what each machine was told last, the routes to the proxy that they stand on", () => {
  const resources = [
    { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:dev::bbb-cluster::pulumi:pulumi:Stack::bbb-cluster-dev" },
    command("bbb-configured", `${host} configure-proxy`, "p"),
    command("bbb-01-by-hand", "cloud-init status --wait", "b"),
    command("bbb-01-configured", `${host} configure-node`, "n"),
    command("bbb-01-programs", `${host} configure-node`, "n", "command:remote:CopyToRemote"),
    command("bbb-01-route-on-bbb", `${host} add-route`, '{"node": "bbb-01"}'),
    { ...command("bbb-02-configured", `${host} configure-node`, "old"), delete: true },
  ];
  expect(expectedRequests({ version: 3, deployment: { resources } })).toEqual(
    new Map([
      [
        "bbb",
        new Map([
          ["configure-proxy", sha256("p")],
          ["add-route bbb-01", sha256('{"node": "bbb-01"}')],
        ]),
      ],
      ["bbb-01", new Map([["configure-node", sha256("n")]])],
    ]),
  );
});

test("a request that is a secret in the state has no digest", () => {
  const resources = [
    command("bbb-01-configured", `${host} configure-node`, secret),
    command("bbb-01-route-on-bbb", `${host} add-route`, secret),
  ];
  expect(expectedRequests({ deployment: { resources } })).toEqual(
    new Map([
      ["bbb-01", new Map([["configure-node", null]])],
      ["bbb", new Map([["add-route bbb-01", null]])],
    ]),
  );
});

test("an empty stack told nobody anything", () => {
  expect(expectedRequests({ deployment: {} })).toEqual(new Map());
});

const [one, two] = [sha256("1"), sha256("2")];
const noted = (digest: string, state: "started" | "done") => new Map([["configure-node", { digest, state }]]);

test("a machine whose last request is that of the state and was done is as it should be", () => {
  const expected = new Map([["configure-node", one]]);
  expect(compareRequests(expected, noted(one, "done"))).toEqual({ findings: [], notChecked: [] });
});

test.each([
  ["another request", noted(two, "done"), /not the one in the state: interrupted while it changed/],
  ["a request that was only begun", noted(one, "started"), /interrupted while it changed/],
  ["another request that was only begun", noted(two, "started"), /interrupted while it changed/],
  ["none", new Map(), /never carried out here/],
])("%s on the machine is a finding", (_, requests, message) => {
  const { findings } = compareRequests(new Map([["configure-node", one]]), requests);
  expect(findings).toEqual([expect.stringMatching(message)]);
});

test("what is a secret in the state is not checked, and says so", () => {
  const { findings, notChecked } = compareRequests(new Map([["configure-node", null]]), noted(one, "done"));
  expect([findings, notChecked]).toEqual([[], ["configure-node: its request is a secret in the state"]]);
});
