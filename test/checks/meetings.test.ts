import type { IncomingMessage, RequestListener } from "node:http";
import { expect, test } from "vitest";

import { type CheckResult, runChecks } from "../../checks/check";
import { nodeChecks } from "../../checks/plan";
import { featuresOf } from "../../checks/release";
import { Attendance } from "../../checks/session/attendance";
import { endAfterOthers, joinCheck } from "../../checks/session/life";
import { Meetings } from "../../checks/session/meetings";
import { nodeAt, withServer } from "./support";

const features = featuresOf("3.0.30");
const success = "<response><returncode>SUCCESS</returncode></response>";

function server(calls: string[], landing: (request: IncomingMessage) => string): RequestListener {
  return (request, response) => {
    const name = /\/api\/(\w+)/.exec(request.url ?? "")?.[1] ?? "page";
    calls.push(name);
    if (name === "join") return response.writeHead(302, { location: landing(request) }).end();
    if (name === "page") return response.setHeader("content-type", "text/html").end('<script src="a.js"></script>');
    return response.end(success);
  };
}

async function life(listener: RequestListener): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  await withServer(listener, async (origin) => {
    const node = nodeAt(origin);
    const stay = new Attendance(node, features, new Meetings());
    await runChecks(endAfterOthers(node, stay, [joinCheck({ origin }, node, stay, features)]), (each) =>
      results.push(each),
    );
  });
  return results;
}

test("a meeting is created, joined at the proxy and ended", async () => {
  const calls: string[] = [];
  const landing = ({ headers }: IncomingMessage) => `http://${headers.host}/bbb-01/html5client/?sessionToken=t0ken`;
  const results = await life(server(calls, landing));
  expect(results.map(({ verdict }) => verdict)).toEqual(["ok", "ok"]);
  expect(calls).toEqual(["create", "join", "page", "end", "getMeetings"]);
  expect(JSON.stringify(results)).not.toContain("t0ken");
});

test("a join that leads elsewhere fails, and the meeting is ended all the same", async () => {
  const calls: string[] = [];
  const [joined] = await life(server(calls, () => "https://bbb-01.cluster.test/html5client/?sessionToken=t0ken"));
  expect(joined).toMatchObject({ verdict: "failed", seen: "join leads to https://bbb-01.cluster.test/html5client/" });
  expect(calls).toEqual(["create", "join", "end", "getMeetings"]);
});

test("a verification's meeting is small: not recorded, calling nobody back, and ending by itself", async () => {
  let asked = new URLSearchParams();
  await withServer(
    ({ url }, response) => {
      asked = new URL(url ?? "", "http://x").searchParams;
      response.end(success);
    },
    (origin) => new Meetings().create(nodeAt(origin), {}),
  );
  expect(asked.get("meetingID")).toMatch(/^verify-[0-9a-f]{12}$/);
  expect([asked.get("record"), asked.get("duration")]).toEqual(["false", "10"]);
  expect([...asked.keys()].filter((key) => /callback|^meta_/i.test(key))).toEqual([]);
});

test("on an interruption what was made is ended, also where the answer is still on its way", async () => {
  const calls: string[] = [];
  await withServer(
    ({ url }, response) => {
      calls.push(/\/api\/(\w+)/.exec(url ?? "")?.[1] ?? "");
      setTimeout(() => response.end(success), 20);
    },
    async (origin) => {
      const meetings = new Meetings();
      void meetings.create(nodeAt(origin), {});
      void meetings.create(nodeAt(origin), {});
      await meetings.endAll();
      await expect(meetings.create(nodeAt(origin), {})).rejects.toThrow("over");
      await meetings.endAll();
    },
  );
  expect(calls).toEqual(["create", "create", "end", "end"]);
});

test("without meetings nothing is left that makes one, and only one is made on a node at a time", async () => {
  const calls: string[] = [];
  const run = (meetings: Meetings | null) =>
    withServer(
      server(calls, () => "http://x/"),
      (origin) => runChecks(nodeChecks({ origin }, nodeAt(origin), "3.0.30", meetings), () => {}),
    );
  await run(null);
  expect(calls).not.toContain("create");
  await run(new Meetings());
  expect(calls.filter((name) => name === "create" || name === "end")).toEqual(["create", "end"]);
});
