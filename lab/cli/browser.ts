import { join } from "node:path";
import type { CheckResult } from "../../checks/check";
import { renderResult, renderSummary } from "../../checks/report";
import type { BrowserTest } from "../browser/course";
import { ensureChromium } from "../browser/install";
import { isReady } from "../fabric/instance";
import { type Command, UsageError } from "./command";
import { runInside, script } from "./inside";
import { readOutputs } from "./outputs";

const userScript = join(__dirname, "..", "browser", "run.ts");
const artefacts = join(__dirname, "..", "..", "test-results", "browser");

/** `browser`: meetings as people see them, in Chromium; one line for each check, exit status 1 if any failed. */
export const command: Command = {
  name: "browser",
  summary: "hold meetings in a real browser",
  usage: "browser",
  async run(args, lab) {
    if (args.length > 0) throw new UsageError(`browser takes no arguments, got ${args.join(" ")}`);
    if (!isReady(lab)) throw new Error(`the lab "${lab.name}" is down; start it with: npm run lab -- up`);
    const started = performance.now();
    ensureChromium((line) => void process.stderr.write(`${line}\n`));
    const home = join(lab.folder, "browser");
    const outputs = await readOutputs(lab);
    const test: BrowserTest = { outputs, certificates: lab.caCertificates, home, artefacts };
    const results: CheckResult[] = [];
    const onLine = (line: string) => {
      const result = JSON.parse(line) as CheckResult;
      results.push(result);
      process.stdout.write(`${renderResult(result)}\n`);
    };
    await runInside(lab, "user", script(userScript), { input: JSON.stringify(test), onLine });
    process.stdout.write(`${renderSummary(results, performance.now() - started)}; pictures in ${artefacts}\n`);
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
};
