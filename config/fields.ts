import { z } from "zod";

import { supportedRelease } from "../plan/releases";
import { boolean, choice, httpUrl, label, text, word } from "./text";

/** A release line or one release. */
export const release = z
  .string({ error: supportedRelease.expected })
  .refine(supportedRelease.test, { error: supportedRelease.expected });

/** What differs for single nodes, by name. */
export const nodeSettings = z.record(
  z.string(),
  z.strictObject(
    {
      type: word("a Hetzner server type such as ccx43").optional(),
      state: choice("present", "standalone", "absent").default("present"),
      protect: boolean.optional(),
    },
    { error: "an object such as {type: ccx43} or {state: absent}" },
  ),
  { error: "an object keyed by node names" },
);

/** What drift was found on, by machine. */
export const repairs = z.record(z.string(), z.string({ error: "what `npm run drift` wrote" }), {
  error: "an object keyed by machine names",
});

const placeholder = "no placeholder: a URL with the commit that you have read";
const noHash = "the SHA-256 of the script, 64 hexadecimal digits, and no placeholder";

/** BigBlueButton's installer, pinned. */
export const installer = z.strictObject(
  {
    url: httpUrl.refine((url) => !/COMMIT|…|\.\.\./.test(url), { error: placeholder }),
    sha256: text(noHash, /^[0-9a-fA-F]{64}$/)
      .transform((hash) => hash.toLowerCase())
      .refine((hash) => !/^(.)\1*$/.test(hash), { error: noHash }),
    repository: text("the host name of a package repository", new RegExp(`^(${label}\\.)+${label}$`)).optional(),
  },
  { error: "an object {url, sha256} that pins bbb-install.sh" },
);

const windowExpected = "a time of day such as 02:00-05:00, at least 30 minutes long";
const shortestWindow = 30;

/** Minutes from the beginning of a window to its end, which may be on the next day. */
function windowMinutes(window: string): number {
  const [begin = 0, end = 0] = window.split("-").map((time) => {
    const [hours, minutes] = time.split(":").map(Number);
    return (hours ?? 0) * 60 + (minutes ?? 0);
  });
  return (end - begin + 24 * 60) % (24 * 60);
}

const zoneExpected = "a time zone of the IANA database such as Europe/Berlin";

function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    // Intl does not mind the case, the machines do.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** When machines may be interrupted, and whether they get security updates. */
export const maintenance = z.strictObject(
  {
    window: text(windowExpected, /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/)
      .refine((window) => windowMinutes(window) >= shortestWindow, { error: windowExpected })
      .default("02:00-05:00"),
    timezone: text(zoneExpected, /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/)
      .refine(isTimeZone, { error: zoneExpected })
      .default("Europe/Berlin"),
    securityUpdates: boolean.default(true),
  },
  { error: "an object such as {window: 02:00-05:00, timezone: Europe/Berlin}" },
);
