import { type Check, Mismatch, seen } from "../check";
import type { ClusterNode } from "../cluster";
import { request, text } from "../request";
import type { Attendance } from "./attendance";

/** The lobby of releases with Meteor: a page of the node's own, which asks for its language without the prefix. */
export function guestCheck({ name, origin }: ClusterNode, stay: Attendance): Check {
  const wanted = `${origin}/${name}/html5client/guestWait`;
  return {
    name: `${name}: guest lobby`,
    expected: `${wanted}, in the guest's language`,
    async run() {
      const { page } = await stay.join({ fullName: "Guest", guest: "true", role: "VIEWER" });
      const lobby = page.url.split("?")[0] ?? "";
      if (lobby !== wanted) throw new Mismatch(`guests are sent to ${lobby}`);
      const html = text(await page.fetchAsNavigation(page.url));
      if (!html.includes("/html5client/locale?locale=")) throw new Mismatch(`${lobby} is not the lobby`);
      const redirect = await request(page.resolve("/html5client/locale?locale=de"));
      const target = page.resolve(redirect.headers.location ?? "/html5client/locale?locale=de");
      const { normalizedLocale } = JSON.parse(text(await page.fetch(target)));
      await page.fetch(`locales/${normalizedLocale}.json`);
      return seen(normalizedLocale === "de", normalizedLocale);
    },
  };
}
