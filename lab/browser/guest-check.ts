import { callUrl } from "../../checks/bbb-api";
import { type Check, seen } from "../../checks/check";
import type { PersonalBrowser } from "./chromium";
import type { TestMeeting } from "./visit";

/** A guest of a release before 3.0 waits in the node's own lobby, and is told so in the browser's language. */
export function guestCheck({ context }: PersonalBrowser, { node, meetingID }: TestMeeting): Check {
  return {
    name: `${node.name}: guest lobby`,
    expected: `a text that asks to wait, at ${node.origin}`,
    async run() {
      const page = await context.newPage();
      await page.goto(callUrl(node, "join", { meetingID, fullName: "Guest", role: "VIEWER", guest: "true" }));
      const message = page.locator('#message:not([data-state="pending"])');
      await message.waitFor();
      const [state, text] = [await message.getAttribute("data-state"), await message.innerText()];
      const { origin, pathname } = new URL(page.url());
      await page.close();
      return seen(state === "ok" && origin === node.origin, `“${text}” at ${origin}${pathname}`);
    },
  };
}
