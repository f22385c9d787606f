import { z } from "zod";

const expected = "one or more PEM certificates (-----BEGIN CERTIFICATE-----)";
const certificate = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;

/** A list of PEM texts, with one certificate or several in each and whatever else stands around them, as single ones. */
export const certificates = z
  .array(
    z.string({ error: expected }).transform((value, context) => {
      const found = value.replaceAll("\r\n", "\n").match(certificate) ?? [];
      if (found.length === 0 || !found.every(isBase64) || value.includes("PRIVATE KEY")) {
        context.addIssue({ code: "custom", message: expected });
      }
      return found.map((pem) => `${pem}\n`);
    }),
    { error: "a list of PEM certificates" },
  )
  .transform((texts) => texts.flat());

function isBase64(pem: string): boolean {
  const text = pem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  return text !== "" && Buffer.from(text, "base64").toString("base64") === text;
}
