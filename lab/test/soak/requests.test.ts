import { describe, expect, test } from "vitest";

import type { Asked } from "../../soak/evidence";
import { ask, asset, at, began, ended, found, lesson, letIn, node, page, proofOf, served } from "./evidence";

describe("a join fails", () => {
  const failed = "failed joins: ada, who wanted to join physics at 2026-11-26T12:00:00.000Z";
  const withoutAda = node("bbb-01", began(1, "physics"), ended(61, "physics"));

  test("when no node lets the person in", () => {
    expect(found(lesson({ told: withoutAda }))).toEqual([failed]);
  });

  test("when the client's page does not come, which the proxy's line proves, or only after 30 s and a retry", () => {
    const refused = served([2.4, page, 502], [3.1, asset]);
    expect(found(lesson({ served: refused }))).toContain(failed);
    expect(proofOf(lesson({ served: refused }))).toContain(refused[0]?.line);
    const late = node("bbb-01", began(1, "physics"), letIn(59, "physics", "ada"), ended(65, "physics"));
    const pageAt = (seconds: number) => {
      const asked = [
        ask(0, { what: "join", person: "ada", room: "physics" }),
        ask(31, { what: "join", person: "ada", room: "physics" }),
        ask(seconds, { what: "fetch", person: "ada", path: page }),
        ask(64, { what: "end", room: "physics" }),
      ];
      return found(lesson({ asked, told: late, served: served([seconds, page]) }));
    };
    expect([pageAt(59.5), pageAt(62)]).toEqual([[], [failed]]);
  });

  test("when the page that came is another node's", () => {
    const other = "/bbb-02/html5client/";
    const asked = [...lesson().asked, ask(2, { what: "fetch", person: "ada", path: other })];
    expect(found(lesson({ asked, served: served([2, other], [3, asset]) }))).toContain(failed);
  });

  test("apart from the others while the one proxy is replaced", () => {
    const faults = [{ where: "bbb", from: at(1), to: at(20) }];
    expect(found(lesson({ faults, served: served([3.1, asset]) }))).toEqual([
      expect.stringMatching(/^failed joins: .* \(excused\)$/),
      expect.stringMatching(/^failed asset requests: .* \(excused\)$/),
    ]);
  });
});

test("a request for an asset fails when the proxy has no line of it that is well, for each a line of its own", () => {
  const failed = expect.stringMatching(
    /^failed asset requests: \/bbb-01\/html5client\/main\.\S+, asked for at .* by \S+$/,
  );
  expect(found(lesson({ served: served([2.4, page]) }))).toEqual([failed]);
  expect(found(lesson({ served: served([2.4, page], [3.1, asset, 404]) }))).toEqual([failed]);
  expect(found(lesson({ served: served([2.4, page], [45, asset]) }))).toEqual([failed]);
  const asked = [...lesson().asked, ask(3.2, { what: "fetch", person: "ben", path: asset })];
  expect(found(lesson({ asked }))).toEqual([failed]);
  expect(found(lesson({ asked, served: served([2.4, page], [3.1, asset], [3.3, asset, 304]) }))).toEqual([]);
});

test("a line that is not well is somebody's, too, and leaves the next one to who got that", () => {
  const before = ask(1, { what: "fetch", person: "bob", path: page });
  const asked = [{ ...before, until: before.at + 100 } as Asked, ...lesson().asked];
  expect(found(lesson({ asked, served: served([1.1, page, 404], [2.4, page], [3.1, asset]) }))).toEqual([
    expect.stringMatching(/^failed asset requests: .* by bob$/),
  ]);
});

test("a line of somebody else's, from another moment, does not stand for one that is missing", () => {
  const asked = lesson().asked.map((each) => (each.what === "fetch" ? { ...each, until: each.at + 300 } : each));
  const foundAt = (seconds: number) => found(lesson({ asked, served: served([2.4, page], [seconds, asset]) }));
  expect(foundAt(3.2)).toEqual([]);
  expect(foundAt(6)).toEqual([expect.stringMatching(/^failed asset requests: /)]);
});
