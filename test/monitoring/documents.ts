import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The folder that an administrator takes to a Prometheus. */
export const folder = join(__dirname, "..", "..", "monitoring");

/** The tests of the rules: those that look at minutes, and those that look at days. */
export const testFiles = ["alerts.test.yml", "alerts-days.test.yml"];

/** An alert, as `alerts.yml` has it. */
export interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}

/** A figure that is worked out of others and kept under a name. */
export interface Recording {
  record: string;
  expr: string;
}

/** A test of promtool's. */
export interface RuleTest {
  name: string;
  alert_rule_test: { eval_time: string; alertname: string; exp_alerts: object[] }[];
}

/** The text of a file of the folder. */
export function read(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

/** Every rule that records a figure. */
export function recordings(): Recording[] {
  return rules().filter((rule) => "record" in rule);
}

/** Every alert. */
export function alerts(): Alert[] {
  return rules().filter((rule) => "alert" in rule);
}

/** Every test of a rule. */
export function ruleTests(): RuleTest[] {
  return testFiles.flatMap((file) => (parse(read(file)) as { tests: RuleTest[] }).tests);
}

/** Every query of the dashboard, after the title of the panel that shows it. */
export function queries(): [panel: string, expr: string][] {
  const { panels } = JSON.parse(read("dashboard.json")) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }): [string, string] => [title, expr]));
}

function rules(): (Alert | Recording)[] {
  const { groups } = parse(read("alerts.yml")) as { groups: { rules: (Alert | Recording)[] }[] };
  return groups.flatMap((group) => group.rules);
}
