import { expect, test } from "vitest";

import { changedInFile, changedNumbers } from "../../config/numbers";

test.each([
  ["1.10", 1],
  ["12345678901234567890", 1],
  ["12345678901234567000", 1],
  ["1e3", 1],
  ["-0", 1],
  ["3", 0],
  ["-2.5", 0],
  ["9007199254740991", 0],
  ['"1.10"', 0],
])("a number that is read otherwise than it is written is refused: %s", (value, count) => {
  expect(changedNumbers("bbbWebProperties", `{"a":${value}}`)).toHaveLength(count);
});

test.each(["203.0.113.7/32", "02:00-05:00"])(
  "a text where a list or an object is expected has no numbers: %s",
  (text) => {
    expect(changedNumbers("adminCidrs", text)).toEqual([]);
  },
);

const file = (value: string) => `config:\n  bbb-cluster:bbbHtml5:\n    public: { list: [${value}] }\n  other:a: 1.10\n`;

// What `pulumi config --json` makes of them: 1.1, 12345678901234567000, 1000, 16, 8, 15, 1000, 0.5, a text with a time …
test.each(["1.10", "12345678901234567890", "1e3", "0x10", "010", "0o17", "1_000", ".5", "+5", "2026-01-01"])(
  "so is one in the stack's file, which the engine changes before anybody here sees it: %s",
  (value) => {
    expect(changedInFile("bbb-cluster", file(value))).toEqual([
      `bbbHtml5.public.list[0] must be without numbers that change when they are read, got ${value}; write it in quotes`,
    ]);
    expect(changedInFile("bbb-cluster", file(`"${value}"`))).toEqual([]);
  },
);

test.each([
  "3",
  "-2.5",
  "true",
  "yes",
  "~",
  "12:30:45",
  "3.0.30",
  "203.0.113.7/32",
  "02:00-05:00",
  "'010'",
  "{}",
  "0b3f",
  "0o8",
])("what the engine keeps, or knows as a text, is none: %s", (value) => {
  expect(changedInFile("bbb-cluster", file(value))).toEqual([]);
});

test("a file without a configuration has none", () => {
  expect(
    ["", "encryptionsalt: v1:x\n", "config:\n", "- 1.10\n"].flatMap((text) => changedInFile("bbb-cluster", text)),
  ).toEqual([]);
});
