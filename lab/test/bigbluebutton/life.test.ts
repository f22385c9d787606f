import { expect, test } from "vitest";

import { python } from "./simulation";

/**
 * The oracle is BigBlueButton's own life of a meeting: akka's audit every 10 s, a user whose browser is gone leaves 10 to
 * 20 s later (bigbluebutton#15993), usersTimeout of 60 s, meetingExpireIfNoUserJoinedInMinutes=5 and
 * meetingExpireWhenLastUserLeftInMinutes=1 in bigbluebutton.properties.
 */
const PROGRAM = `
import json, sys
from bbb_web.meetings import Meetings
now = [1000.0]
meetings = Meetings(clock=lambda: now[0])
steps, options = json.loads(sys.argv[1]), json.loads(sys.argv[2])
meeting, _ = meetings.create("abc", "Test", "ap", "mp", "70001", options)
user, seen = None, []
for step in steps:
    if step == "join":
        user = meetings.join(meeting, "Ann", "MODERATOR", None)
    elif step in ("enter", "leave"):
        getattr(meetings, step)(meeting, user)
    else:
        for _ in range(int(step / 10)):
            now[0] += 10
            meetings.audit()
    there = "ended" if meetings.find("abc") is None else f"{len(meeting.online)} there"
    seen.append(f"{there}{', running' if meeting.running and there != 'ended' else ''}")
print(json.dumps(seen))
`;

function life(steps: (string | number)[], options: Record<string, string> = {}): string[] {
  return python(PROGRAM, JSON.stringify(steps), JSON.stringify(options)) as string[];
}

test("who has joined is there once the browser is, and leaves some seconds after it is gone", () => {
  expect(life(["join", 30, "enter", 600, "leave", 10])).toEqual([
    ...["0 there", "0 there", "1 there, running", "1 there, running", "1 there, running", "0 there, running"],
  ]);
});

test("a browser that comes back in time was never gone", () => {
  expect(life(["join", "enter", "leave", "enter", 30]).toString()).toMatch(/1 there, running$/);
  expect(life(["join", "enter", "leave", 30, "enter", 60]).toString()).toMatch(/1 there, running$/);
});

test("a meeting ends a minute after the last one has left, and sooner or later if its creator says so", () => {
  const last = ["join", "enter", "leave", 10];
  expect(life([...last, 50, 10]).toString()).toMatch(/0 there, running,ended$/);
  expect(life(last, { meetingExpireWhenLastUserLeftInMinutes: "0" }).toString()).toMatch(/ended$/);
  expect(life([...last, 120], { meetingExpireWhenLastUserLeftInMinutes: "5" }).toString()).toMatch(/,0 there$/);
});

test("a meeting to which nobody came ends after five minutes, also when somebody had let himself in without a browser", () => {
  expect(life([290, 10])).toEqual(["0 there", "ended"]);
  expect(life(["join", 290, 10])).toEqual(["0 there", "0 there", "ended"]);
  expect(life([600], { meetingExpireIfNoUserJoinedInMinutes: "60" })).toEqual(["0 there"]);
});
