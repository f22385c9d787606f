import { z } from "zod";

import { supportedRelease } from "../plan/releases";
import { minutesOf } from "../plan/time-of-day";
import { boolean, choice, httpUrl, image, label, text, word } from "./text";

/** A release line or one release. */
export const release = z
  .string({ error: supportedRelease.expected })
  .refine(supportedRelease.test, { error: supportedRelease.expected });

/** What drift was found on, by machine. */
export const repairs = z.record(z.string(), z.string({ error: "what `npm run drift` wrote" }), {
  error: "an object keyed by machine names",
});

const placeholder = "no placeholder: a URL with the commit that you have read";
const hashExpected = "the SHA-256 of the script, 64 hexadecimal digits, and no placeholder";
/** What stands in the example, and what `sha256sum` says of nothing, such as a download that has failed. */
const noHashes = ["0".repeat(64), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

/** BigBlueButton's installer, pinned. */
export const installer = z.strictObject(
  {
    url: httpUrl.refine((url) => !/\bcommit\b|\.\.\./i.test(url), { error: placeholder }),
    sha256: text(hashExpected, /^[0-9a-fA-F]{64}$/)
      .transform((hash) => hash.toLowerCase())
      .refine((hash) => !noHashes.includes(hash), { error: hashExpected }),
    repository: text("the host name of a package repository", new RegExp(`^(${label}\\.)+${label}$`)).optional(),
  },
  { error: "an object {url, sha256} that pins bbb-install.sh" },
);

/** What differs for single nodes, by name. */
export const nodeSettings = z.record(
  z.string(),
  z.strictObject(
    {
      type: word("a Hetzner server type such as ccx43").optional(),
      release: release.optional(),
      image: image("ubuntu-24.04").optional(),
      installer: installer.optional(),
      state: choice("present", "draining", "absent", "abandoned", "standalone").default("present"),
      protect: boolean.optional(),
    },
    { error: "an object such as {type: ccx43} or {state: absent}" },
  ),
  { error: "an object keyed by node names" },
);

const windowExpected = "a time of day such as 02:00-05:00, at least 30 minutes long";
const shortestWindow = 30;

/** Names without an area (and of areas such as US) are leftovers that newer systems do not have, or Node's alone. */
const timeZone =
  /^(UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)(\/[\w+-]+)+)$/;
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
      .refine((window) => minutesOf(window).minutes >= shortestWindow, { error: windowExpected })
      .default("02:00-05:00"),
    timezone: text(zoneExpected, timeZone).refine(isTimeZone, { error: zoneExpected }).default("Europe/Berlin"),
    securityUpdates: boolean.default(true),
  },
  { error: "an object such as {window: 02:00-05:00, timezone: Europe/Berlin}" },
);
