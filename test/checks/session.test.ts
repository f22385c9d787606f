import { createHash } from "node:crypto";
import { expect, test } from "vitest";

import { featuresOf } from "../../checks/release";
import { candidateAddresses } from "../../checks/session/media";
import { Page } from "../../checks/session/page";
import { Settings } from "../../checks/session/settings";
import { readFrame } from "../../checks/session/websocket";
import { withServer } from "./support";

const front = (cookies = new Map<string, string>()) =>
  new Page("https://bbb.cluster.test/bbb-01/html5client/", cookies);

test("a page may read what names its origin, and with cookies only what allows these as well", async () => {
  const allowed: Record<string, string>[] = [
    {},
    { "access-control-allow-origin": "*" },
    { "access-control-allow-origin": "https://bbb.cluster.test" },
    { "access-control-allow-origin": "https://bbb.cluster.test", "access-control-allow-credentials": "true" },
  ];
  const ask = (headers: Record<string, string>, credentials: boolean) =>
    withServer(
      (_, response) => response.writeHead(200, headers).end(),
      (origin) =>
        front()
          .fetch(origin, { credentials })
          .then(
            () => true,
            () => false,
          ),
    );
  expect(await Promise.all(allowed.map((headers) => ask(headers, false)))).toEqual([false, true, true, true]);
  expect(await Promise.all(allowed.map((headers) => ask(headers, true)))).toEqual([false, false, false, true]);
});

test("a header of its own makes a page ask first, and cookies go only where they are wanted", async () => {
  const seen: string[] = [];
  await withServer(
    ({ method, headers }, response) => {
      seen.push(`${method} ${headers.cookie ?? "-"} ${headers["access-control-request-headers"] ?? "-"}`);
      response.setHeader("access-control-allow-origin", "https://bbb.cluster.test");
      response.setHeader("access-control-allow-credentials", "true").end();
    },
    async (origin) => {
      const page = front(new Map([["127.0.0.1", "JSESSIONID=a"]]));
      await page.fetch(origin, { headers: { "X-Session-Token": "t" }, credentials: true });
      await page.fetch(origin);
    },
  );
  expect(seen).toEqual(["OPTIONS - x-session-token", "GET JSESSIONID=a -", "GET - -"]);
});

test("a relative address is one of the page's own origin, also for a websocket", () => {
  expect(front().resolve("/bbb-webrtc-sfu", "ws")).toBe("wss://bbb.cluster.test/bbb-webrtc-sfu");
  expect(front().resolve("https://bbb-01.cluster.test/pad")).toBe("https://bbb-01.cluster.test/pad");
});

test("a setting that is missing is named", () => {
  const settings = new Settings({ public: { app: { basename: "/a" } } });
  expect(settings.text("public.app.basename")).toBe("/a");
  expect(() => settings.text("public.media.livekit.url")).toThrow("public.media.livekit.url is missing");
});

test("frames of a websocket are read whole, of every length", () => {
  const frame = (length: number) => {
    const payload = createHash("sha512").update(String(length)).digest().subarray(0, Math.min(length, 64));
    const body = Buffer.concat([payload, Buffer.alloc(length - payload.length)]);
    if (length < 126) return { body, data: Buffer.concat([Buffer.from([0x81, length]), body]) };
    const head = length < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
    head[0] = 0x82;
    head[1] = length < 65536 ? 126 : 127;
    if (length < 65536) head.writeUInt16BE(length, 2);
    else head.writeBigUInt64BE(BigInt(length), 2);
    return { body, data: Buffer.concat([head, body]) };
  };
  for (const length of [0, 5, 125, 126, 65535, 65536, 70000]) {
    const { body, data } = frame(length);
    expect(readFrame(data.subarray(0, data.length - 1))).toBe(undefined);
    expect(readFrame(Buffer.concat([data, Buffer.from([0x89])]))).toMatchObject({ payload: body, length: data.length });
  }
});

test("LiveKit's addresses are found in its binary messages, without those over TCP", () => {
  const text = (protocol: string, address: string) =>
    `\u0001{"candidate":"candidate:12 1 ${protocol} 2130706431 ${address} 50123 typ host"}\u0000`;
  const message = Buffer.from(
    `${text("udp", "203.0.113.11")}${text("tcp", "203.0.113.12")}${text("UDP", "2001:db8::1")}`,
  );
  expect(candidateAddresses(message)).toEqual(["203.0.113.11", "2001:db8::1"]);
});

test("what a release has is known by its number, pre-releases counting as what they become", () => {
  const features = (release?: string) =>
    Object.entries(featuresOf(release))
      .filter(([, has]) => has)
      .map(([name]) => name);
  expect(features("2.7.15")).toEqual(["meteor", "sip", "etherpad"]);
  expect(features("3.0.4")).toEqual(["sip", "etherpad", "livekit", "livekitOptional"]);
  expect(features("3.0.30")).toContain("sip");
  expect(features("3.0.38")).not.toContain("sip");
  expect(features("4.0.0-rc.5")).not.toContain("etherpad");
  expect(features("4.0.0-rc.5")).toContain("etherpadOptional");
  expect(features("4.1.0-dev")).not.toContain("etherpadOptional");
});

test.each([
  ["3.0", "3.0.0"],
  ["3.0.0-beta.1", "3.0.0"],
  ["3.0.028", "3.0.28"],
  ["4.0.0-rc.5", "4.0.0"],
  ["4.0.0~rc5", "4.0.0"],
  ["4.0.0.beta2", "4.0"],
  ["4.1.0-dev", "4.1.0"],
])("%s has what %s has", (one, other) => {
  expect(featuresOf(one)).toEqual(featuresOf(other));
});

test("of a release that is not known only what all since 3.0 have is checked", () => {
  const { meteor, livekit, ...others } = featuresOf();
  expect([meteor, livekit]).toEqual([false, true]);
  expect(Object.values(others).every((has) => has === undefined)).toBe(true);
});
