import { describe, expect, test } from "vitest";

import type { Evidence } from "../../soak/evidence";
import { judge } from "../../soak/oracle/oracle";
import { ask, at, began, deleted, ended, found, lesson, letIn, node, proofOf, started } from "./evidence";

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
