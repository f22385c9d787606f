import { expect, test } from "vitest";
import { call, callUrl, checksum, element, listMeetings } from "../../checks/bbb-api";
import { NotChecked } from "../../checks/check";
import { nodeAt, withServer } from "./support";

test("the checksum is SHA-256 of call, query and secret", () => {
  // printf 'getMeetingstopsecret' | sha256sum
  expect(checksum("getMeetings", "", "topsecret")).toBe(
    "f94d3aeb887a13e41a639331b6d7553d9d0a6749d16337391922b120e0a34555",
  );
  // printf 'endmeetingID=atopsecret' | sha256sum
  expect(callUrl({ api: "https://n/api", secret: "topsecret" }, "end", { meetingID: "a" })).toBe(
    "https://n/api/end?meetingID=a&checksum=edd231f19d03d747a437097fee9af8dd91e711edfcd25872abe87e977f1c613b",
  );
});

test("a text of the API's XML is read without its CDATA and entities", () => {
  expect(element("<r><message><![CDATA[a < b]]></message></r>", "message")).toBe("a < b");
  expect(element("<r><url>a&amp;b</url></r>", "url")).toBe("a&b");
  expect(element("<r></r>", "url")).toBeUndefined();
});

test("a call that did not succeed fails with the API's own word for it", async () => {
  const xml = "<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey></response>";
  const failure = withServer(
    (_, response) => response.end(xml),
    (origin) => call(nodeAt(origin), "create"),
  );
  await expect(failure).rejects.toThrow("create answered 200 checksumError");
});

test("breakout rooms and the meetings of a verification are not counted as meetings", async () => {
  const meeting = (id: string, breakout = false) =>
    `<meeting><meetingName>${id}</meetingName><meetingID>${id}</meetingID><isBreakout>${breakout}</isBreakout></meeting>`;
  const all = [meeting("lecture"), meeting("room", true), meeting("verify-0123456789ab"), meeting("exam")].join("");
  const xml = `<response><returncode>SUCCESS</returncode><meetings>${all}</meetings></response>`;
  const meetings = await withServer(
    (_, response) => response.end(xml),
    (origin) => listMeetings(nodeAt(origin)),
  );
  expect(meetings.map(({ id }) => id)).toEqual(["lecture", "exam"]);
});

test("people are counted whatever BigBlueButton says of their number", async () => {
  const meeting = (id: string, rest: string) => `<meeting><meetingID>${id}</meetingID>${rest}</meeting>`;
  const people = "<attendees><attendee>a</attendee><attendee>b</attendee></attendees>";
  const counts = ["<participantCount>3</participantCount>", "<participantCount>many</participantCount>", ""];
  const all = [...counts.map((count) => meeting("x", count)), meeting("x", `${counts[1]}${people}`)];
  const xml = `<response><returncode>SUCCESS</returncode><meetings>${all.join("")}</meetings></response>`;
  const found = await withServer(
    (_, response) => response.end(xml),
    (origin) => listMeetings(nodeAt(origin)),
  );
  expect(found.map(({ users }) => users)).toEqual([3, 1, 0, 2]);
});

test("without a secret no call can be made", () => {
  expect(() => callUrl({ api: "https://n/api", secret: null }, "end")).toThrow(NotChecked);
});
