import { afterEach, beforeEach, expect, test } from "vitest";
import { Nodes } from "../../scalelite/nodes";
import { poll } from "../../scalelite/poller";
import { Bench } from "./bench";

let bench: Bench;
let one: string;

beforeEach(async () => {
  bench = await Bench.start();
  [one] = await bench.withServers();
});

afterEach(() => bench.close());

const later = (minutes: number) => () => Date.now() + minutes * 60_000;
const pollAt = (now: () => number) => poll(bench.scalelite.database, new Nodes({ timeoutMs: 5000 }), now);

test("people are the load, at least fifteen in a young meeting, times the multiplier", async () => {
  bench.one.meetings.set("physics", { people: 2, createTime: Date.now(), moderatorPassword: "" });
  await bench.servers("updateServer", { id: one, server: { load_multiplier: 0.5 } });
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ load: 7.5 });
  await pollAt(later(16));
  expect(await bench.shown(one)).toMatchObject({ load: 1 });
});

test("a cordoned server without a load becomes disabled, with one it stays", async () => {
  bench.one.meetings.set("physics", { people: 2, createTime: Date.now(), moderatorPassword: "" });
  await bench.state(one, "cordon");
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ state: "cordoned", load: 15 });
  bench.one.meetings.clear();
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ state: "disabled", load: "unavailable" });
});

test("after two failed polls a server is offline and its meetings forgotten; it comes back enabled", async () => {
  await bench.meetings("create", { meetingID: "physics" });
  bench.one.dead = true;
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ online: "online" });
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ online: "offline", load: "unavailable", state: "enabled" });
  expect(bench.scalelite.database.meetings()).toEqual([]);
  bench.one.dead = false;
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ online: "online", state: "enabled" });
});

test("a failed poll between good ones does no harm", async () => {
  for (const dead of [true, false, true, false]) {
    bench.one.dead = dead;
    await bench.scalelite.poll();
  }
  expect(await bench.shown(one)).toMatchObject({ online: "online" });
});

test("a meeting that has ended on its node is forgotten", async () => {
  await bench.meetings("create", { meetingID: "physics" });
  bench.one.meetings.clear();
  await bench.scalelite.poll();
  expect(bench.scalelite.database.meetings()).toEqual([]);
});

test("a node whose secret is another one is offline", async () => {
  await bench.servers("updateServer", { id: one, server: { secret: "wrong" } });
  await bench.scalelite.poll();
  await bench.scalelite.poll();
  expect(await bench.shown(one)).toMatchObject({ online: "offline" });
});

test("it polls by itself", async () => {
  await bench.close();
  bench = await Bench.start({ pollMs: 5 });
  const { json } = await bench.servers("addServer", { server: { url: bench.one.url, secret: bench.one.secret } });
  await expect.poll(() => bench.shown(json.id)).toMatchObject({ online: "online" });
});
