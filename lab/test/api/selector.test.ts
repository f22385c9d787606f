import { describe, expect, it } from "vitest";

import { parseSelector } from "../../api/selector";

const labels = { role: "bbb", env: "prod", "example.org/tier": "web", empty: "" };

describe("a label selector", () => {
  it.each([
    "role",
    "!absent",
    "role=bbb",
    "role==bbb",
    "env!=test",
    "absent!=x",
    "env in (test, prod)",
    "env notin (test)",
    "absent notin (test)",
    "example.org/tier=web",
    "empty=",
    "role=bbb,env=prod,!absent",
    "env in (test,prod),role",
  ])("matches: %s", (selector) => {
    expect(parseSelector(selector)(labels)).toBe(true);
  });

  it.each([
    "!role",
    "absent",
    "role=x",
    "role!=bbb",
    "env in (test)",
    "env notin (prod)",
    "absent in (x)",
    "role=",
    "role,absent",
  ])("does not match: %s", (selector) => {
    expect(parseSelector(selector)(labels)).toBe(false);
  });

  it.each(["", "a b", "role in prod", "role=a=b", "=x", "in (a)", "role,,env"])(
    "is refused if malformed: '%s'",
    (selector) => {
      expect(() => parseSelector(selector)).toThrow("label selector must look like");
    },
  );
});
