import { expect, test } from "vitest";

import { certificateChecks, renewalChecks } from "../../checks/certificates";
import { runCheck } from "../../checks/check";
import { proxyChecks } from "../../checks/proxy";
import { Vantage } from "../../checks/vantage";
import { clusterAt } from "./support";

test("a proxy on which nobody answers fails every check that asks it, and is told by name", async () => {
  const cluster = { ...clusterAt("https://127.0.0.1:1"), nodes: [] };
  const vantage = Object.assign(new Vantage(true), { needSsh: async () => {} });
  const checks = [
    ...proxyChecks(cluster),
    ...certificateChecks(cluster, vantage),
    ...renewalChecks(cluster, vantage, async () => ""),
  ];
  const results = await Promise.all(checks.map(runCheck));
  expect(results.filter(({ verdict }) => verdict !== "failed")).toEqual([]);
  expect(results.every(({ name }) => name.startsWith("bbb: "))).toBe(true);
  expect(results.map(({ seen }) => seen).join()).toContain("ECONNREFUSED");
});
