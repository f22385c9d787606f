import { parse, stringify } from "yaml";

import { read } from "../documents";

/** A minute of the rules takes as long here: three seconds of a test are five minutes of a cluster. */
const MINUTE_MILLISECONDS = 600;
const minutes: Record<string, number> = { m: 1, h: 60, d: 24 * 60 };

/** The rules, with each `for` a hundredth of what it is. Expressions are as they are. */
export function hurriedRules(): string {
  const rules = parse(read("alerts.yml"));
  for (const { rules: group } of rules.groups) {
    for (const rule of group) if (rule.for) rule.for = hurried(rule.for);
  }
  return stringify(rules);
}

/** The configuration of Prometheus that asks and thinks every second. */
export function hurriedPrometheus(): string {
  const config = parse(read("prometheus.yml"));
  config.global = { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" };
  return stringify(config);
}

/** Alertmanager's, which does not gather for long, and sends by a server that wants neither TLS nor a password. */
export function hurriedAlertmanager(): string {
  const config = parse(read("alertmanager.yml"));
  const { smtp_smarthost, smtp_from } = config.global;
  config.global = { smtp_smarthost, smtp_from, smtp_require_tls: false };
  config.route = { ...config.route, group_wait: "100ms", group_interval: "300ms" };
  return stringify(config);
}

function hurried(duration: string): string {
  const [, count, unit = ""] = duration.match(/^(\d+)([mhd])$/) ?? [];
  return `${Number(count) * (minutes[unit] ?? Number.NaN) * MINUTE_MILLISECONDS}ms`;
}
