import { expect, test } from "vitest";

import type { FindDue } from "../../checks/due";
import type { FindOccupancy } from "../../checks/occupancy";
import { collectStatus } from "../../checks/status";
import { renderMachines } from "../../checks/status-table";
import { clusterAt, nodeAt, withServer } from "./support";

const nowhere = "https://localhost:1";

test("a cluster that nobody answers for is shown all the same, the proxy first", async () => {
  const machines = await collectStatus(clusterAt(nowhere));
  expect(machines.map(({ name }) => name)).toEqual(["bbb", "bbb-01"]);
  expect(machines[1]).toMatchObject({
    state: "present",
    ipv4: "203.0.113.11",
    private: "10.0.1.11",
    route: "unreachable",
    meetings: "unreachable",
    certificate: "unreachable",
  });
});

test("what the stack does not know is unknown, and what does not apply is a dash", async () => {
  const node = { ...nodeAt(nowhere), ipv4: null, secret: null, standalone: true };
  const [, shown] = await collectStatus(clusterAt(nowhere, [node]));
  expect(shown).toMatchObject({ state: "standalone", ipv4: "unknown", meetings: "unknown", route: "-" });
});

test("how old its backup is stands by the load balancer's own machine, and by no other", async () => {
  const backup = { repository: "/srv/bbb", at: null, failure: "it is full", tried: "2026-11-26T00:31:09Z" };
  const cluster = clusterAt(nowhere, []);
  const balancers = cluster.proxies.map((proxy) => ({ ...proxy, name: "bbb-lb" }));
  const unasked = async () => null;
  const machines = await collectStatus({ ...cluster, balancers }, unasked, unasked, unasked, async () => backup);
  expect(machines.map(({ name, backup }) => [name, backup])).toEqual([
    ["bbb", null],
    ["bbb-lb", "no backup yet; the last try failed (2026-11-26T00:31:09Z): it is full"],
  ]);
});

test("the table names each machine once, without the names of meetings", async () => {
  const [proxy] = await collectStatus(clusterAt(nowhere, []));
  const table = renderMachines([{ ...(proxy ?? expect.fail()), names: ["Oral examination"] }]);
  expect(table.split("\n").map((line) => line.split(/ {2,}/))).toEqual(
    [
      "MACHINE STATE IPV4 IPV6 PRIVATE ROUTE MEETINGS USERS CLOSED+BY PENDING CERTIFICATE RELEASE DUE URL",
      "bbb present 203.0.113.11 2001:db8:2::1 10.0.1.11 - - - - - unreachable - - https://localhost:1/",
    ].map((line) => line.split(" ").map((word) => word.replace("+", " "))),
  );
});

test("who has closed a node, and what waits until it is empty, is told where it can be asked", async () => {
  const occupied = {
    ...{ empty: false, obstacle: "2 meetings with 14 people", meetings: 2, people: 14 },
    cordons: { hand: { since: "2026-11-26T08:00:00Z", reason: "hums" } },
    pending: { since: "2026-11-26T09:00:00Z", what: ["BigBlueButton 3.0.31", "bbb-web.properties: x"] },
    recordings: { waiting: 0, obstacle: "", findings: [] },
  };
  const found = async (find: FindOccupancy) => (await collectStatus(clusterAt(nowhere), undefined, undefined, find))[1];
  expect(await found(async () => occupied)).toMatchObject({
    cordons: "hand",
    pending: "2 changes",
    occupancyDetails: [
      "closed to new meetings by hand since 2026-11-26T08:00:00Z: hums",
      "waits since 2026-11-26T09:00:00Z until it is empty: BigBlueButton 3.0.31, bbb-web.properties: x",
    ],
  });
  expect(await found(async () => ({ ...occupied, cordons: {}, pending: null }))).toMatchObject({
    cordons: "none",
    pending: "nothing",
    occupancyDetails: [],
  });
  const recordings = { waiting: 3, obstacle: "3 recordings: …", findings: ["BBBLB at lb.example.com is away"] };
  expect(await found(async () => ({ ...occupied, recordings }))).toMatchObject({
    pending: "2 changes, 3 recordings",
    occupancyDetails: expect.arrayContaining(["recordings: BBBLB at lb.example.com is away"]),
  });
  expect(await found(async () => null)).toMatchObject({ cordons: "unknown", pending: "unknown" });
  expect(await found(() => Promise.reject(new Error("no")))).toMatchObject({ cordons: "unknown" });
});

test("a node on its way out is shown as draining", async () => {
  const [, node] = await collectStatus(clusterAt(nowhere, [{ ...nodeAt(nowhere), draining: true }]));
  expect(node?.state).toBe("draining");
});

test("the route to a node is present, absent or broken, as the proxy answers", async () => {
  const route = (status: number, body: string) =>
    withServer(
      (_, response) => response.writeHead(status).end(body),
      async (origin) => (await collectStatus(clusterAt(origin)))[1]?.route,
    );
  expect(await route(200, '"wss://bbb-01.cluster.test/graphql"')).toBe("present");
  expect(await route(200, '"wss://bbb-02.cluster.test/graphql"')).toBe("broken (200)");
  expect(await route(404, "")).toBe("absent");
});

test("meetings and the people in them are counted, and named by what is safe to show", async () => {
  const meeting = (name: string, users: number) =>
    `<meeting><meetingID>x</meetingID><meetingName>${name}</meetingName><participantCount>${users}</participantCount></meeting>`;
  const xml = `<r><returncode>SUCCESS</returncode>${meeting("A\u001b[2J", 2)}${meeting("B", 3)}</r>`;
  const [, node] = await withServer(
    (_, response) => response.end(xml),
    (origin) => collectStatus(clusterAt(origin)),
  );
  expect(node).toMatchObject({ meetings: "2", users: "5", names: ["A[2J", "B"] });
});

test("the release is the node's own word, or what can be found out otherwise", async () => {
  const release = (bbbVersion: string) =>
    withServer(
      (_, response) => response.end(`<response><bbbVersion>${bbbVersion}</bbbVersion></response>`),
      async (origin) => (await collectStatus(clusterAt(origin), async () => "3.0.30"))[1]?.release,
    );
  expect(await release("3.0.37")).toBe("3.0.37");
  expect(await release("")).toBe("3.0.30");
  expect(await release("\u001b[31m")).toBe("3.0.30");
});

test("what security updates have left is told where it can be asked, and a dash where it cannot", async () => {
  const due = { held: ["nginx"], waiting: [], old: ["bbb-web.service", "nginx.service"], reboot: null, last: null };
  const dueOf = async (findDue: FindDue) => (await collectStatus(clusterAt(nowhere), undefined, findDue))[1];
  expect(await dueOf(async () => due)).toMatchObject({
    due: "1 held, 2 old",
    dueDetails: ["held until it is empty: nginx", "run on old libraries: bbb-web.service, nginx.service"],
  });
  expect((await dueOf(async () => null))?.due).toBe("-");
  expect((await dueOf(() => Promise.reject(new Error("no"))))?.due).toBe("unknown");
});
