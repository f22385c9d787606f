import type { Presentation } from "./meeting";
import { element } from "./page";
import { isSince } from "./releases";
import { ask, withToken } from "./request";
import type { Steps } from "./steps";

/** The slide on the screen, and the way to the others. */
export class Slides {
  private presentation: Presentation | undefined;
  private page = 0;

  constructor(
    private readonly steps: Steps,
    private readonly sessionToken: string,
  ) {
    element("previous").onclick = () => this.turn(-1);
    element("next").onclick = () => this.turn(1);
  }

  /** Shows the first slide of a presentation that is new. */
  show(presentation: Presentation): void {
    if (JSON.stringify(presentation.pages) === JSON.stringify(this.presentation?.pages)) return;
    this.presentation = presentation;
    this.page = 0;
    this.turn(0);
  }

  private turn(pages: number): void {
    const all = this.presentation?.pages ?? [];
    this.page = Math.min(Math.max(this.page + pages, 0), all.length - 1);
    const url = all[this.page];
    if (url !== undefined) void this.steps.run("slides", () => this.draw(url, all.length));
  }

  private async draw(url: string, count: number): Promise<string> {
    // Before 3.0.27 anybody may have them, and then nginx does not allow the session to be sent along.
    const answer = isSince("3.0.27")
      ? await ask(withToken(url, this.sessionToken), { credentials: "include" })
      : await ask(url, { credentials: "same-origin" });
    const image = element<HTMLImageElement>("slide");
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(await answer.blob());
    await image.decode();
    image.alt = image.dataset["url"] = url;
    element("slide-number").textContent = `${this.page + 1} / ${count}`;
    return `Slide ${this.page + 1} of ${count} from ${new URL(url, location.href).hostname}`;
  }
}
