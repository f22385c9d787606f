import { posix } from "node:path";
import { z } from "zod";

import { integer } from "./text";

const repositoryExpected =
  "a restic repository: sftp://user@host:port/path, s3:https://host/bucket or a path that begins with /";
const path = "[\\w.~/-]+";
const form = new RegExp(
  `^(sftp://[\\w.-]+@[\\w.-]+(:\\d{1,5})?/${path}|sftp:[\\w.-]+@[\\w.-]+:${path}|s3:https?://[\\w.-]+(:\\d{1,5})?/${path}|/${path})$`,
);

// The volume and where it is seen, and where a copy is prepared.
const copied = ["/srv/balancer", "/var/lib/bbblb", "/var/lib/postgresql", "/var/lib/bbb-cluster"];
const outsideExpected = `a folder outside of ${copied.join(", ")}: it would be copied into itself, and lost with them`;
const isOutside = (value: string) => copied.every((folder) => !`${posix.normalize(value)}/`.startsWith(`${folder}/`));
const params = { value: "sftp://u123@u123.your-storagebox.de:23/bbb" };

const repository = z
  .string({ error: repositoryExpected })
  .refine((value) => form.test(value), { error: repositoryExpected, params })
  .refine(isOutside, { error: outsideExpected, params });

/** Where what the load balancer knows and has is copied to, and how many copies stay there. */
export const backup = z.strictObject(
  {
    repository,
    keepDaily: integer(1, 365).default(7),
    keepWeekly: integer(0, 520).default(4),
  },
  { error: "an object {repository}" },
);
