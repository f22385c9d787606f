import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { goodValues, problemsOf } from "../support/stack";

const file = join(__dirname, "..", "contract", "examples", "values.json");
const examples = JSON.parse(readFileSync(file, "utf8")) as [string, unknown, "accepted" | "refused"][];

test.each(examples)("%s %j is %s, as the host programs have it, too", (key, value, verdict) => {
  const isHash = key === "installer.sha256";
  const changes = isHash
    ? { installer: { ...(goodValues()["installer"] as object), sha256: value } }
    : { [key]: value };
  expect(problemsOf(changes).length === 0).toBe(verdict === "accepted");
});
