import { z } from "zod";

const expected = "one or more PEM certificates (-----BEGIN CERTIFICATE-----)";
const certificate = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;

/** A list of PEM texts, with one certificate or several in each and whatever else stands around them, as single ones. */
export const certificates = z
  .array(
    z.string({ error: expected }).transform((value, context) => {
      const found = value.replaceAll("\r\n", "\n").match(certificate) ?? [];
      if (found.length === 0 || value.includes("PRIVATE KEY")) {
        context.addIssue({ code: "custom", message: expected });
      }
      return found.map((pem) => `${pem}\n`);
    }),
    { error: "a list of PEM certificates" },
  )
  .transform((texts) => texts.flat());
