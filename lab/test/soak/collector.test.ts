import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { Collector } from "../../soak/collector";
import { requestLog, webLog } from "../../soak/logs";
import { began, ended, started } from "./evidence";

const machines = mkdtempSync(join(tmpdir(), "machines-"));
afterAll(() => rmSync(machines, { recursive: true }));

const fileOf = (id: number, log: string) => join(machines, String(id), "upper", log);

function machine(id: number, name: string, log: string): void {
  mkdirSync(dirname(fileOf(id, log)), { recursive: true });
  writeFileSync(join(machines, String(id), "name"), name);
}

const request = '198.51.100.0 [2026-11-26T12:00:03+00:00] "GET /bbb-01/html5client/" 200 2199 0.006 MISS\n';

test("logs are read as they grow, from their beginning after a rotation, and kept when their machine is deleted", () => {
  machine(1, "bbb-01", webLog);
  machine(2, "bbb", requestLog);
  machine(3, "bbb-lb", requestLog);
  const collector = new Collector(machines);
  const look = () => {
    collector.look();
    return collector.told().map(({ node, what }) => `${node} ${what}`);
  };
  expect(look()).toEqual([]);
  writeFileSync(fileOf(1, webLog), `${started(0)}\n${began(1, "physics")}\n`);
  expect(look()).toEqual(["bbb-01 started", "bbb-01 created"]);
  appendFileSync(fileOf(1, webLog), `${ended(2, "physics")}\n`);
  expect(look()).toEqual(["bbb-01 started", "bbb-01 created", "bbb-01 ended"]);
  rmSync(join(machines, "1"), { recursive: true });
  machine(4, "bbb-01", webLog);
  writeFileSync(fileOf(4, webLog), `${started(9)}\n`);
  const before = ["bbb-01 started", "bbb-01 created", "bbb-01 ended"];
  expect(look()).toEqual([...before, "bbb-01 started", "bbb-01 gone"]);
  expect(look()).toHaveLength(5);

  writeFileSync(fileOf(2, requestLog), request.repeat(3));
  writeFileSync(fileOf(3, requestLog), request.repeat(7));
  collector.look();
  writeFileSync(fileOf(2, requestLog), request);
  collector.end();
  // What the balancer served is nothing that the proxy did.
  expect(collector.served()).toHaveLength(4);
  expect([...collector.logs().keys()]).toEqual(["bbb-01-1.log", "bbb-2.log", "bbb-lb-3.log", "bbb-01-4.log"]);
});
