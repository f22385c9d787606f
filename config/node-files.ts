import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

import { type LocalFile, refusedPath, restartableUnits } from "../plan/node/administrator-files";
import { text } from "./text";

/** Of all files together: they are copied to every node. */
export const mostMegabytes = 20;
const mostHookKilobytes = 64;

/** A file that cannot be taken; the sentence finishes "must be …". */
class Unusable extends Error {}

/** A file relative to the folder of Pulumi.yaml, in which Pulumi runs the program. */
function localFile(source: string): LocalFile & { bytes: Buffer } {
  const place = resolve(source);
  const bytes = read(place);
  return { source: place, sha256: createHash("sha256").update(bytes).digest("hex"), bytes };
}

function read(place: string): Buffer {
  try {
    const status = statSync(place);
    if (!status.isFile()) {
      throw new Unusable(status.isDirectory() ? "it is a folder" : "it is no file");
    }
    if (status.size > mostMegabytes * 1024 * 1024) {
      throw new Unusable(`it is larger than ${mostMegabytes} MB`);
    }
    return readFileSync(place);
  } catch (error) {
    if (error instanceof Unusable) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new Unusable(code === "ENOENT" || code === "ENOTDIR" ? "there is none" : `it cannot be read, ${code}`);
  }
}

const sourceExpected = "a file of this project, relative to Pulumi.yaml";

/** A text that names a local file, as what is in it; `refuse` says what is wrong with the bytes. */
function local(refuse: (bytes: Buffer) => string | undefined = () => undefined) {
  return z.string({ error: sourceExpected }).transform((source, context) => {
    try {
      const { bytes, ...file } = localFile(source);
      const wrong = refuse(bytes);
      if (wrong !== undefined) throw new Unusable(wrong);
      return file;
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      context.addIssue({ code: "custom", message: `${sourceExpected} (${error.message})` });
      return z.NEVER;
    }
  });
}

const path = z.string({ error: "an absolute path on the node" }).superRefine((given, context) => {
  const expected = refusedPath(given);
  if (expected !== undefined) context.addIssue({ code: "custom", message: expected });
});

const modeExpected = 'an octal mode in quotes such as "0644", readable and not setuid';

const nodeFile = z.strictObject(
  {
    path,
    source: local(),
    mode: text(modeExpected, /^0[4-7][0-7][0-7]$/).default("0644"),
    restart: z
      .array(z.enum(restartableUnits, { error: `one of ${restartableUnits.join(", ")}` }), { error: "a list of units" })
      .default([]),
  },
  { error: "an object {path, source, mode, restart}" },
);

/** What an administrator puts on every node. */
export const administratorNodeFiles = z.array(nodeFile, { error: "a list of {path, source, mode, restart}" });

/** A script that is run on every node. */
export const nodeHook = local((bytes) => {
  if (bytes.length > mostHookKilobytes * 1024) return `it is larger than ${mostHookKilobytes} KB`;
  const first = bytes.subarray(0, 256).toString("latin1").split("\n")[0] ?? "";
  if (!/^#! *\//.test(first)) return "its first line is not #! and an interpreter";
  return first.endsWith("\r") ? "its lines end as Windows has it" : undefined;
});
