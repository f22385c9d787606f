import { expect, test } from "vitest";

import type { CheckResult, Verdict } from "../../checks/check";
import { mergeResults, verify } from "../../cli/verification";
import { outputs } from "./support";

const result = (name: string, verdict: Verdict, seen = ""): CheckResult => ({ name, verdict, expected: "", seen });

test("what one place could check does not remain unchecked, in the order of the first", () => {
  const user = [
    result("a", "ok"),
    result("key", "not checked", "closed"),
    result("b", "failed"),
    result("c", "not checked"),
  ];
  const operator = [result("key", "failed", "another key"), result("b", "ok"), result("c", "not checked")];
  expect(mergeResults(user, operator)).toEqual([user[0], operator[0], user[2], user[3]]);
});

test("where the stack does not know its ssh output nothing is asked by SSH, and the reason is said", async () => {
  const results: CheckResult[] = [];
  const half = { ...outputs(), ssh: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  await verify({ outputs: half, meetings: false, onlySsh: true }, (each) => results.push(each));
  expect(results.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    "bbb: SSH host key: not checked",
    "bbb-01: SSH host key: not checked",
    "bbb-02: SSH host key: not checked",
    "bbb: settings: not checked",
    "bbb-01: settings: not checked",
    "bbb-02: settings: not checked",
  ]);
});
