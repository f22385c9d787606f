import { expect, test } from "vitest";

import { type Backup, describeBackup, isBackedUp } from "../../checks/backup";

const now = Date.parse("2026-11-26T12:00:00Z");
const good: Backup = { repository: "/srv/bbb", at: "2026-11-26T00:31:07Z", failure: null, tried: null };

test.each<[Partial<Backup>, boolean, string]>([
  [{}, true, "last backup 11 hours ago"],
  [{ at: "2026-11-26T11:59:00Z" }, true, "last backup less than an hour ago"],
  [{ at: "2026-11-26T10:59:00Z" }, true, "last backup an hour ago"],
  [{ at: "2026-11-24T00:31:07Z" }, false, "last backup 59 hours ago"],
  [{ at: null }, false, "no backup yet"],
  [{ repository: null, at: null }, false, "no backup: the key `backup` is not set"],
  [
    { failure: "it is full", tried: "2026-11-26T00:31:09Z" },
    false,
    "last backup 11 hours ago; the last try failed (2026-11-26T00:31:09Z): it is full",
  ],
])("a backup that is %j counts: %s", (changes, counts, said) => {
  const backup = { ...good, ...changes };
  expect([isBackedUp(backup, now), describeBackup(backup, now)]).toEqual([counts, said]);
});
