import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";

import { openBrowser } from "./chromium";
import { makeHome } from "./trust";

/** What is watched: a page with a video, in a browser with a home of its own. */
export interface Watching {
  url: string;
  /** PEM files with the lab's roots. */
  certificates: string;
  home: string;
}

/** Prints, as JSON, the page's heading, where the film comes from and how far it was played; what went wrong otherwise. */
async function main(): Promise<void> {
  const { url, certificates, home } = (await json(process.stdin)) as Watching;
  makeHome(home, readFileSync(certificates, "utf8"));
  const { context } = await openBrowser("watcher", home);
  try {
    const page = await context.newPage();
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).hostname));
    await page.goto(url);
    const state = await page.waitForFunction(() => {
      const video = document.querySelector("video");
      const error = document.querySelector("#error")?.textContent ?? "";
      const seconds = video?.currentTime ?? 0;
      return (error || seconds > 0.5) && { error, seconds, film: video?.currentSrc ?? "" };
    });
    const heading = await page.locator("h1").innerText();
    console.log(JSON.stringify({ heading, hosts: [...hosts], ...((await state.jsonValue()) as object) }));
  } finally {
    await context.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
