import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

import { alerts, queries, type RuleTest, read, recordings, ruleTests, testFiles } from "./documents";

const tests = ruleTests();
const names = alerts().map(({ alert }) => alert);
const samples = join(__dirname, "samples");
const told = readdirSync(samples)
  .map((file) => readFileSync(join(samples, file), "utf8"))
  .join("\n");

test.each(alerts())("$alert says how urgent it is, what is wrong where, and what to do first", (alert) => {
  expect(alert.alert).toMatch(/^Bbb[A-Z]/);
  expect(["page", "mail"]).toContain(alert.labels.severity);
  expect(Object.keys(alert.annotations)).toEqual(["summary", "description", "runbook"]);
  expect(Object.values(alert.annotations).join("")).not.toContain("\n");
});

test.each(names)("%s is tested: silent before its time, there at it, gone after", (name) => {
  expect(tests.filter((ruleTest) => comesAndGoes(ruleTest, name))).not.toEqual([]);
});

test("every alert is silent on a cluster that is well", () => {
  const well = tests.find(({ name }) => name === "a cluster that is well raises none");
  const silent = (name: string) =>
    well?.alert_rule_test.filter(({ alertname, exp_alerts }) => alertname === name && exp_alerts.length === 0).length;
  expect(names.filter((name) => silent(name) !== 2)).toEqual([]);
});

test.each(testFiles)("groups of rules are looked at in their own order: %s", (file) => {
  const { groups } = parse(read("alerts.yml")) as { groups: { name: string }[] };
  expect(parse(read(file)).group_eval_order).toEqual(groups.map(({ name }) => name));
});

test("no two rules have one name", () => {
  const all = [...names, ...recordings().map(({ record }) => record)];
  expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
});

test("rules and dashboard ask for nothing that no machine tells", () => {
  const rules = [...alerts(), ...recordings()].map(({ expr }) => expr);
  const asked = [...rules, ...queries().map(([, expr]) => expr)].flatMap(figures);
  const known = [...figures(told), ...recordings().map(({ record }) => record)];
  expect([...new Set(asked)].filter((name) => !known.includes(name))).toEqual([]);
});

test("what holds back an alert, and the alert, are both there", () => {
  const inhibitions: Record<string, string[]>[] = parse(read("alertmanager.yml")).inhibit_rules;
  const named = inhibitions.flatMap(
    (rule) =>
      Object.values(rule)
        .flat()
        .join(" ")
        .match(/Bbb\w+/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});

test("the README has a row for every alert, with what it tells to do, and for no other", () => {
  const rows = [...read("README.md").matchAll(/^\| (Bbb\w+) \| (page|mail) \| .+ \| `(.+)` \|$/gm)];
  const wanted = alerts().map(({ alert, labels, annotations: { runbook = "" } }) => [
    ...[alert, labels.severity],
    runbook.replaceAll("{{ $labels.machine }}", "MACHINE").replaceAll("{{ $labels.mountpoint }}", "FOLDER"),
  ]);
  expect(rows.map(([, ...cells]) => cells)).toEqual(wanted);
});

/** Whether a test sees an alert come and go. */
function comesAndGoes({ alert_rule_test: steps }: RuleTest, name: string): boolean {
  const seen = steps.filter(({ alertname }) => alertname === name).map(({ exp_alerts }) => exp_alerts.length > 0);
  const there = seen.indexOf(true);
  return there > 0 && !seen.slice(0, there).some(Boolean) && seen.at(-1) === false;
}

/** The names of the figures in a text, without their labels' names and values. */
function figures(text: string): string[] {
  const bare = text.replaceAll(/"[^"]*"/g, "");
  return bare.match(/\b(?:(?:bbb|node|nginx)_[A-Za-z0-9_]+|\w+:[\w:]+)/g) ?? [];
}
