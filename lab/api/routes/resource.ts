import type { Hono } from "hono";
import { z } from "zod";

import { labels, name, readBody, requireFreeName } from "../body";
import { list } from "../listing";
import type { Labels, Resource } from "../model";
import type { Collection } from "../store";
import { find } from "./find";

/** What sets one kind of resource apart where all kinds are read and renamed alike. */
export interface Kind<T extends Resource> {
  /** Key of a single one in answers; lists and paths add an s. */
  key: string;
  /** What messages call it. */
  title: string;
  collection: Collection<T>;
  view: (item: Readonly<T>) => object;
  /** Properties that lists are filtered by when the query has them, besides name and labels. */
  filters?: (keyof T & string)[];
  /** What PUT may change, by default name and labels. */
  change?: z.ZodType<{ name?: string | undefined; labels?: Labels | undefined }>;
  /** Called before anything is read. */
  refresh?: () => Promise<void>;
  /** Called after a PUT. */
  changed?: () => void;
}

const nameAndLabels = z.object({ name: name.optional(), labels: labels.optional() });

/** Adds list, single GET and PUT of a kind to the routes; returns the look-up by id, which throws not_found. */
export function addResource<T extends Resource>(routes: Hono, kind: Kind<T>): (id: string) => Readonly<T> {
  const { key, title, collection, view } = kind;
  const get = (id: string) => find(collection, title, id);
  routes.get(`/${key}s`, async (c) => {
    await kind.refresh?.();
    const passes = (item: Readonly<T>) =>
      (kind.filters ?? []).every((property) => c.req.queries(property)?.includes(String(item[property])) ?? true);
    return list(c, `${key}s`, collection.all().filter(passes), view);
  });
  routes.get(`/${key}s/:id`, async (c) => {
    await kind.refresh?.();
    return c.json({ [key]: view(get(c.req.param("id"))) });
  });
  routes.put(`/${key}s/:id`, async (c) => {
    const item = get(c.req.param("id"));
    const body = await readBody(c, kind.change ?? nameAndLabels);
    requireFreeName(title, collection, body.name, item.id);
    collection.update(item, body as Partial<T>);
    kind.changed?.();
    return c.json({ [key]: view(item) });
  });
  return get;
}
