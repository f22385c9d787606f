import { spawn } from "node:child_process";
import { expect, test } from "vitest";

import { finished, succeeded } from "./lab/outcome";
import { reasonsIn } from "./reasons.mjs";

/** A command of shell; nothing of it is shown. */
const shell = (command: string) => finished(spawn("sh", ["-c", command]), () => undefined);

const failing = `
  echo 'ok   bbb-01: settings: expected nothing'
  echo ' +  command:remote:Command bbb-01-configured created (4s)'
  echo 'FAIL bbb-02: camera: expected a picture, seen none'
  echo 'Diagnostics:'
  echo '  error: bbb-03 does not answer' >&2
  exit 3`;

test("a command that has to succeed and does not says how it ended and what it last printed, without what went well", async () => {
  await expect(succeeded(shell(failing))).rejects.toThrow(
    /ended with 3, and last printed:\n\| FAIL bbb-02: camera: .*\n(\| Diagnostics:\n\| {3}error: .*|\| {3}error: .*\n\| Diagnostics:)$/,
  );
});

test("of a command that succeeds its output is what counts", async () => {
  expect((await succeeded(shell("echo all; echo is >&2; echo well"))).stdout).toBe("all\nwell\n");
});

test("the reasons of a failed suite are its failed tests, each with all that its error says", () => {
  const output = [
    "FAIL bbb-01: settings: that must be noticed, and was",
    "⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯",
    " FAIL  |lab| test/lab/one.test.ts [ test/lab/one.test.ts ]",
    "Error: `npm run lab -- up` ended with 1, and last printed:",
    "| FAIL bbb-02: camera: expected a picture, seen none",
    "|   error: bbb-03 does not answer",
    " ❯ succeeded test/lab/outcome.ts:42:9",
    "     40|   if (outcome.status === 0) return outcome;",
    "",
    "⎯⎯⎯⎯[1/2]⎯⎯⎯⎯",
    " FAIL  |lab| test/lab/one.test.ts > says something",
    "AssertionError: expected 'a' to be 'b'",
    "",
    "- b",
    " Tests  1 failed",
  ];
  expect(reasonsIn(output.join("\n"))).toEqual([...output.slice(2, 6), ...output.slice(10, 12)]);
});

test("what unittest says of a failed test ends as its traceback does", () => {
  const output = [
    "ERROR: test_it (test_that.It.test_it)",
    "----------------------------------------------------------------------",
    "Traceback (most recent call last):",
    '  File "test_that.py", line 3, in test_it',
    "AssertionError: 1 != 2",
    "",
    "Ran 1 test in 0.001s",
  ];
  expect(reasonsIn(output.join("\n"))).toEqual([output[0], output[4]]);
});

test("of many reasons the first are told, and how many more there are", () => {
  const output = Array.from({ length: 70 }, (_, at) => `AssertionError: ${at}`);
  expect(reasonsIn(output.join("\n"))).toEqual([...output.slice(0, 60), "… and 10 lines more"]);
});

test("where nothing is named the last lines are the reasons, without their colours", () => {
  expect(reasonsIn("begun\n\u001b[31mkilled\u001b[0m\n")).toEqual(["begun", "killed"]);
});
