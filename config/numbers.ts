import { readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, parseDocument, Scalar } from "yaml";

import { pathText } from "./error";

/** Numbers in JSON that are not kept as they are written, such as 1.10 or one of twenty digits. */
export function changedNumbers(key: string, text: string, isSecret = false): string[] {
  // What is no JSON, such as a lone CIDR where a list is expected, is a text: no number of it is read.
  if (!isJson(text)) return [];
  const tokens = text.match(/"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  return tokens
    .filter((token) => !token.startsWith('"') && !isKept(token))
    .map((token) => describe(key, isSecret ? "one (not shown)" : token));
}

/**
 * The same in a stack's file, and dates: the engine hands over 1.1 for 1.10 and 8 for 010, and nobody could tell any more.
 */
export function changedInFile(namespace: string, text: string): string[] {
  const config = parseDocument(text).get("config");
  const pairs = isMap(config) ? config.items : [];
  return pairs.flatMap(({ key, value }) => {
    const [space, name = ""] = String(key).split(":");
    return space === namespace ? within(value, [name]) : [];
  });
}

/** The file of a stack's configuration; empty where it is named by `--config-file`, of which nobody here is told. */
export function stackFile(stack: string): string {
  try {
    return readFileSync(process.env["PULUMI_OPTION_CONFIG_FILE"] ?? `Pulumi.${stack}.yaml`, "utf8");
  } catch {
    return "";
  }
}

function within(node: unknown, path: string[]): string[] {
  if (isMap(node)) return node.items.flatMap(({ key, value }) => within(value, [...path, String(key)]));
  if (isSeq(node)) return node.items.flatMap((item, index) => within(item, [...path, String(index)]));
  const source = isScalar(node) && node.type === Scalar.PLAIN ? (node.source ?? "") : "";
  return (number.test(source) && !isKept(source)) || date.test(source) ? [describe(pathText(path), source)] : [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What YAML takes for a number, with the spellings of all its versions: a hash that begins with 0b is a text. */
const number =
  /^[-+]?(0x[\da-f_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*(\.[\d_]*)?(e[-+]?\d+)?|\.\d[\d_]*(e[-+]?\d+)?|\.inf|\.nan)$/i;
const date = /^\d{4}-\d\d?-\d\d?([Tt ].*)?$/;

function isKept(token: string): boolean {
  const value = Number(token);
  return String(value) === token && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function describe(where: string, shown: string): string {
  return `${where} must be without numbers that change when they are read, got ${shown}; write it in quotes`;
}
