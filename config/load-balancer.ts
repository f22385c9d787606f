import { readFileSync } from "node:fs";
import { z } from "zod";

import { domainName, integer, label, text } from "./text";

const urlExpected = "the https URL of Scalelite without a path, such as https://lb.example.com";

const scaleliteUrl = z
  .unknown()
  .refine((url) => typeof url === "string" && isOrigin.test(url) && URL.canParse(url), {
    error: urlExpected,
    params: { value: "https://lb.example.com" },
  })
  .transform((url) => String(url).replace(/\/$/, ""));

const isOrigin = new RegExp(`^https://(${label}\\.)+${label}(:[1-9]\\d{0,4})?/?$`);

/** A script goes to the proxy with a request, as text. */
const mostHookBytes = 64 * 1024;
const hookExpected = "the path of a local script that begins with #! and has at most 64 KB";

/** The text of a script, by its path from the folder of Pulumi.yaml. */
const hook = z.unknown().transform((path, context) => {
  const script = typeof path === "string" ? scriptIn(path) : undefined;
  if (script !== undefined) {
    return script;
  }
  const params = { remedy: "pulumi config rm --path 'loadBalancer.hook'" };
  context.addIssue({ code: "custom", message: hookExpected, params });
  return z.NEVER;
});

function scriptIn(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return bytes.length <= mostHookBytes && text.startsWith("#!") && !text.includes("\0") ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Where Scalelite takes recordings from, by rsync over SSH. */
const spool = z.strictObject(
  {
    host: domainName,
    user: text("a user's name such as scalelite-spool", /^[a-z_][a-z0-9_-]{0,31}$/),
    directory: text("an absolute path such as /var/bigbluebutton/spool", /^(?!.*\/\.\.?(\/|$))\/[\w./-]{0,198}[\w-]$/),
    hostKey: text(
      "the public key of its SSH server, such as ssh-ed25519 AAAA…",
      /^(ssh-|ecdsa-)[\w-]+ [A-Za-z0-9+/]{40,}={0,2}$/,
    ),
    port: integer(1, 65535).default(22),
  },
  { error: "{host, user, directory, hostKey, port}" },
);

/** The same, which can be left out. */
const recordingSpool = z.unknown().transform((value, context) => {
  const read = spool.safeParse(value);
  if (read.success) return read.data;
  const params = { remedy: "pulumi config rm --path 'loadBalancer.recordingSpool'" };
  for (const { path, message } of read.error.issues) context.addIssue({ code: "custom", path, message, params });
  return z.NEVER;
});

/** Who decides on which node a meeting is created, and is told when nodes come and go. */
export const loadBalancer = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("none"), hook: hook.optional() }),
    z.strictObject({ kind: z.literal("scalelite"), url: scaleliteUrl, recordingSpool: recordingSpool.optional() }),
    z.strictObject({ kind: z.literal("bbblb") }),
  ],
  { error: "{kind: none}, {kind: scalelite, url: https://…} or {kind: bbblb}" },
);
