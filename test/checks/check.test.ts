import { expect, test } from "vitest";

import { type Check, type CheckResult, NotChecked, runCheck, runChecks, seen, unless } from "../../checks/check";
import { passed, renderResult, renderSummary } from "../../checks/report";

const passing: Check = { name: "route", expected: "present", run: async () => seen(true, "present") };
const failing: Check = {
  name: "bbb-01: client page",
  expected: "200 with the client",
  run: async () => seen(false, "502"),
};
const broken: Check = {
  name: "names",
  expected: "one address",
  run: () => Promise.reject(new Error("queryA\n  ESERVFAIL")),
};

async function results(checks: Check[], width?: number): Promise<CheckResult[]> {
  const found: CheckResult[] = [];
  await runChecks(checks, (result) => found.push(result), width);
  return found;
}

test("a check that fails is named, with what was expected and what was seen", async () => {
  const lines = (await results([passing, failing, broken])).map(renderResult);
  expect(lines).toEqual([
    "ok   route: expected present; seen present",
    "FAIL bbb-01: client page: expected 200 with the client; seen 502",
    "FAIL names: expected one address; seen queryA ESERVFAIL",
  ]);
});

test("the errors of all tried addresses are reported", async () => {
  const both = new AggregateError([new Error("ECONNREFUSED 203.0.113.10"), new Error("ECONNREFUSED 2001:db8::1")]);
  const [result] = await results([{ name: "x", expected: "y", run: () => Promise.reject(both) }]);
  expect(result?.seen).toBe("ECONNREFUSED 203.0.113.10; ECONNREFUSED 2001:db8::1");
});

test("results come in the order of the checks, however long each takes", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Check = { name: "slow", expected: "", run: () => gate.then(() => "") };
  const quick: Check = { name: "quick", expected: "", run: async () => "" };
  const opener: Check = {
    name: "opener",
    expected: "",
    async run() {
      release();
      return "";
    },
  };
  expect((await results([slow, quick, opener], 2)).map(({ name }) => name)).toEqual(["slow", "quick", "opener"]);
});

test("at most as many checks run at a time as asked for", async () => {
  let running = 0;
  let most = 0;
  const check: Check = {
    name: "x",
    expected: "",
    async run() {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return "";
    },
  };
  await runChecks(
    Array.from({ length: 10 }, () => check),
    () => {},
    3,
  );
  expect(most).toBe(3);
});

test("what cannot be known from here is neither passed nor failed, and says why", async () => {
  const closed: Check = { name: "key", expected: "pinned", run: () => Promise.reject(new NotChecked("SSH is closed")) };
  const result = await runCheck(closed);
  expect(renderResult(result)).toBe("-    key: not checked: SSH is closed");
  expect(result.verdict).toBe("not checked");
});

test("a check with a reason against it is not begun", async () => {
  const never: Check = { name: "x", expected: "y", run: () => expect.fail() };
  expect(await runCheck(unless("standalone", never))).toMatchObject({ verdict: "not checked", seen: "standalone" });
  expect(unless(undefined, passing)).toBe(passing);
});

test("the summary counts checks, failures and what was not checked", async () => {
  const all = await results([passing, failing, unless("standalone", passing)]);
  expect(renderSummary(all, 4210)).toBe("3 checks, 1 failed, 1 not checked, in 4.2 s");
  expect([passed(all), passed(all.filter(({ verdict }) => verdict !== "failed"))]).toEqual([false, true]);
});

test("what a server said cannot act on the terminal", async () => {
  const hostile: Check = {
    name: "x",
    expected: "",
    run: async () => "a\u001b[2Jb\rc\u009b31md\u202Ee\u2066f\u0007\n\u0000g\u200bh\ud800",
  };
  expect((await runCheck(hostile)).seen).toBe("a[2Jb c31mdef gh");
});
