import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

import { ScriptedUser } from "./scripted-user";

const ARGUMENTS = [
  // Everything in the lab is run by root, for whom Chromium's sandbox does not start.
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--no-proxy-server",
  // Devices are pretended, prompts are not: whether one is shown is what is tested.
  "--use-fake-device-for-media-stream",
];

/** A person's own browser: nothing in it is shared with anybody else's. */
export interface PersonalBrowser {
  person: string;
  context: BrowserContext;
  user: ScriptedUser;
}

/** Starts a browser with an empty profile below `home`, which holds the trusted roots. */
export async function openBrowser(person: string, home: string): Promise<PersonalBrowser> {
  const context = await chromium.launchPersistentContext(join(home, person), {
    executablePath: "/usr/bin/chromium",
    args: ARGUMENTS,
    env: { ...process.env, HOME: home },
    locale: "en-GB",
    viewport: { width: 1280, height: 760 },
  });
  context.setDefaultTimeout(15_000);
  await context.addInitScript({ path: join(__dirname, "in-page/asking.js") });
  await context.addInitScript({ path: join(__dirname, "in-page/media-probe.js") });
  return { person, context, user: await ScriptedUser.of(context) };
}
