import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";

import { planCluster } from "../../../plan/cluster";
import { refusedPath } from "../../../plan/node/administrator-files";
import { nodeFiles } from "../../../plan/node/files";
import { configOf } from "../../support/stack";

const source = "test/support/files/default.pdf";
const hook = "test/support/files/node-hook.sh";
const pdf = "bf86a1b2bbda7e335a3cb09175988deeba7a9da4c3f670b6565dd66b2c1958bb";
const script = "05cfb2248a866470147a2bacb4eed4e9a7792217f2eab51c2df392a634b55a84";
const own = {
  nodeFiles: [
    { path: "/srv/a.pdf", source },
    { path: "/srv/b.pdf", source, mode: "0600", restart: ["bbb-web"] },
  ],
  nodeHook: hook,
};

test("a request names files by their SHA-256, and every node gets the same", () => {
  const { nodes } = planCluster("bbb", configOf({ nodes: 2, ...own }));
  for (const { request } of nodes) {
    expect(request.nodeFiles).toEqual([
      { path: "/srv/a.pdf", sha256: pdf, mode: "0644", restart: [] },
      { path: "/srv/b.pdf", sha256: pdf, mode: "0600", restart: ["bbb-web"] },
    ]);
    expect(request.nodeHook).toBe(script);
  }
});

test("each content goes to the nodes once", () => {
  const { localFiles } = planCluster("bbb", configOf(own));
  expect(localFiles.map(({ sha256 }) => sha256)).toEqual([pdf, script]);
  expect(planCluster("bbb", configOf()).localFiles).toEqual([]);
});

test("a standalone node has none of them, and no hook", () => {
  const { nodes } = planCluster("bbb", configOf({ ...own, nodeSettings: { "bbb-01": { state: "standalone" } } }));
  expect(nodes[0]?.request).toMatchObject({ nodeFiles: [], nodeHook: null });
});

test("no file that the cluster writes on a node can be an administrator's", () => {
  const names = { node: "bbb-01", nodeHostname: "bbb-01.example.com", proxyHostname: "bbb.example.com" };
  const managed = nodeFiles(names).map(({ path }) => path.replace(/\{(\w+[^,]*),.*\}/, "$1"));
  expect(managed.length).toBeGreaterThan(10);
  expect(managed.filter((path) => refusedPath(path) === undefined)).toEqual([]);
});

test("what is accepted is a path that every reader takes for the same file", () => {
  const part = fc.constantFrom(
    "etc",
    "..",
    ".",
    "",
    "a b",
    "..x",
    ".x",
    "x..",
    "é",
    "x\n",
    "{a,b}",
    "bbb-cluster",
    "tmp",
  );
  const path = fc.array(part, { maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
  let accepted = 0;
  fc.assert(
    fc.property(path, (given) => {
      if (refusedPath(given) !== undefined) return;
      accepted += 1;
      expect(posix.normalize(given)).toBe(given);
      expect(given).toMatch(/^(\/[a-z.]+)+$/);
      expect(given).not.toMatch(/^\/tmp(\/|$)/);
    }),
  );
  expect(accepted).toBeGreaterThan(0);
});
