import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { DnsRecord } from "../../api/fabric";
import { type DnsChange, diffRecords } from "../../fabric/dns";

const a = (name: string, value: string, ttl = 60): DnsRecord => ({ name, type: "A", ttl, value });

/** What unbound holds after a change. */
function apply(held: readonly string[], { remove, add }: DnsChange): string[] {
  const kept = held.filter((line) => !remove.includes(line.split(" ")[0] ?? ""));
  return [...new Set([...kept, ...add])].sort();
}

describe("the difference between two sets of records", () => {
  test("nothing is said when nothing changed, in any order and case", () => {
    const records = [a("x.test.", "192.0.2.1"), a("y.test.", "192.0.2.2")];
    expect(diffRecords(records, [a("Y.test.", "192.0.2.2"), a("x.test.", "192.0.2.1")])).toEqual({
      remove: [],
      add: [],
    });
  });

  test("a further record of a name leaves the others in place", () => {
    const before = [a("x.test.", "192.0.2.1")];
    expect(diffRecords(before, [...before, a("x.test.", "192.0.2.2")])).toEqual({
      remove: [],
      add: ["x.test. 60 IN A 192.0.2.2"],
    });
  });

  test("a changed time to live removes the name and adds what is wanted of it", () => {
    const before = [a("x.test.", "192.0.2.1"), a("x.test.", "192.0.2.2"), a("y.test.", "192.0.2.3")];
    const after = [a("x.test.", "192.0.2.1", 300), a("x.test.", "192.0.2.2"), a("y.test.", "192.0.2.3")];
    expect(diffRecords(before, after)).toEqual({
      remove: ["x.test."],
      add: ["x.test. 300 IN A 192.0.2.1", "x.test. 60 IN A 192.0.2.2"],
    });
  });

  test("a name that is no longer wanted is removed", () => {
    expect(diffRecords([a("x.test.", "192.0.2.1")], [])).toEqual({ remove: ["x.test."], add: [] });
  });

  test("any set becomes any other set", () => {
    const record = fc.record({
      name: fc.constantFrom("a.test.", "b.test.", "c.test."),
      type: fc.constantFrom("A", "TXT"),
      ttl: fc.constantFrom(60, 300),
      value: fc.constantFrom("192.0.2.1", "192.0.2.2"),
    });
    fc.assert(
      fc.property(fc.array(record), fc.array(record), (before, after) => {
        const held = apply([], diffRecords([], before));
        expect(apply(held, diffRecords(before, after))).toEqual(apply([], diffRecords([], after)));
      }),
    );
  });
});
