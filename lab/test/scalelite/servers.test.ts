import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Bench, secret } from "./bench";

let bench: Bench;

beforeEach(async () => {
  bench = await Bench.start();
});

afterEach(() => bench.close());

const server = { url: "https://bbb-01.cluster.test/bigbluebutton/api", secret: "s" };

describe("a call without the right checksum", () => {
  test("is answered by XML and status 200, as in the real one", async () => {
    const { status, text } = await bench.servers("getServers", undefined, "another secret");
    expect(status).toBe(200);
    expect(text).toContain("<messageKey>checksumError</messageKey>");
  });

  test.each(["", "?checksum=", "?checksum=abc", `?checksum=${"0".repeat(64)}`])("is refused: %j", async (query) => {
    expect((await bench.get(`/scalelite/api/getServers${query}`)).text).toContain("checksumError");
  });

  test("may be made by SHA-1, SHA-256 and SHA-512, and with it anywhere in the query", async () => {
    await bench.servers("addServer", { server });
    for (const algorithm of ["sha1", "sha256", "sha512"]) {
      const sum = createHash(algorithm).update(`getServerInfoid=x${secret}`).digest("hex");
      for (const query of [`id=x&checksum=${sum}`, `checksum=${sum}&id=x`]) {
        expect((await bench.get(`/scalelite/api/getServerInfo?${query}`)).status).toBe(404);
      }
    }
  });
});

test("there are no other calls, methods or types of content", async () => {
  const sum = createHash("sha256").update(`addServer${secret}`).digest("hex");
  expect((await bench.servers("getTenants")).text).toContain("unsupportedRequest");
  expect((await bench.servers("addServer")).text).toContain("unsupportedRequest");
  const form = { method: "POST", body: new URLSearchParams({ url: "x" }) };
  expect((await bench.get(`/scalelite/api/addServer?checksum=${sum}`, form)).text).toContain("unsupportedContentType");
});

test("without a server there is an error in the place of an empty list", async () => {
  expect(await bench.servers("getServers")).toMatchObject({
    status: 404,
    json: { error: "No servers are configured" },
  });
});

test("a server is added disabled, without a load, and as often as it is asked for", async () => {
  const { status, json } = await bench.servers("addServer", { server: { ...server, load_multiplier: 0.5 } });
  expect(status).toBe(201);
  expect(json).toMatchObject({
    ...server,
    state: "disabled",
    load: "unavailable",
    online: "offline",
    load_multiplier: "0.5",
  });
  await bench.servers("addServer", { server });
  expect(bench.scalelite.database.servers()).toHaveLength(2);
  expect(await bench.servers("addServer", { server: { url: "x" } })).toMatchObject({ status: 400 });
});

test("a state is told by a verb, and shown by an adjective", async () => {
  const [one] = await bench.withServers();
  expect((await bench.state(one, "cordon")).json).toMatchObject({ state: "cordoned" });
  expect(await bench.servers("updateServer", { id: one, server: { state: "cordoned" } })).toMatchObject({
    status: 400,
    json: { error: "Invalid state parameter: cordoned" },
  });
  expect(await bench.state("none", "cordon")).toMatchObject({
    status: 404,
    json: { error: "Couldn't find server with id=none" },
  });
});

test("a server that is deleted leaves its meetings, which can then never be created again", async () => {
  const [one, two] = await bench.withServers();
  await bench.meetings("create", { meetingID: "physics" });
  const holder = bench.scalelite.database.meeting("physics")?.serverId;
  await bench.servers("deleteServer", { id: holder });
  expect((await bench.meetings("create", { meetingID: "physics" })).text).toContain("Couldn't find Server");
  await bench.scalelite.poll();
  expect(bench.scalelite.database.meetings()).toHaveLength(1);
  expect([one, two]).toContain(holder);
});

describe("panicServer", () => {
  test("ends the meetings of a node, and disables it", async () => {
    const [one] = await bench.withServers();
    for (const meetingID of ["a", "b", "c", "d"]) await bench.meetings("create", { meetingID });
    expect(bench.one.meetings.size).toBe(2);
    expect(await bench.servers("panicServer", { id: one })).toMatchObject({ status: 200 });
    expect(bench.one.meetings.size).toBe(0);
    expect(bench.scalelite.database.meetings()).toHaveLength(2);
    expect(await bench.shown(one)).toMatchObject({ state: "disabled" });
  });

  test("ends at the first meeting that a node does not end, with this one taken out alone", async () => {
    const [one] = await bench.withServers();
    for (const meetingID of ["a", "b", "c", "d"]) await bench.meetings("create", { meetingID });
    bench.one.dead = true;
    for (const left of [1, 0]) {
      expect(await bench.servers("panicServer", { id: one })).toMatchObject({ status: 400 });
      const meetings = bench.scalelite.database.meetings().filter(({ serverId }) => serverId === one);
      expect(meetings).toHaveLength(left);
      expect(await bench.shown(one)).toMatchObject({ state: "enabled" });
    }
    expect(await bench.servers("panicServer", { id: one })).toMatchObject({ status: 200 });
  });
});

test("what it knows is there after a restart", async () => {
  await bench.close();
  const file = join(mkdtempSync(join(tmpdir(), "scalelite-")), "database.json");
  bench = await Bench.start({ file });
  const [one] = await bench.withServers();
  await bench.state(one, "cordon");
  await bench.close();
  bench = await Bench.start({ file });
  expect(await bench.shown(one)).toMatchObject({ state: "cordoned", online: "online" });
});
