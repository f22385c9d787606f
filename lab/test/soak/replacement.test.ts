import { expect, test } from "vitest";

import { rightRefusal } from "../../soak/replacement";

test("a node refuses to go for people or recordings; anything else is a failure", () => {
  const of = (said: string) => rightRefusal("bbb-02", `error: ${said}\nmore\n`);
  expect(of("bbb-02 is not empty: 1 meeting with 3 people; nothing of it was touched")).toBe(
    "bbb-02 is not empty: 1 meeting with 3 people",
  );
  expect(of("bbb-02 has 2 recordings: 2 in work; nothing of it")).toBe("bbb-02 has 2 recordings: 2 in work");
  expect(of("bbb-03 is not empty: 1 meeting with 3 people")).toBeUndefined();
  expect(of("bbb-02 does not answer")).toBeUndefined();
});
