import { expect, test } from "vitest";

import { Progress } from "../../cli/terminal";

function progress(isTTY: boolean, columns = 60) {
  let now = Date.parse("2026-11-26T08:00:00");
  let text = "";
  const stream = { isTTY, columns, write: (part: string) => (text += part) };
  return {
    progress: new Progress(stream as never, () => now),
    pass: (minutes: number) => (now += minutes * 60_000),
    said: () => text,
  };
}

test("without a terminal what is waited for is said at first and every five minutes, what was done at once", () => {
  const { progress: tells, pass, said } = progress(false);
  tells.say("bbb-01: closed");
  tells.wait("waits for bbb-01 (3 people)");
  pass(4);
  tells.wait("waits for bbb-01 (2 people)");
  pass(1);
  tells.wait("waits for bbb-01 (1 people)");
  tells.end();
  expect(said()).toBe(
    "08:00:00 bbb-01: closed\n08:00:00 waits for bbb-01 (3 people)\n08:05:00 waits for bbb-01 (1 people)\n",
  );
});

test("on a terminal it is one line that changes and never is longer than the terminal", () => {
  const { progress: tells, said } = progress(true, 30);
  tells.wait("waits for bbb-01 (3 people); 2 more to come");
  tells.say("bbb-02: done");
  tells.end();
  expect(said().split("\r\u001b[2K")).toEqual([
    "08:00:00 waits for bbb-01 (3 ",
    "08:00:00 bbb-02: done\n08:00:00 waits for bbb-01 (3 ",
    "",
  ]);
});

test("the same is not said twice in a row", () => {
  const { progress: tells, said } = progress(false);
  tells.say("a");
  tells.say("a");
  tells.say("b");
  expect(said()).toBe("08:00:00 a\n08:00:00 b\n");
});
