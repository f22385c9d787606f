import type { Context } from "hono";

import { invalidInput } from "./errors";
import type { Labels } from "./model";
import { parseSelector } from "./selector";

interface Listed {
  id: number;
  name?: string | null;
  labels?: Labels;
  created?: string;
}

/** Answers a list request: exact name, label selector, sort order and page taken from the query. */
export function list<T extends Listed>(c: Context, key: string, items: T[], view: (item: T) => object) {
  const found = sorted(c, filtered(c, items));
  const page = positive(c, "page", 1);
  const perPage = Math.min(positive(c, "per_page", 25), key === "rrsets" ? 100 : 50);
  const last = Math.max(1, Math.ceil(found.length / perPage));
  const pagination = {
    page,
    per_page: perPage,
    previous_page: page > 1 ? page - 1 : null,
    next_page: page < last ? page + 1 : null,
    last_page: last,
    total_entries: found.length,
  };
  const shown = found.slice((page - 1) * perPage, page * perPage);
  return c.json({ [key]: shown.map(view), meta: { pagination } });
}

function filtered<T extends Listed>(c: Context, items: T[]): T[] {
  const name = c.req.query("name");
  const selector = c.req.query("label_selector");
  const named = name === undefined ? items : items.filter((item) => item.name === name);
  if (!selector) return named;
  const matches = parseSelector(selector);
  return named.filter((item) => matches(item.labels ?? {}));
}

function sorted<T extends Listed>(c: Context, items: T[]): T[] {
  const orders = (c.req.queries("sort") ?? []).map((text) => text.split(":"));
  return [...items].sort((a, b) => {
    for (const [field, direction] of orders) {
      const order = compare((a as Record<string, unknown>)[field ?? ""], (b as Record<string, unknown>)[field ?? ""]);
      if (order !== 0) return direction === "desc" ? -order : order;
    }
    return 0;
  });
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""));
}

function positive(c: Context, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidInput(name, `must be a number from 1, got '${text}'`);
  return Number(text);
}
