import type { RequestListener } from "node:http";
import { expect, test } from "vitest";

import { type CheckResult, runChecks } from "../../checks/check";
import type { ClusterNode } from "../../checks/cluster";
import { frontendChecks } from "../../checks/frontends";
import { Meetings } from "../../checks/session/meetings";
import { Vantage } from "../../checks/vantage";
import { clusterAt, nodeAt, withServer } from "./support";

/** What a load balancer without a name of its own, all at one address, is found to do, and what it was asked. */
async function asked(
  landing: string,
  meetings: Meetings | null = new Meetings(),
  node: Partial<ClusterNode> = {},
  refusals = 0,
) {
  const calls: string[] = [];
  const results: CheckResult[] = [];
  const listener: RequestListener = ({ url = "", headers }, response) => {
    const call = /\/api\/(\w+)/.exec(url)?.[1] ?? "page";
    calls.push(`${call} at ${headers.host?.split(":")[0]}`);
    const location = landing.replace("PORT", headers.host?.split(":")[1] ?? "");
    if (call === "join" && location) return response.writeHead(302, { location }).end();
    if (call === "create" && calls.length <= refusals) return response.end(NO_SERVER);
    if (call === "page") response.setHeader("content-type", "text/html");
    return response.end(
      call === "page" ? '<script src="a.js"></script>' : "<response><returncode>SUCCESS</returncode></response>",
    );
  };
  await withServer(listener, async (origin) => {
    const balancer = origin.replace("127.0.0.1", "localhost");
    const api = {
      name: "load balancer",
      hostname: "localhost",
      origin: balancer,
      api: `${balancer}/bigbluebutton/api`,
    };
    const cluster = clusterAt(origin, [{ ...nodeAt(origin), ...node }]);
    const frontends = [{ ...api, secret: "s", isTenant: false }];
    const checks = frontendChecks({ ...cluster, frontends }, new Vantage(), meetings, { times: 3, milliseconds: 1 });
    await runChecks(checks, (result) => results.push(result));
  });
  return { results: results.map(({ verdict, seen }) => `${verdict}: ${seen.replace(/:\d+/, "")}`), calls };
}

const NO_SERVER = "<response><returncode>FAILED</returncode><messageKey>internalError</messageKey></response>";
const client = "http://127.0.0.1:PORT/bbb-01/html5client/?sessionToken=t0ken";
const ENDED = ["create at localhost", "join at localhost", "end at localhost"];

test("a meeting is made through the load balancer, led to a client of the cluster, and ended", async () => {
  const { results, calls } = await asked(client);
  expect(results).toEqual(["ok: http://127.0.0.1/bbb-01/html5client/"]);
  expect(calls).toEqual(["create at localhost", "join at localhost", "page at 127.0.0.1", "end at localhost"]);
});

test("a join that ends at no client of the cluster, or nowhere, fails without a word of the token, and the meeting is ended", async () => {
  const elsewhere = await asked(client.replace("bbb-01", "bbb-07"));
  expect(elsewhere).toEqual({
    results: ["failed: join leads to http://127.0.0.1/bbb-07/html5client/"],
    calls: ENDED,
  });
  const nowhere = await asked("");
  expect(nowhere.results).toEqual([expect.stringMatching(/^failed: join at localhost answered 200/)]);
  expect(nowhere.calls).toEqual(ENDED);
});

test("a node that Scalelite has not asked yet is waited for, and not for ever", async () => {
  expect((await asked(client, new Meetings(), {}, 2)).results).toEqual(["ok: http://127.0.0.1/bbb-01/html5client/"]);
  const never = await asked(client, new Meetings(), {}, 99);
  expect(never.results).toEqual(["failed: create answered 200 internalError"]);
  expect(never.calls).toEqual(Array(3).fill("create at localhost"));
});

test("no meeting is made where none may be, and none is missed where no node is open", async () => {
  expect(await asked(client, null)).toEqual({ results: [], calls: [] });
  const draining = { results: ["not checked: no node is open to new meetings"], calls: [] };
  expect(await asked(client, new Meetings(), { draining: true })).toEqual(draining);
});

test("of a tenant the certificate is checked under its own name, over both families", () => {
  const tenant = { name: "moodle", hostname: "moodle.cluster.test", origin: "https://moodle.cluster.test" };
  const frontends = [{ ...tenant, api: `${tenant.origin}/bigbluebutton/api`, secret: "s", isTenant: true }];
  const checks = frontendChecks({ ...clusterAt("https://bbb.cluster.test"), frontends }, new Vantage(true), null);
  expect(checks.map(({ name }) => name)).toEqual(["moodle: certificate over IPv4", "moodle: certificate over IPv6"]);
  for (const { expected } of checks) expect(expected).toContain("valid for moodle.cluster.test");
});
