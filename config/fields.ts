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
