import { join } from "node:path";
import { defineCommand } from "citty";

import type { CheckResult } from "../../checks/check";
import { passed, renderResult, renderSummary } from "../../checks/report";
import type { BrowserTest } from "../browser/course";
import { ensureChromium } from "../browser/install";
import { ensureHome } from "../media/home";
import { labArgs, runningLab } from "./command";
import { runInside, script } from "./inside";
import { readOutputs } from "./outputs";

const userScript = join(__dirname, "..", "browser", "run.ts");
const artefacts = join(__dirname, "..", "..", "test-results", "browser");

/** `browser`: meetings as people see them, in Chromium; one line for each check, exit status 1 if any failed. */
export const command = defineCommand({
  meta: { name: "browser", description: "hold meetings in a real browser (installs Chromium)" },
  args: {
    ...labArgs,
    home: { type: "boolean", description: "the people have private addresses, behind a router that translates them" },
  },
  async run({ args }) {
    const lab = runningLab(args);
    if (args.home) await ensureHome(lab);
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
    await runInside(lab, args.home ? "home" : "user", script(userScript), { input: JSON.stringify(test), onLine });
    process.stdout.write(`${renderSummary(results, performance.now() - started)}; pictures in ${artefacts}\n`);
    return passed(results) ? 0 : 1;
  },
});
