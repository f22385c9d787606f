import { expect, test } from "vitest";

import { planCluster } from "../../../plan/cluster";
import { configOf } from "../../support/stack";

const installer = { url: "https://packages.example.com/v4.0.x/bbb-install.sh", sha256: "0b".repeat(32) };

test("nodes of two release lines live side by side, each with its own installer, image and route", () => {
  const nodeSettings = { "bbb-02": { release: "4.0", installer } };
  const { nodes, routes, warnings } = planCluster(
    "bbb",
    configOf({ nodes: 2, release: "2.7", nodeImage: "123", nodeSettings }),
  );
  expect(nodes.map(({ machine, request }) => [machine.image, request.release, request.installer.version])).toEqual([
    ["123", "2.7", "focal-270"],
    ["ubuntu-24.04", "4.0", "noble-400"],
  ]);
  expect(nodes[1]?.request.installer).toMatchObject(installer);
  expect(routes.map(({ request }) => request.client)).toEqual(["meteor", "static"]);
  expect(warnings.join("\n")).toContain("BigBlueButton 4.0 is known as betas");
});

test("another release of the same line needs nothing else", () => {
  const nodeSettings = { "bbb-02": { release: "3.0.38" } };
  const { nodes } = planCluster("bbb", configOf({ nodes: 2, release: "3.0.30", nodeSettings }));
  expect(nodes.map(({ machine, request }) => [machine.image, request.installer.version])).toEqual([
    ["ubuntu-22.04", "jammy-300-3.0.30"],
    ["ubuntu-22.04", "jammy-300-3.0.38"],
  ]);
  expect(nodes[0]?.request.installer.url).toBe(nodes[1]?.request.installer.url);
});
