import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Bench } from "./bench";
import type { FakeNode } from "./fake-node";

let bench: Bench;
let one: string;
let two: string;

async function restart(release: "1.5" | "1.8") {
  await bench?.close();
  bench = await Bench.start({ release });
  [one, two] = await bench.withServers();
}

beforeEach(() => restart("1.5"));
afterEach(() => bench.close());

const physics = { meetingID: "physics", moderatorPW: "mod" };
const idsOn = (node: FakeNode) => [...node.meetings.keys()];

test("a meeting is created on the least loaded server that is enabled and polled, with a voice bridge", async () => {
  for (const meetingID of ["a", "b", "c"]) await bench.meetings("create", { meetingID });
  expect([idsOn(bench.one), idsOn(bench.two)]).toEqual([["a", "c"], ["b"]]);
  expect(bench.one.asked.find(([action]) => action === "create")?.[1].get("voiceBridge")).toMatch(/^\d{9}$/);
});

test("a server that has just been enabled gets no meeting before the next poll", async () => {
  await bench.state(one, "cordon");
  await bench.scalelite.poll();
  await bench.state(one, "enable");
  await bench.meetings("create", physics);
  expect(idsOn(bench.two)).toEqual(["physics"]);
  await bench.scalelite.poll();
  await bench.meetings("create", { meetingID: "chemistry" });
  expect(idsOn(bench.one)).toEqual(["chemistry"]);
});

test("neither a cordoned nor a disabled server gets a meeting", async () => {
  await bench.state(one, "cordon");
  await bench.state(two, "disable");
  expect((await bench.meetings("create", physics)).text).toContain("Could not find any available servers.");
});

describe("a meeting that runs on a cordoned server", () => {
  beforeEach(async () => {
    await bench.meetings("create", physics);
    const meeting = bench.one.meetings.get("physics");
    if (meeting) meeting.people = 3;
    await bench.state(one, "cordon");
  });

  test("is joined there", async () => {
    const { status, location } = await bench.meetings("join", { ...physics, fullName: "Ada" });
    expect(status).toBe(302);
    expect(location).toContain(`${bench.one.url}/join?meetingID=physics&moderatorPW=mod&fullName=Ada&checksum=`);
  });

  test("is created there again as long as any server is free, and only since 1.6 also when none is", async () => {
    expect((await bench.meetings("create", physics)).text).toContain("<returncode>SUCCESS");
    await bench.state(two, "cordon");
    expect((await bench.meetings("create", physics)).text).toContain("Could not find any available servers.");
    await restart("1.8");
    await bench.meetings("create", physics);
    const meeting = bench.one.meetings.get("physics");
    if (meeting) meeting.people = 3;
    await bench.state(one, "cordon");
    await bench.state(two, "cordon");
    expect((await bench.meetings("create", physics)).text).toContain("<returncode>SUCCESS");
    expect(idsOn(bench.two)).toEqual([]);
  });

  test("cannot be joined when the server is disabled: Rails' own error", async () => {
    await bench.state(one, "disable");
    expect((await bench.meetings("join", physics)).status).toBe(500);
  });

  test("is listed, told of and ended", async () => {
    expect((await bench.meetings("getMeetings")).text).toContain("<meetingID>physics</meetingID>");
    expect((await bench.meetings("isMeetingRunning", physics)).text).toContain("<running>true</running>");
    expect((await bench.meetings("getMeetingInfo", physics)).text).toContain("<participantCount>3<");
    expect((await bench.meetings("end", { meetingID: "physics", password: "mod" })).text).toContain("SUCCESS");
    expect(idsOn(bench.one)).toEqual([]);
    expect((await bench.meetings("getMeetings")).text).toContain("<messageKey>noMeetings</messageKey>");
    expect((await bench.meetings("isMeetingRunning", physics)).text).toContain("<running>false</running>");
    expect((await bench.meetings("getMeetingInfo", physics)).text).toContain("<messageKey>notFound</messageKey>");
  });

  test("begins elsewhere when nobody is in it, since 1.8.4", async () => {
    await restart("1.8");
    await bench.meetings("create", physics);
    await bench.state(one, "cordon");
    await bench.meetings("create", physics);
    expect(idsOn(bench.two)).toEqual(["physics"]);
  });
});

test("a meeting on a server that is off cannot begin until the poller has failed twice", async () => {
  await bench.meetings("create", physics);
  bench.one.dead = true;
  for (const trouble of ["Unable to create meeting on server.", "Unable to create meeting on server.", undefined]) {
    const { text } = await bench.meetings("create", physics);
    expect(text).toContain(trouble ?? "<returncode>SUCCESS");
    await bench.scalelite.poll();
  }
  expect(idsOn(bench.two)).toEqual(["physics"]);
});

test("a checksum is wanted of frontends, too, and parameters may come in a form", async () => {
  expect((await bench.get("/bigbluebutton/api/getMeetings")).text).toContain("checksumError");
  expect((await bench.get("/bigbluebutton/api/")).text).toContain("<version>2.0</version>");
  const form = { method: "POST", body: new URLSearchParams(physics) };
  expect((await bench.meetings("create", {}, form)).text).toContain("<returncode>SUCCESS");
  expect((await bench.meetings("create", {})).text).toContain("missingParamMeetingID");
  expect((await bench.meetings("getRecordings")).text).toContain("<messageKey>noRecordings</messageKey>");
});

test("what a node says against a call is passed on", async () => {
  await bench.meetings("create", physics);
  expect((await bench.meetings("create", { ...physics, moderatorPW: "other" })).text).toContain("idNotUnique");
});
