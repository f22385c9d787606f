import type { IncomingMessage, RequestListener } from "node:http";
import { expect, test } from "vitest";

import { apiChecks } from "../../checks/api";
import { runCheck } from "../../checks/check";
import { crossOriginChecks } from "../../checks/cross-origin";
import { meetingCheck } from "../../checks/meeting";
import { featuresOf } from "../../checks/release";
import { nodeAt, withServer } from "./support";

const features = featuresOf("3.0.30");

const index = {
  response: {
    graphqlWebsocketUrl: "wss://bbb-01.cluster.test/graphql",
    graphqlApiUrl: "https://bbb-01.cluster.test/api/rest",
  },
};

function serve(options: { relayAll?: boolean } = {}): RequestListener {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://x");
    const relayed = pathname.startsWith("/bbb-01/");
    const path = pathname.replace(/^\/bbb-01/, "").replace("/bigbluebutton/api", "");
    if (path === "/feedback") return response.end(request.method);
    if (path !== "" && relayed && !options.relayAll) return response.writeHead(404).end();
    const json = request.headers["content-type"] === "application/json";
    return response.end(json ? JSON.stringify(index) : "<response><returncode>SUCCESS</returncode></response>");
  };
}

const failing = (listener: RequestListener) =>
  withServer(listener, async (origin) => {
    const results = await Promise.all(apiChecks(nodeAt(origin), nodeAt(origin), features).map(runCheck));
    return results.filter((result) => !result.ok).map((result) => result.name);
  });

test("a front door that relays the index and the feedback alone passes", async () => {
  expect(await failing(serve())).toEqual([]);
});

test("a front door that relays the whole API is named", async () => {
  expect(await failing(serve({ relayAll: true }))).toEqual(["bbb-01: rest of the API at the front door"]);
});

test("an index that names another node fails at the node and at the front door", async () => {
  const other = JSON.stringify({
    response: { ...index.response, graphqlWebsocketUrl: "wss://bbb-02.cluster.test/graphql" },
  });
  const names = await failing((request, response) =>
    request.method === "GET" && request.headers["content-type"] ? response.end(other) : serve()(request, response),
  );
  expect(names).toEqual(["bbb-01: API at the node", "bbb-01: API at the front door"]);
});

function meetingServer(calls: string[], landing: (request: IncomingMessage) => string): RequestListener {
  return (request, response) => {
    const name = /\/api\/(\w+)/.exec(request.url ?? "")?.[1] ?? "page";
    calls.push(name);
    if (name === "join") return response.writeHead(302, { location: landing(request) }).end();
    if (name === "page") return response.setHeader("content-type", "text/html").end('<script src="a.js"></script>');
    return response.end("<response><returncode>SUCCESS</returncode></response>");
  };
}

test("a meeting is created, joined at the front door and ended", async () => {
  const calls: string[] = [];
  const landing = ({ headers }: IncomingMessage) => `http://${headers.host}/bbb-01/html5client/?sessionToken=t0ken`;
  const result = await withServer(meetingServer(calls, landing), (origin) =>
    runCheck(meetingCheck(nodeAt(origin), nodeAt(origin), features)),
  );
  expect(result.ok).toBe(true);
  expect(calls).toEqual(["create", "join", "page", "end", "getMeetings"]);
  expect(result.seen).not.toContain("t0ken");
});

test("a join that leads elsewhere fails, and the meeting is ended all the same", async () => {
  const calls: string[] = [];
  const result = await withServer(
    meetingServer(calls, () => "https://bbb-01.cluster.test/html5client/?sessionToken=t0ken"),
    (origin) => runCheck(meetingCheck(nodeAt(origin), nodeAt(origin), features)),
  );
  expect(result.seen).toContain("join answered 302 to https://bbb-01.cluster.test/html5client/");
  expect(calls).toEqual(["create", "join", "end", "getMeetings"]);
});

test("a node that lets every origin in fails for the stranger, once for each concern", async () => {
  const names = await withServer(
    (request, response) => {
      response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
      response.setHeader("access-control-allow-credentials", "true").end();
    },
    async (origin) => {
      const checks = crossOriginChecks(nodeAt(origin), nodeAt(origin), features).filter(
        ({ name }) => !name.includes("websocket"),
      );
      return (await Promise.all(checks.map(runCheck))).filter(({ ok }) => !ok).map(({ name }) => name);
    },
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.every((name) => name.endsWith("for stranger.example"))).toBe(true);
});
