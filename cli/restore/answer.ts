import { z } from "zod";

import { line } from "../host-answer";

/** What a machine answers that was restored. */
export const done = z.object({
  ...{ snapshot: line, time: line, rooms: z.number(), recordings: z.number(), newer: z.number() },
  ...{ tenants: z.array(line), nodes: z.array(line), unknown: z.array(line), silent: z.array(line) },
  closed: z.record(z.string(), line),
});

/** What a restore has brought back. */
export type Restored = z.output<typeof done>;
