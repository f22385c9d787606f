import { invalidInput } from "./errors";
import type { Labels } from "./model";

type Term = (labels: Labels) => boolean;

const prefix = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?/)?";
const key = `${prefix}[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?`;
const value = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?)?";
const labelKey = new RegExp(`^${key}$`);
const labelValue = new RegExp(`^${value}$`);
const exists = new RegExp(`^(!?)\\s*(${key})$`);
const equals = new RegExp(`^(${key})\\s*(==|=|!=)\\s*(${value})$`);
const oneOf = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

/** Whether key and value are a label the API accepts. */
export function isLabel(name: string, text: string): boolean {
  return labelKey.test(name) && !name.startsWith("hetzner.cloud/") && labelValue.test(text);
}

/** Turns a label selector (`a=b,!c,d in (e,f)`) into a test of labels; throws invalid_input naming the field. */
export function parseSelector(text: string, field = "label_selector"): (labels: Labels) => boolean {
  const terms = splitTerms(text).map((term) => parseTerm(term.trim(), field));
  return (labels) => terms.every((term) => term(labels));
}

function splitTerms(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

function parseTerm(term: string, field: string): Term {
  const existing = exists.exec(term);
  if (existing) return (labels) => Object.hasOwn(labels, existing[2] as string) === (existing[1] === "");
  const equal = equals.exec(term);
  if (equal) return (labels) => (labels[equal[1] as string] === equal[3]) === (equal[2] !== "!=");
  const set = oneOf.exec(term);
  const values = set?.[3]?.split(",").map((part) => part.trim()) ?? [];
  if (!set || !values.every((part) => labelValue.test(part))) {
    throw invalidInput(field, `a label selector must look like 'a=b,!c,d in (e,f)', got '${term}'`);
  }
  return (labels) => {
    const actual = labels[set[1] as string];
    return (actual !== undefined && values.includes(actual)) === (set[2] === "in");
  };
}
