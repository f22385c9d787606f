import { type Check, Mismatch, seen } from "../../checks/check";
import { lectureSlide } from "./slide";
import type { Visit } from "./visit";

/** What one person does in a meeting, in this order; `address` is what the address bar must begin with. */
export function visitChecks(visit: Visit, address: string): Check[] {
  const { name: node, hostname } = visit.meeting.node;
  return [
    joinCheck(`${node}: join`, visit, address),
    stepsCheck(`${node}: client`, visit),
    slideCheck(`${node}: slide`, visit, hostname),
    devicesCheck(`${node}: microphone and camera`, visit),
    uploadCheck(`${node}: upload`, visit, visit),
    notesCheck(`${node}: shared notes`, visit),
    websocketCheck(`${node}: websockets`, visit, hostname),
  ];
}

function joinCheck(name: string, visit: Visit, address: string): Check {
  return {
    name,
    expected: `the meeting, and ${address} in the address bar`,
    async run() {
      await visit.join();
      const [title, url] = [await visit.page.locator("#meeting-name").innerText(), visit.page.url()];
      return seen(title === visit.meeting.name && url.startsWith(address), `“${title}” at ${url}`);
    },
  };
}

function stepsCheck(name: string, visit: Visit): Check {
  return {
    name,
    expected: "every step of the client goes well",
    async run() {
      const unfinished = visit.page.locator('[data-step][data-state="pending"]');
      await unfinished.waitFor({ state: "detached" }).catch(() => undefined);
      const bad = await visit.page.locator('[data-step]:not([data-state="ok"])').allInnerTexts();
      const steps = await visit.page.locator("[data-step] b").allInnerTexts();
      return seen(bad.length === 0 && steps.length > 0, bad.length > 0 ? bad.join("; ") : steps.join(", "));
    },
  };
}

function slideCheck(name: string, visit: Visit, hostname: string): Check {
  return {
    name,
    expected: `a picture from ${hostname}`,
    async run() {
      await visit.step("slides");
      const [url, width] = await shownSlide(visit);
      return seen(new URL(url).hostname === hostname && width > 0, `${width} pixels wide, from ${url}`);
    },
  };
}

function devicesCheck(name: string, visit: Visit): Check {
  return {
    name,
    expected: "both are on",
    async run() {
      await visit.page.click("#join-audio");
      await visit.page.click("#share-webcam");
      return `${await visit.step("audio")}, ${await visit.step("webcam")}`;
    },
  };
}

/** A slide is uploaded in one visit and shown in another, or the same. */
export function uploadCheck(name: string, visit: Visit, watcher: Visit): Check {
  const { node, name: title } = visit.meeting;
  const content = lectureSlide(title, node.hostname);
  return {
    name,
    expected: `the slide that ${visit.browser.person} uploads is shown at ${watcher.browser.person}'s`,
    async run() {
      const [before] = await shownSlide(watcher);
      const file = { name: "eigenvectors.svg", mimeType: "image/svg+xml", buffer: Buffer.from(content) };
      await visit.page.setInputFiles("#upload", file);
      await visit.step("upload");
      await watcher.page.waitForFunction((url) => document.getElementById("slide")?.dataset["url"] !== url, before);
      const shown = await watcher.page
        .locator("#slide")
        .evaluate(async (slide) => (await fetch((slide as HTMLImageElement).src)).text());
      return seen(shown === content, shown === content ? "the same picture" : shown.slice(0, 100));
    },
  };
}

function notesCheck(name: string, visit: Visit): Check {
  return {
    name,
    expected: "the notes open, ready to write in",
    async run() {
      await visit.page.click("#open-notes");
      const told = await visit.step("notes");
      const place = visit.page.locator("#notes");
      const frame = place.locator("iframe");
      const body = (await frame.count()) > 0 ? frame.contentFrame().locator("body") : place.locator("textarea:enabled");
      await body.waitFor();
      await visit.photograph(visit.meeting.node.name);
      return told;
    },
  };
}

/** That no websocket goes anywhere but to the node. */
export function websocketCheck(name: string, visit: Visit, hostname: string): Check {
  return {
    name,
    expected: `all go to ${hostname} itself`,
    async run() {
      if (visit.websockets.length === 0) throw new Mismatch("none was opened");
      const urls = visit.websockets.map((url) => url.replace(/\?.*/, ""));
      return seen(
        urls.every((url) => new URL(url).hostname === hostname),
        urls.join(", "),
      );
    },
  };
}

/** The last checks of a visit: what is sent when it ends, and all that went wrong in it. */
export function leavingChecks(visit: Visit): Check[] {
  const { node } = visit.meeting;
  return [
    {
      name: `${node.name}: feedback`,
      expected: "it is taken after leaving",
      async run() {
        await visit.page.click("#leave");
        const stars = visit.page.locator('[data-rating="5"]');
        if (await visit.page.locator("#feedback").isHidden()) return "this release asks for none";
        await stars.click();
        return await visit.step("feedback");
      },
    },
    troubleCheck(`${node.name}: errors`, [visit]),
  ];
}

/** That nothing went wrong that a browser's console or network panel would show. */
export function troubleCheck(name: string, visits: readonly Visit[]): Check {
  return {
    name,
    expected: "no errors in the console, no failed requests",
    async run() {
      const troubles = [...new Set(visits.flatMap((visit) => visit.troubles))];
      return seen(troubles.length === 0, troubles.length === 0 ? "none" : troubles.join("; "));
    },
  };
}

async function shownSlide(visit: Visit): Promise<[url: string, width: number]> {
  return await visit.page.locator("#slide").evaluate((slide) => {
    const { dataset, naturalWidth } = slide as HTMLImageElement;
    return [dataset["url"] ?? "", naturalWidth];
  });
}
