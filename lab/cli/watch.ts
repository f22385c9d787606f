import { join } from "node:path";
import { defineCommand } from "citty";

import { ensureChromium } from "../browser/install";
import type { Watching } from "../browser/watch";
import { labArgs, runningLab } from "./command";
import { runInside, script } from "./inside";

/** `watch`: plays a page with a video as somebody on the internet does; what came of it as JSON. */
export const command = defineCommand({
  meta: { name: "watch", description: "play a recording in a real browser (installs Chromium): watch URL" },
  args: { ...labArgs, url: { type: "positional", required: true, description: "the page" } },
  async run({ args }) {
    const lab = runningLab(args);
    ensureChromium((line) => void process.stderr.write(`${line}\n`));
    const watching: Watching = { url: args.url, certificates: lab.caCertificates, home: join(lab.folder, "watcher") };
    const file = join(__dirname, "..", "browser", "watch.ts");
    process.stdout.write(`${await runInside(lab, "user", script(file), { input: JSON.stringify(watching) })}\n`);
    return 0;
  },
});
