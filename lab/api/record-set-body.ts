import { z } from "zod";

import { labels } from "./body";
import type { RecordSet, RecordValue } from "./model";
import { recordTypes, requireValidRecords } from "./record-values";

/** Seconds a record may be cached; null or absent for the default of the zone. */
export const ttl = z.int().min(60).max(2147483647).nullish();
/** Values of a record set. */
export const records = z
  .array(z.object({ value: z.string(), comment: z.string().optional() }))
  .min(1)
  .max(50);
const label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
const namePattern = new RegExp(`^(@|\\*|(\\*\\.)?${label}(\\.${label})*)$`);

/** Body that makes a record set. */
export const recordSetCreation = z.object({
  name: z.string().regex(namePattern, "must be '@', '*' or a lower-case name relative to the zone, without final dot"),
  type: z.enum(recordTypes),
  ttl,
  labels: labels.default({}),
  records,
});

/** The record set of a request, checked; throws invalid_input. */
export function newRecordSet(body: z.output<typeof recordSetCreation>): RecordSet {
  requireValidRecords(body.type, body.records);
  const { name, type, labels } = body;
  return {
    name,
    type,
    ttl: body.ttl ?? null,
    labels,
    changeProtection: false,
    records: body.records.map(storedRecord),
  };
}

/** A value as it is kept: without an empty comment. */
export function storedRecord({ value, comment }: RecordValue): RecordValue {
  return comment ? { value, comment } : { value };
}
