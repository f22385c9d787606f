import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { alerts, queries } from "../documents";
import { Machines } from "../rig/machines";
import { MailSink } from "../rig/mail-sink";
import { Programs } from "../rig/programs";
import { room } from "../rig/room";

const DISK = 'node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"}';
const EXPIRY = 'bbb_cluster_certificate_expiry_timestamp_seconds{port="443",family="ipv6"}';
const HAND_OVER = "bbb_cluster_hand_over_failing_since_timestamp_seconds";

/** What goes wrong, and the alert that tells it; each makes its fault, and gives its remedy back. */
const faults: [what: string, alert: string, fault: () => () => void, to?: string][] = [
  [
    "nobody can join through the load balancer",
    "BbbNobodyCanJoin",
    () => machines.tell("bbb-lb", 'bbb_cluster_check_success{through="balancer"}', "0"),
  ],
  ["the proxy is gone", "BbbProxyDown", () => machines.away("bbb")],
  ["a node is gone", "BbbNodeDown", () => machines.away("bbb-01")],
  [
    "the load balancer's database is gone",
    "BbbBalancerDatabaseDown",
    () => machines.tell("bbb-lb", "bbb_balancer_database_up", "0"),
  ],
  ["a disk is full", "BbbDiskFull", () => machines.tell("bbb-lb", DISK, "1e9")],
  ["a certificate ends tomorrow", "BbbCertificateExpiring", () => machines.tell("bbb-02", EXPIRY, "now+86400")],
  [
    "recordings have not been handed over for two hours",
    "BbbHandOverFailing",
    () => machines.tell("bbb-02", HAND_OVER, "now-7200"),
    "bigbluebutton@example.edu",
  ],
];

let machines: Machines;
let programs: Programs;
const mails = new MailSink();

beforeAll(async () => {
  const folder = join(room(), "watching");
  rmSync(folder, { recursive: true, force: true });
  machines = new Machines(join(room(), "authority"));
  programs = new Programs(folder, machines);
  await machines.listen();
  await mails.listen(587);
  await programs.start();
});

afterAll(async () => {
  await programs?.stop();
  machines?.close();
  mails.close();
});

test("of a cluster that is well nobody is told anything", async () => {
  expect(await programs.query("ALERTS")).toEqual([]);
  expect(mails.mails).toEqual([]);
});

test.each(queries())("the dashboard's panel `%s` shows something: %s", async (_, expr) => {
  const wanted = expr
    .replaceAll("$cluster", "prod")
    .replaceAll("$machine", "bbb|bbb-01|bbb-02|bbb-lb")
    .replaceAll("$__rate_interval", "1m");
  const results = await programs.query(wanted);
  expect(results.filter(({ value }) => value[1] !== "NaN")).not.toEqual([]);
});

describe.concurrent("who is responsible is told, and told that it is over", () => {
  test.each(faults)("%s: %s", async (_, alert, fault, to = "on-call@example.edu") => {
    const remedy = fault();
    const begin = await mails.mail(`[FIRING:1] ${alert} prod `);
    remedy();
    const end = await mails.mail(`[RESOLVED] ${alert} prod `);
    expect([begin.to, end.to]).toEqual([to, to]);
    expect(begin.text).toContain(runbook(alert));
  });
});

test("nothing else was told to anybody", async () => {
  const expected = faults.map(([, alert]) => alert).sort();
  const told = new Set(mails.mails.map(({ subject }) => subject.match(/Bbb\w+/)?.[0]));
  expect([...told].sort()).toEqual(expected);
  const fired = await programs.query('count by (alertname) (last_over_time(ALERTS{alertstate="firing"}[10m]))');
  expect(fired.map(({ metric }) => metric["alertname"]).sort()).toEqual(expected);
});

/** What an alert tells to do, up to the name of a machine. */
function runbook(name: string): string {
  const [first = ""] =
    alerts()
      .find(({ alert }) => alert === name)
      ?.annotations["runbook"]?.split("{{") ?? [];
  expect(first).not.toBe("");
  return first.trim();
}
