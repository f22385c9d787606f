import { execFileSync } from "node:child_process";
import { describe, expect, test, vi } from "vitest";

import { runProgram } from "../../../cli/command-line";
import { renderExports } from "../../cli/env";
import { program } from "../../cli/main";
import { pathWith } from "../../stack/environment";

describe("the command line", () => {
  async function lab(...args: string[]) {
    const [out, err] = (["stdout", "stderr"] as const).map((stream) =>
      vi.spyOn(process[stream], "write").mockImplementation(() => true),
    );
    try {
      const status = await runProgram(program, args);
      return { status, stdout: out?.mock.calls.join("") ?? "", stderr: err?.mock.calls.join("") ?? "" };
    } finally {
      vi.restoreAllMocks();
    }
  }

  test("the help has one line for each command", async () => {
    const { status, stdout } = await lab("--help");
    expect(status).toBe(0);
    for (const name of Object.keys(program.commands).filter((each) => each !== "lab")) {
      expect(stdout, name).toMatch(new RegExp(`^ +${name} {2,}\\S`, "m"));
    }
  });

  test("the help of a command names its options", async () => {
    expect((await lab("up", "--help")).stdout).toContain("--nodes=<N>");
  });

  test.each([
    [["up", "--node", "3"], "Unknown option '--node'"],
    [["exec"], "MACHINE"],
    [["exec", "bbb-01"], "there is no command to run"],
    [["lines"], "there is no command lines"],
  ])("%j is a mistake that is named", async (args, message) => {
    const { status, stderr } = await lab(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
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
