import { Hono } from "hono";

import type { Cloud } from "../cloud";
import { ApiError } from "../errors";
import { list } from "../listing";
import type { Action } from "../model";
import { find } from "./find";

/** Actions, singly and many at once by id. */
export function actionRoutes({ store }: Cloud): Hono {
  const routes = new Hono();
  routes.get("/actions", (c) => {
    const ids = c.req.queries("id");
    if (!ids) throw new ApiError(410, "deprecated_api_endpoint", "listing actions needs ids: /actions?id=1&id=2");
    const found = ids.map((id) => store.actions.get(Number(id))).filter((action) => action !== undefined);
    const states = c.req.queries("status");
    const wanted = states ? found.filter((action) => states.includes(action.status)) : found;
    return list<Action>(c, "actions", wanted, (action) => action);
  });
  routes.get("/actions/:id", (c) => c.json({ action: find(store.actions, "action", c.req.param("id")) }));
  return routes;
}
