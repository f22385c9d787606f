import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";

import { runChecks } from "../../checks/check";
import { crossOriginChecks } from "../../checks/cross-origin";
import { featuresOf } from "../../checks/release";
import { nodeAt, withServer } from "./support";

const proxy = "https://bbb.cluster.test";

/** A node that lets pages of the proxy read everything, but for what `spoil` does to an answer. */
async function failures(release: string, spoil: (request: IncomingMessage, response: ServerResponse) => void) {
  const failed: string[] = [];
  await withServer(
    (request, response) => {
      if (request.headers.origin === proxy) {
        response.setHeader("Access-Control-Allow-Origin", proxy);
        response.setHeader("Access-Control-Allow-Credentials", "true");
      }
      spoil(request, response);
      response.end();
    },
    async (origin) => {
      const checks = crossOriginChecks({ origin: proxy }, nodeAt(origin), featuresOf(release));
      await runChecks(
        checks.filter(({ name }) => !name.includes("websocket")),
        ({ name, verdict }) => verdict === "ok" || failed.push(name.replace("bbb-01: ", "")),
      );
    },
  );
  return failed;
}

test.each(["2.7.15", "3.0.4", "3.0.38", "4.0.0-rc.5"])(
  "a node of %s that lets the proxy's pages in and nobody else is in order",
  async (release) => {
    expect(await failures(release, () => {})).toEqual([]);
  },
);

test.each([
  ["a preflight", "OPTIONS", ["REST of GraphQL, asked before", "notes of BlockNote, asked before"]],
  ["a request", "GET", ["slides", "notes of BlockNote"]],
])("%s that is not answered for the proxy is noticed apart from the other one", async (_, method, names) => {
  const spoilt = await failures("4.0.0-rc.5", (request, response) => {
    if (request.method === method) response.removeHeader("Access-Control-Allow-Origin");
  });
  const asked = method === "OPTIONS" ? "bbb-web, asked before" : "bbb-web";
  expect(spoilt).toEqual([...names, asked].map((name) => `${name} for bbb.cluster.test`));
});

test("whoever lets everybody in is noticed, also without credentials for the proxy", async () => {
  const everybody = await failures("3.0.38", (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Credentials", "true");
  });
  expect(new Set(everybody.map((name) => name.split(" for ")[1]))).toEqual(new Set(["stranger.example"]));
  const star = await failures("3.0.38", (_, response) => response.setHeader("Access-Control-Allow-Origin", "*"));
  expect(new Set(star.map((name) => name.split(" for ")[1]))).toEqual(new Set(["bbb.cluster.test"]));
});
