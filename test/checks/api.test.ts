import type { RequestListener } from "node:http";
import { expect, test } from "vitest";

import { apiChecks } from "../../checks/api";
import { runCheck } from "../../checks/check";
import { crossOriginChecks } from "../../checks/cross-origin";
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
    return results.filter(({ verdict }) => verdict === "failed").map((result) => result.name);
  });

test("a proxy that relays the index and the feedback alone passes", async () => {
  expect(await failing(serve())).toEqual([]);
});

test("a proxy that relays the whole API is named", async () => {
  expect(await failing(serve({ relayAll: true }))).toEqual(["bbb-01: rest of the API at the proxy"]);
});

test("an index that names another node fails at the node and at the proxy", async () => {
  const other = JSON.stringify({
    response: { ...index.response, graphqlWebsocketUrl: "wss://bbb-02.cluster.test/graphql" },
  });
  const names = await failing((request, response) =>
    request.method === "GET" && request.headers["content-type"] ? response.end(other) : serve()(request, response),
  );
  expect(names).toEqual(["bbb-01: API at the node", "bbb-01: API at the proxy"]);
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
      return (await Promise.all(checks.map(runCheck)))
        .filter(({ verdict }) => verdict === "failed")
        .map(({ name }) => name);
    },
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.every((name) => name.endsWith("for stranger.example"))).toBe(true);
});
