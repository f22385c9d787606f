import type { BrowserContext, CDPSession, Page } from "playwright-core";

/** A prompt that a browser showed: which page's origin wanted which device. */
export interface Prompt {
  origin: string;
  device: string;
}

/** Somebody who allows whatever the browser asks for, once and for that origin alone, and remembers having been asked. */
export class ScriptedUser {
  readonly prompts: Prompt[] = [];

  // What is granted lasts as long as the session that granted it.
  private constructor(private readonly session: CDPSession) {}

  /** A user in front of that browser, from the next page on; the browser's first tab must stay open. */
  static async of(context: BrowserContext): Promise<ScriptedUser> {
    const page = context.pages()[0] ?? (await context.newPage());
    const user = new ScriptedUser(await context.newCDPSession(page));
    await context.exposeBinding("askUser", ({ page }, device: string) => user.answer(page, device));
    return user;
  }

  /** How often each device was asked for. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = { microphone: 0, camera: 0 };
    for (const { device } of this.prompts) counts[device] = (counts[device] ?? 0) + 1;
    return counts;
  }

  private async answer(page: Page, device: string): Promise<void> {
    const { origin } = new URL(page.url());
    this.prompts.push({ origin, device });
    await this.session.send("Browser.setPermission", { permission: { name: device }, setting: "granted", origin });
  }
}
