import { type Check, seen } from "../check";
import type { ClusterNode } from "../cluster";
import type { Features } from "../release";
import { request } from "../request";
import type { Attendance } from "./attendance";

/** Etherpad opens in a frame of the proxy's page, which may also ask it. */
export function etherpadCheck({ name, origin }: ClusterNode, stay: Attendance, features: Features): Check {
  return {
    name: `${name}: Etherpad`,
    expected: `the meeting's pad, for pages of the proxy${features.etherpadOptional ? ", if it is installed" : ""}`,
    async run() {
      if (features.etherpadOptional && (await request(`${origin}/pad/`)).status === 404) return "not installed";
      const { page, sessionToken } = await stay.joined();
      const url = (await stay.settings()).text("public.pads.url");
      const { padId } = await stay.meeting();
      const pad = await page.fetch(`${url}/p/${padId}?sessionToken=${sessionToken}`, { credentials: true });
      const policy = String(pad.headers["content-security-policy"] ?? "no policy");
      return seen(policy.split(" ").includes(page.origin), policy);
    },
  };
}

/** The notes of BlockNote open by a websocket. */
export function sharedNotesCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: shared notes`,
    expected: "a websocket at the host of the settings",
    async run() {
      const { page, sessionToken } = await stay.joined();
      const host = (await stay.settings()).text("public.sharedNotes.serverHostname");
      (await page.websocket(`wss://${host}/hocuspocus/collaboration?sessionToken=${sessionToken}`)).close();
      return host;
    },
  };
}
