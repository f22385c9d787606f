import { expect, test } from "vitest";

import { describeFinding, readAnswer } from "../../cli/drift/answer";

const digest = "ab".repeat(32);
const answer = {
  release: "3.0.30",
  findings: [],
  requests: { "configure-node": { digest, state: "done" } },
  digest: "",
};
const read = (changed: object) => readAnswer(JSON.stringify({ ...answer, ...changed }));

test("a machine's answer is read with its findings and the requests that it notes", () => {
  const finding = { path: "/etc/a.properties", key: "k", state: "changed", expected: 1, found: null, unit: "bbb-web" };
  const { findings, requests } = read({ findings: [finding] });
  expect(findings.map(describeFinding)).toEqual(["/etc/a.properties: k: changed (by bbb-web: expected 1)"]);
  expect(requests.get("configure-node")).toEqual({ digest, state: "done" });
});

test("nothing of it can act on a terminal, whatever it contains", () => {
  const hostile = "a\u001b]0;title\u0007\u001b[2J\rb\u009b31m\u202Ec\u2066\u0000\nd\u2028e\u200f";
  const { findings, release } = read({
    release: hostile,
    findings: [{ path: hostile, key: hostile, state: hostile, unit: hostile, expected: hostile, found: [hostile] }],
  });
  const shown = `${release}${findings.map(describeFinding)}`;
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(release).toBe("a]0;title[2J b31mc d e");
});

test("what it says has an end", () => {
  const { findings } = read({ findings: [{ path: "x".repeat(100_000), state: "changed" }] });
  expect(findings[0]?.path).toHaveLength(300);
});

test("only text, requests and a digest are taken from it: it cannot say which machine it is", () => {
  const taken = read({ name: "bbb-02", findings: [{ path: "/x", state: "changed", name: "bbb-02" }] });
  expect(Object.keys(taken).sort()).toEqual(["digest", "findings", "release", "requests"]);
  expect(taken.findings[0]).not.toHaveProperty("name");
});

test.each([
  ["no JSON", "hello", "its answer is not JSON"],
  ["an empty answer", "", "its answer is not JSON"],
  ["null", "null", "its answer has another shape than expected"],
  ["findings that are no list", JSON.stringify({ ...answer, findings: {} }), "another shape than expected at findings"],
  ["a digest that is none", JSON.stringify({ ...answer, digest: "x y; rm" }), "another shape than expected at digest"],
  ["an unknown state", JSON.stringify({ ...answer, requests: { a: { digest, state: "fine" } } }), "requests.a.state"],
  [
    "a hostile key",
    JSON.stringify({ ...answer, requests: { "\u001b[2J": { digest: 1, state: "done" } } }),
    "at requests.[2J.digest",
  ],
])("%s is refused with what is wrong", (_, text, message) => {
  expect(() => readAnswer(text)).toThrow(message);
});
