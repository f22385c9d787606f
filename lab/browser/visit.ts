import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

import { call, callUrl } from "../../checks/bbb-api";
import { Mismatch } from "../../checks/check";
import type { ClusterNode } from "../../checks/cluster";
import type { PersonalBrowser } from "./chromium";

/** A meeting that is made for the test. */
export interface TestMeeting {
  node: ClusterNode;
  name: string;
  meetingID: string;
}

/** One person in one meeting, in a tab of their browser, and all that goes wrong there. */
export class Visit {
  readonly websockets: string[] = [];
  readonly troubles: string[] = [];
  private tab: Page | undefined;
  private entered = false;

  constructor(
    readonly browser: PersonalBrowser,
    readonly meeting: TestMeeting,
    private readonly artefacts: string,
  ) {}

  /** The tab; throws when the meeting was not entered. */
  get page(): Page {
    if (!this.tab || !this.entered) throw new Mismatch("the meeting was not entered");
    return this.tab;
  }

  /** Whether the client is that of a release before 3.0, the only ones whose addresses end so. */
  get isMeteor(): boolean {
    return this.tab !== undefined && new URL(this.tab.url()).pathname.endsWith("/join");
  }

  /** Joins as BigBlueButton's API says and waits until the client is connected; throws what the client shows otherwise. */
  async join(): Promise<void> {
    const page = await this.browser.context.newPage();
    this.tab = page;
    this.watch(page);
    const { node, meetingID } = this.meeting;
    await page.goto(callUrl(node, "join", { meetingID, fullName: this.browser.person, role: "MODERATOR" }));
    const status = page.locator("#status.connected, #status.failed");
    await status.waitFor();
    if ((await status.getAttribute("class")) === "failed") {
      const steps = await page.locator('[data-step][data-state="failed"]').allInnerTexts();
      throw new Mismatch([await status.innerText(), ...steps].join("; "));
    }
    this.entered = true;
  }

  /** Waits for a step to end; returns what the client says about it, or throws that. */
  async step(name: string): Promise<string> {
    const row = this.page.locator(`[data-step="${name}"]`);
    await row.and(this.page.locator('[data-state="ok"], [data-state="failed"]')).waitFor();
    const text = await row.locator("span").innerText();
    if ((await row.getAttribute("data-state")) === "failed") throw new Mismatch(`${name}: ${text}`);
    return text;
  }

  /** Keeps a picture of the tab among the test's results. */
  async photograph(name: string): Promise<void> {
    mkdirSync(this.artefacts, { recursive: true });
    await this.tab?.screenshot({ path: join(this.artefacts, `${name}.png`) });
  }

  /** Keeps a last picture and closes the tab; what it gives up by that is no trouble. */
  async close(): Promise<void> {
    await this.photograph(`${this.meeting.node.name}-${this.browser.person}-end`);
    this.tab?.removeAllListeners();
    await this.tab?.close();
  }

  private watch(page: Page): void {
    page.on("console", (message) => message.type() === "error" && this.troubles.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.troubles.push(`uncaught: ${error.message}`));
    page.on("requestfailed", (request) => this.troubles.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on(
      "response",
      (answer) => answer.status() >= 400 && this.troubles.push(`${answer.url()}: ${answer.status()}`),
    );
    page.on("websocket", (socket) => {
      this.websockets.push(socket.url());
      socket.on("socketerror", (error) => this.troubles.push(`${socket.url()}: ${error}`));
    });
  }
}

/** Makes a meeting on a node; `options` are further parameters of the API's create. */
export async function createMeeting(node: ClusterNode, name: string, options: Record<string, string> = {}) {
  const meetingID = `browser-${node.name}-${Date.now().toString(36)}`;
  await call(node, "create", { name, meetingID, ...options });
  return { node, name, meetingID };
}
