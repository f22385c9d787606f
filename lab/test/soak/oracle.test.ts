import { describe, expect, test } from "vitest";

import type { Asked, Evidence } from "../../soak/evidence";
import { judge } from "../../soak/oracle/oracle";
import { ask, asset, began, deleted, ended, lesson, letIn, node, noon, page, served, started } from "./evidence";

const found = (evidence: Evidence) =>
  judge(evidence).findings.map(({ law, what, excused }) => `${law}: ${what}${excused ? " (excused)" : ""}`);
const proofOf = (evidence: Evidence) => judge(evidence).findings.flatMap(({ proof }) => proof);
const at = (seconds: number) => noon + seconds * 1000;

test("a lesson that went well breaks no law", () => {
  expect(judge(lesson())).toEqual({ findings: [], seen: { meetings: 1, recorded: 0, joins: 1, fetches: 2 } });
});

describe("a meeting is ended by us", () => {
  const asked = lesson().asked.filter(({ what }) => what !== "end");
  const begin = [started(-9), began(1, "physics"), letIn(2, "physics", "ada")];

  test("when its frontend had not asked for it, or asks only later", () => {
    const what = "meetings ended by us: physics on bbb-01 was ended, and nobody had asked for it";
    expect(found(lesson({ asked }))).toEqual([what]);
    expect(found(lesson({ asked: [...asked, ask(70, { what: "end", room: "physics" })] }))).toEqual([what]);
    const journal = ["INFO bbblb - Created Meeting(physics) as id-of-physics", "INFO bbblb - Created another"];
    expect(proofOf(lesson({ asked, journal }))).toEqual([
      `bbb-01: ${began(1, "physics")}`,
      `bbb-01: ${ended(61, "physics")}`,
      `bbb-lb: ${journal[0]}`,
    ]);
  });

  test("when bbb-web starts anew under it, or its machine is deleted", () => {
    const what = "meetings ended by us: physics on bbb-01 went away with it, and nobody had asked for it";
    expect(found(lesson({ asked, told: node("bbb-01", ...begin, started(30)) }))).toEqual([what]);
    expect(found(lesson({ asked, told: [...node("bbb-01", ...begin), deleted(30, "bbb-01")] }))).toEqual([what]);
  });

  test("and not when it was one of verification's own", () => {
    const told = [...lesson().told, ...node("bbb-01", began(5, "verify-f04f52"), ended(6, "verify-f04f52"))];
    expect(found(lesson({ told }))).toEqual([]);
  });

  test("but by whoever restarted that node's bbb-web on purpose, then", () => {
    const told = node("bbb-01", ...begin, started(30));
    const restart = (where: string, from: number) =>
      found(lesson({ asked, told, faults: [{ where, from: at(from), to: at(from + 5) }] }));
    expect(restart("bbb-01", 28)).toEqual([expect.stringMatching(/^meetings ended by us: .* \(excused\)$/)]);
    expect(restart("bbb-02", 28)).toEqual([expect.not.stringContaining("excused")]);
    expect(restart("bbb-01", 10)).toEqual([expect.not.stringContaining("excused")]);
  });
});

describe("a room is split", () => {
  const first = node("bbb-01", began(1, "physics"), letIn(2, "physics", "ada"), ended(61, "physics"));
  const otherwise = {
    nodes: ["bbb-01", "bbb-02"],
    balancer: { ...lesson().balancer, nodes: [...lesson().balancer.nodes, { node: "bbb-02", enabled: true }] },
  };
  const second = (from: number, ...people: string[]) =>
    node(
      "bbb-02",
      began(from, "physics"),
      ...people.map((person) => letIn(from + 1, "physics", person)),
      ended(70, "physics"),
    );

  test("when it is open on two machines at once", () => {
    expect(found(lesson({ ...otherwise, told: [...first, ...second(40, "bob")] }))).toEqual([
      "rooms split: physics was open on bbb-01 and on bbb-02 at once",
    ]);
    // A create that was taken and not heard.
    expect(found(lesson({ ...otherwise, told: [...first, ...second(40)] }))).toEqual([
      "rooms split: physics was open on bbb-01 and on bbb-02 at once (excused)",
    ]);
  });

  test("and not when the first was to be over, which its node did not hear", () => {
    const asked = [...lesson().asked, ask(30, { what: "end", room: "physics" })];
    expect(found(lesson({ ...otherwise, asked, told: [...first, ...second(40, "bob")] }))).toEqual([
      "rooms split: physics was open on bbb-01 and on bbb-02 at once (excused)",
    ]);
  });

  test("but it is split when the first that was to be over goes on, or somebody is let into it", () => {
    const asked = [...lesson().asked, ask(30, { what: "end", room: "physics" })];
    const splitBy = (...lines: string[]) =>
      found(lesson({ ...otherwise, asked, told: [...node("bbb-01", ...lines), ...second(40, "bob")] }));
    const physics = [began(1, "physics"), letIn(2, "physics", "ada")];
    expect(splitBy(...physics, ended(120, "physics"))).toEqual([expect.stringMatching(/at once$/)]);
    expect(splitBy(...physics, letIn(45, "physics", "eve"), ended(61, "physics"))).toEqual([
      expect.stringMatching(/at once$/),
    ]);
  });

  test("and not when it begins elsewhere after its end, or when it was cut off by a restart on purpose", () => {
    const asked = [...lesson().asked, ask(65, { what: "end", room: "physics" })];
    expect(found(lesson({ ...otherwise, asked, told: [...first, ...second(61.5)] }))).toEqual([]);
    const cut = node("bbb-01", began(1, "physics"), letIn(2, "physics", "ada"), started(30));
    const faults = [{ where: "bbb-01", from: at(20), to: at(31) }];
    const split = (from: number) =>
      found(lesson({ ...otherwise, faults, told: [...cut, ...second(from)] })).filter((what) =>
        what.startsWith("rooms split"),
      );
    expect([split(25), split(15)]).toEqual([[], [expect.stringContaining("at once")]]);
  });

  test("as good as, when it runs where the balancer does not know it", () => {
    const running = node("bbb-01", began(1, "physics"), letIn(2, "physics", "ada"));
    const asked = lesson().asked.filter(({ what }) => what !== "end");
    const known = (where: string) =>
      found(
        lesson({
          asked,
          told: running,
          balancer: { ...lesson().balancer, meetings: [{ room: "physics", node: where }] },
        }),
      );
    expect(known("bbb-01")).toEqual([]);
    expect(known("bbb-02")).toEqual(["rooms split: physics runs on bbb-01, and the balancer does not know it there"]);
  });
});

test("a recording is lost when neither the balancer nor a node has it", () => {
  const told = node("bbb-01", began(1, "physics", true), letIn(2, "physics", "ada"), ended(61, "physics"));
  const { balancer } = lesson();
  expect(found(lesson({ told }))).toEqual(["recordings lost: id-of-physics of physics, recorded on bbb-01"]);
  expect(found(lesson({ told, onNodes: ["id-of-physics"] }))).toEqual([]);
  expect(found(lesson({ told, balancer: { ...balancer, recordings: ["id-of-physics"] } }))).toEqual([]);
  expect(judge(lesson({ told, onNodes: ["id-of-physics"] })).seen.recorded).toBe(1);
});

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

test("the balancer has to have the cluster's nodes, open", () => {
  const listed = (...nodes: Evidence["balancer"]["nodes"]) =>
    found(lesson({ balancer: { ...lesson().balancer, nodes } }));
  const law = "nodes that the balancer has otherwise";
  expect(listed()).toEqual([`${law}: bbb-01 is missing there`]);
  expect(listed({ node: "bbb-01", enabled: false })).toEqual([`${law}: bbb-01 is closed`]);
  expect(listed({ node: "bbb-01", enabled: true }, { node: "bbb-02", enabled: false })).toEqual([
    `${law}: bbb-02 is there, and not in the cluster`,
  ]);
});

test("an orphan is what only one of cloud and state has", () => {
  const orphan = { kind: "volumes", id: "7", name: "disk" };
  expect(found(lesson({ cloud: [...lesson().cloud, orphan] }))).toEqual([
    "orphans in the cloud: volumes disk (7) is in the cloud, and Pulumi does not know it",
  ]);
  expect(found(lesson({ state: [...lesson().state, orphan] }))).toEqual([
    "orphans in the cloud: volumes disk (7) is in Pulumi's state, and not in the cloud",
  ]);
});
