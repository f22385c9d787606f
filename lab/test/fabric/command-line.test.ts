import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { parseInvocation, splitCommand } from "../../cli/arguments";
import { UsageError } from "../../cli/command";
import { commands } from "../../cli/commands";
import { renderExports } from "../../cli/env";
import { pathWith } from "../../stack/environment";

describe("the command line", () => {
  test.each([
    [[], { lab: "lab", command: undefined, args: [] }],
    [["up", "--nodes", "3"], { lab: "lab", command: "up", args: ["--nodes", "3"] }],
    [["--lab", "two", "up"], { lab: "two", command: "up", args: [] }],
    [["up", "--lab=two", "--nodes", "3"], { lab: "two", command: "up", args: ["--nodes", "3"] }],
    [["--lab", "two"], { lab: "two", command: undefined, args: [] }],
    [["--nodes", "3"], { lab: "lab", command: undefined, args: ["--nodes", "3"] }],
    [["run", "--", "x", "--lab", "y"], { lab: "lab", command: "run", args: ["--", "x", "--lab", "y"] }],
  ])("%j is understood", (argv, invocation) => {
    expect(parseInvocation(argv, {})).toEqual(invocation);
  });

  test("LAB names the lab unless --lab does", () => {
    expect(parseInvocation(["up"], { LAB: "env" }).lab).toBe("env");
    expect(parseInvocation(["up", "--lab", "option"], { LAB: "env" }).lab).toBe("option");
  });

  test("--lab without a name is a mistake", () => {
    expect(() => parseInvocation(["up", "--lab"], {})).toThrow(UsageError);
  });

  test.each([
    [["bbb", "--", "ls", "-l"], ["bbb"], ["ls", "-l"]],
    [["bbb", "ls", "-l"], ["bbb"], ["ls", "-l"]],
    [["--", "ls", "--", "x"], [], ["ls", "--", "x"]],
  ])("%j is split into words and command", (args, words, argv) => {
    expect(splitCommand(args, words.length)).toEqual({ words, argv });
  });

  test.each([[["bbb"]], [["bbb", "--"]], [["--", "ls"]], [["a", "b", "--", "ls"]], [[]]])(
    "%j names no command for a machine",
    (args) => {
      expect(() => splitCommand(args, 1)).toThrow(UsageError);
    },
  );
});

describe("the help", () => {
  const help = readFileSync(join(__dirname, "..", "..", "bin", "help.txt"), "utf8");

  test.each(commands.filter(({ name }) => name !== "lab").map(({ name }) => name))("%s is mentioned", (name) => {
    expect(help).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });
});

describe("the exports of env", () => {
  test("a shell reads every value as it is", () => {
    const odd = 'it\'s $HOME `id` "x"\\ ;\n*';
    const script = `${renderExports({ ODD: odd })}printf %s "$ODD"`;
    expect(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" })).toBe(odd);
  });

  test("the lab's folders come first on PATH, once however often it is evaluated", () => {
    const path = "/usr/bin:/lab/bin:/toolchain:/bin";
    expect(pathWith(["/lab/bin", "/toolchain"], path)).toBe("/lab/bin:/toolchain:/usr/bin:/bin");
  });
});
