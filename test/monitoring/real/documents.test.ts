import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { folder, testFiles } from "../documents";
import { room } from "../rig/room";

const etc = join(room(), "etc-prometheus");

beforeAll(() => {
  mkdirSync(join(etc, "bbb"), { recursive: true });
  for (const file of ["prometheus.yml", "alertmanager.yml"]) cpSync(join(folder, file), join(etc, file));
  cpSync(join(folder, "alerts.yml"), join(etc, "bbb", "alerts.yml"));
  writeFileSync(join(etc, "bbb", "token"), "token\n");
  writeFileSync(join(etc, "bbb", "targets.json"), "[]\n");
  writeFileSync(join(etc, "smtp-password"), "password\n");
});

const say = (cwd: string, program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd, encoding: "utf8", stdio: "pipe" });

test("Prometheus takes its configuration and the rules as they are", () => {
  expect(say(etc, "promtool", "check", "config", "prometheus.yml")).toContain("valid prometheus config");
  expect(say(folder, "promtool", "check", "rules", "--lint=all", "--lint-fatal", "alerts.yml")).toContain("SUCCESS");
});

test.each([
  ["page", "page"],
  ["mail", "mail"],
])("Alertmanager takes its configuration, and sends `%s` to %s", (severity, receiver) => {
  expect(say(etc, "amtool", "check-config", "alertmanager.yml")).toContain("SUCCESS");
  const route = ["config", "routes", "test", "--config.file=alertmanager.yml"];
  expect(say(etc, "amtool", ...route, `severity=${severity}`, "cluster=prod")).toBe(`${receiver}\n`);
});

test.each(testFiles)("every alert comes and goes in its time: %s", (file) => {
  expect(say(folder, "promtool", "test", "rules", file)).toContain("SUCCESS");
});
