import { describeProblem, type Problem, pathText, type RawValues } from "./error";
import { type ConfigKey, keys } from "./keys";
import type { KeyRow } from "./row";

const rows = Object.entries(keys) as [ConfigKey, KeyRow][];

/** What must be a secret and is not, and what cannot be one: its value is in names, texts and process lists. */
export function secrecyProblems({ values, secret }: RawValues): string[] {
  return rows
    .filter(([key]) => values[key] !== undefined)
    .flatMap(([key, row]) => {
      if (row.secret === "always" && !secret.has(key)) {
        const command = `pulumi config set --secret ${key} "$(pulumi config get ${key})"`;
        return [`${key} must be a secret, got plain text; run: ${command}`];
      }
      return row.secret === undefined && secret.has(key)
        ? [`${key} must be plain text, ${which} can be secrets, got a secret; run: ${inPlain(key, row)}`]
        : [];
    });
}

/** What is a secret whatever it is called: a user in a URL. Keys whose value is a URL say so themselves. */
export function userInfoProblems(raw: RawValues): Problem[] {
  const without = "without user name and password in a URL";
  return rows
    .filter(([key, row]) => row.secret !== "always" && !raw.secret.has(key))
    .flatMap(([key, row]) => {
      if (row.secret !== "possible") {
        return pathsToUsers(raw.values[key], [key], userWithin).map((path) => describeProblem(path, without, raw));
      }
      return pathsToUsers(raw.values[key], [key], userInfo).map((path) => {
        const name = `'${pathText(path)}'`;
        const remedy = `pulumi config set --secret --path ${name} -- "$(pulumi config get --path ${name})"`;
        return describeProblem(path, `${without}, or a secret`, raw, remedy);
      });
    });
}

const which = `only ${rows
  .filter(([, { secret }]) => secret !== undefined)
  .map(([key]) => key)
  .join(", ")}`;

function inPlain(key: ConfigKey, { structured, required, remedy }: KeyRow): string {
  if (structured === undefined) {
    return `pulumi config set --plaintext ${key} "$(pulumi config get ${key})"`;
  }
  return [`pulumi config rm ${key}`, ...(required ? [remedy] : [])].join(" && ");
}

function pathsToUsers(value: unknown, path: string[], users: RegExp): string[][] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => pathsToUsers(inner, [...path, name], users));
  }
  return typeof value === "string" && users.test(value) ? [path] : [];
}

const userInfo = /:\/\/[^\s/?#@]*@/;
/** In a text that is no URL itself, such as a comment. */
const userWithin = /\s\S*:\/\/[^\s/?#@]*@/;
