import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

function bench(...args: string[]) {
  const options = { cwd: join(__dirname, ".."), encoding: "utf8", timeout: 12_000 } as const;
  return spawnSync(process.execPath, ["--import", "tsx", "bench/main.ts", ...args], options);
}

// A mistake that passes costs a quarter of an hour.
test.each([
  [["--only", "fity"], "--only takes one of front-door, floods, fifty, got fity\n"],
  [["--only", "toString"], "--only takes one of front-door, floods, fifty, got toString\n"],
  [["--rounds", "0"], "--rounds is a number from 1 on, got 0\n"],
  [["--rounds", "1e1"], "--rounds is a number from 1 on, got 1e1\n"],
  [["--round", "1"], "Unknown option '--round'\nsee: npm run bench -- --help\n"],
  [["fifty"], "Unexpected argument 'fifty'\nsee: npm run bench -- --help\n"],
])("a wrong command line is one sentence, and nothing is measured: %j", (args, said) => {
  expect(bench(...args)).toMatchObject({ status: 2, stdout: "", stderr: said });
});
