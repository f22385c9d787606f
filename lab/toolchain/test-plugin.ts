import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

import { processContext, ToolchainError } from "./context";
import { findGo, goFor, wantedGo } from "./go";

const module = join(__dirname, "command-plugin");

/** Runs the tests of the command plugin, ours or that of a folder, with the Go that they ask for. */
async function main(args: string[]): Promise<number> {
  const context = processContext(__dirname, (line) => void process.stderr.write(`${line}\n`));
  const found = await findGo(context);
  if (found === undefined) {
    throw new ToolchainError("the tests of the command plugin need Go; run: apt-get install golang-go");
  }
  const go = await goFor(context, found, wantedGo(module));
  const PATH = `${dirname(go.program)}${delimiter}${process.env["PATH"] ?? ""}`;
  const { status } = spawnSync(join(module, "test.sh"), args, { env: { ...go.env, PATH }, stdio: "inherit" });
  return status ?? 1;
}

main(process.argv.slice(2))
  .then((status) => {
    process.exitCode = status;
  })
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
