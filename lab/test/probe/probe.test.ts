import { expect, test } from "vitest";
import { withServer } from "../../../test/checks/support";
import { percentile } from "../../probe/percentile";
import { probe, renderProbe } from "../../probe/probe";

test("a percentile is one of the values, by nearest rank", () => {
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
  expect(percentile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(percentile([7], 0.5)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("the summary is one line, also when nothing succeeded", () => {
  expect(renderProbe({ milliseconds: [10.2, 30, 20], failed: 0, failedTwice: 0 })).toBe(
    "3 requests, 0 failed, p50 20 p99 30 ms",
  );
  expect(renderProbe({ milliseconds: [], failed: 2, failedTwice: 1 })).toBe(
    "2 requests, 2 failed (1 once more), p50 - p99 - ms",
  );
});

test("a probe uses a new connection for each request, reports each failure, and asks once more as a browser does", async () => {
  const ports = new Set<number | undefined>();
  const lines: string[] = [];
  const summary = await withServer(
    (request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(ports.size === 2 ? 502 : 200, { "content-type": "text/plain" }).end();
    },
    (origin) =>
      probe({ url: origin, rate: 100, seconds: 0.05 }, new AbortController().signal, (line) => lines.push(line)),
  );
  expect(summary.milliseconds).toHaveLength(4);
  expect(summary.failed).toBe(1);
  expect(summary.failedTwice).toBe(0);
  expect(ports.size).toBe(6);
  expect(lines[0]).toMatch(/^\S+Z request \d: 502 text\/plain, 0 bytes$/);
});

test("a probe that is stopped says what it found until then", async () => {
  const stop = new AbortController();
  const summary = await withServer(
    (_, response) => {
      response.end();
      stop.abort();
    },
    (origin) => probe({ url: origin, rate: 1, seconds: 60 }, stop.signal, () => {}),
  );
  expect(summary).toMatchObject({ failed: 0, milliseconds: [expect.any(Number)] });
});
