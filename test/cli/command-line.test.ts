import { defineCommand } from "citty";
import { beforeEach, expect, test, vi } from "vitest";

import { type Program, runProgram } from "../../cli/command-line";

let seen: unknown[];
const said = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
const printed = vi.spyOn(process.stdout, "write").mockImplementation(() => true);

const several = { type: "positional", several: true } as const;
const program: Program = {
  name: "npm run x --",
  description: "Does things",
  args: { lab: { type: "string", description: "which one" } },
  default: "rest",
  commands: {
    rest: defineCommand({ meta: { name: "" }, run: ({ data }) => note(["rest", data]) }),
    go: defineCommand({
      meta: { name: "go", description: "go somewhere\n\nor elsewhere" },
      args: {
        lab: { type: "string", default: "lab" },
        fast: { type: "boolean" },
        polite: { type: "boolean", default: true },
        where: { type: "positional", required: false },
      },
      run: ({ args: { lab, fast, polite, where }, data }) => note([lab, fast, polite, where, data]),
    }),
    visit: defineCommand({
      meta: { name: "visit" },
      args: { places: several, why: { type: "string", required: true } },
      run: ({ args: { _, why } }) => note([_, why]),
    }),
  },
};

function note(what: unknown): number {
  seen.push(what);
  return 7;
}

beforeEach(() => {
  seen = [];
  said.mockClear();
  printed.mockClear();
});

test.each([
  [["go"], ["lab", undefined, true, undefined, []]],
  [
    ["--lab", "two", "go", "there", "--fast"],
    ["two", true, true, "there", []],
  ],
  [
    ["go", "--lab=two", "--no-polite"],
    ["two", undefined, false, undefined, []],
  ],
  [
    ["go", "there", "--", "--fast", "-x", "--", "y"],
    ["lab", undefined, true, "there", ["--fast", "-x", "--", "y"]],
  ],
  [
    ["visit", "a", "--why", "x", "b"],
    [["a", "b"], "x"],
  ],
  [[], ["rest", []]],
])("%j is understood", async (argv, understood) => {
  expect(await runProgram(program, argv)).toBe(7);
  expect(seen).toEqual([understood]);
});

test.each([
  [["go", "--slow"], "Unknown option '--slow'"],
  [["go", "there", "and-back"], "Unexpected argument 'and-back'"],
  [["go", "--lab"], "Option '--lab <value>' argument missing"],
  [["go", "--fast=1"], "Option '--fast' does not take an argument"],
  [["come"], "there is no command come; there are rest, go, visit"],
  [["constructor"], "there is no command constructor"],
  [["--slow"], "Unknown option '--slow'"],
])("%j is refused with what is wrong, and nothing runs", async (argv, message) => {
  expect(await runProgram(program, argv)).toBe(2);
  expect(said.mock.calls.join("")).toContain(message);
  expect(said.mock.calls.join("")).toContain("--help");
  expect(seen).toEqual([]);
});

test("help is of the command that is named, without colours where there is no terminal", async () => {
  expect(await runProgram(program, ["go", "--nonsense", "--help"])).toBe(0);
  const help = printed.mock.calls.join("");
  expect(help).toContain("USAGE npm run x -- go [OPTIONS]");
  expect(help).toContain("or elsewhere");
  expect(help).not.toContain("\u001b");
});

test("help of the whole has one line for each command; what stands behind -- asks for none", async () => {
  await runProgram(program, ["--help"]);
  expect(printed.mock.calls.join("")).toMatch(/go {4}go somewhere\n/);
  expect(printed.mock.calls.join("")).not.toContain("elsewhere");
  expect(await runProgram(program, ["go", "--", "--help"])).toBe(7);
});
