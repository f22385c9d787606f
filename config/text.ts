import { domainToASCII } from "node:url";

import { z } from "zod";

// Messages finish the sentence "KEY must be …".
/** A text of a form, named as the error names it. */
export const text = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected });

/** One of a few words. */
export const choice = <const W extends readonly string[]>(...words: W) =>
  z.enum(words, { error: words.length === 2 ? words.join(" or ") : `one of ${words.join(", ")}` });

/** A label of a host name, at most 63 characters (RFC 1035). */
export const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

const domainExpected = "a domain name in lower case such as example.com";
const domainPattern = new RegExp(`^(${label}\\.)+(?=[a-z])${label}$`);

/** A domain name, as DNS has it. */
export const domainName = z.string({ error: domainExpected }).superRefine((value, context) => {
  if (!domainPattern.test(value)) {
    const meant = meantDomain(value);
    context.addIssue({ code: "custom", message: domainExpected, params: meant === undefined ? {} : { value: meant } });
  }
});

/** What was copied from a browser or a zone, in another case, or with letters that DNS has as punycode (RFC 3492). */
function meantDomain(value: string): string | undefined {
  const meant = domainToASCII(
    value
      .trim()
      .replace(/^https?:\/\//i, "")
      .replace(/\.?\/?$/, ""),
  );
  return domainPattern.test(meant) ? meant : undefined;
}

/** A name as Hetzner's types and images have it. */
export const word = (expected: string) => text(expected, /^[a-z0-9][a-z0-9.-]*$/);

/** A name of an image, or its number, which `pulumi config set --path` makes a number. */
export const image = (example: string) => {
  const name = word(`the name or number of an image such as ${example}`);
  return z.preprocess((value) => (typeof value === "number" ? String(value) : value), name);
};

const urlExpected = "a URL that begins with https:// (or http://), without user name and password";

/** A URL in the characters of RFC 3986; it is seen in process lists and logs. */
export const httpUrl = text(urlExpected, /^https?:\/\/[\w.:[\]-]+\/[\w.~:/?#[\]@!$&'()*+,;=%-]*$/).refine(
  URL.canParse,
  {
    error: urlExpected,
  },
);

/** An integer, given as a number or, as the engine does, as text. */
export const integer = (least: number, most: number) => {
  const expected = `an integer from ${least} to ${most}`;
  const fits = (value: string) => /^(0|[1-9]\d{0,8})$/.test(value) && Number(value) >= least && Number(value) <= most;
  const asText = z.preprocess((value) => (typeof value === "number" ? String(value) : value), z.string(expected));
  return asText.refine((value) => fits(value), { error: expected }).transform(Number);
};

/** True or false, given as such or, as the engine does, as text. */
export const boolean = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "true or false" })
  .transform((value) => value === true || value === "true");

const emailExpected = "an e-mail address in ASCII, of a domain that can have mail (not example.com)";

/** What a name consists of between its dots (RFC 5322). */
const atext = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";

/** An address that a certificate authority takes as a contact (Boulder refuses others) and certbot as an argument. */
export const email = text(
  emailExpected,
  new RegExp(`^[A-Za-z0-9]${atext}*(\\.${atext}+)*@(${label}\\.)+(?=[a-z])${label}$`, "i"),
).refine((value) => !/@(.*\.)?example\.(com|net|org)$/i.test(value), { error: emailExpected });
