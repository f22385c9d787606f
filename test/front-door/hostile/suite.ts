import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { type Arrival, CANARY, type Canaries } from "../rig/canaries";
import { ALIVE, converse } from "../rig/frames";
import { ADDRESS, isListening } from "../rig/nginx";
import { exchange, statusesOf } from "../rig/wire";
import { addresses } from "./addresses";
import { frames, takenBack } from "./frames";
import { type Hostile, TOKEN } from "./hostile";
import { refusedMethods, unheard, upgraded } from "./methods";
import { following, type Place } from "./place";
import { sizes } from "./sizes";
import { smuggling } from "./smuggling";
import { streams } from "./streams";

/** What is behind a server, and what is heard there of whoever asks: the server's own words, and of the client's a few. */
export interface Behind {
  canaries(): Canaries;
  ours(arrival: Arrival): Record<string, string>;
  /** Headers that may be the client's. */
  theirs: readonly string[];
}

/** Requests that nobody should send, to a place: what is answered, and what comes through. */
export function hostileRequests(place: Place, paths: Hostile[], behind: Behind): void {
  describe.each([
    { kind: "addresses", table: addresses(place) },
    { kind: "paths", table: paths },
    { kind: "smuggling", table: smuggling(place) },
    { kind: "methods", table: refusedMethods(place) },
    { kind: "what a client says", table: unheard(place) },
    { kind: "upgrades", table: upgraded(place) },
    { kind: "sizes", table: sizes(place) },
  ])("hostile requests: $kind", ({ table }) => {
    test.each(table)("$name", async ({ send, opening, law }) => {
      const result = await exchange(send + following(place), { servername: place.door, ...opening });
      const arrivals = behind.canaries().take();
      expect(arrivals.map(({ line }) => line)).toEqual(law.reaches);
      for (const arrival of arrivals) {
        expectOursAlone(arrival, behind);
        expect(arrival.body).toBe(law.body ?? "");
      }
      const [first, ...others] = statusesOf(result);
      if (law.statuses.length > 0) expect(law.statuses).toContain(first);
      else expect(first).toBeUndefined();
      // An unknown version or encoding is said so: nothing else goes wrong at the server itself.
      for (const status of others) expect(status).toBeLessThan(500);
      expectNothingSaid(place, result.bytes.toString("latin1"), law.reaches.length);
      // Whoever came by TLS is to come so again, whatever was answered.
      const { plain, servername = place.door } = opening ?? {};
      if (!plain && servername) expect(headsWithoutHsts(result.bytes)).toEqual([]);
    });
  });
}

/** The same over HTTP/2, frame by frame. */
export function hostileFrames(place: Place, behind: Behind): void {
  const broken = frames(place);
  const opening = { servername: place.door };
  describe("hostile frames of HTTP/2", () => {
    test.each([...streams(place), ...broken])("$name", async ({ frames: sent, answer, reaches, body = "" }) => {
      const heard = await converse(sent, answer === null ? 0 : 1, opening);
      const arrivals = behind.canaries().take();
      const [first] = heard.filter((word) => word !== ALIVE);
      if (answer === null) expect(first).toBeUndefined();
      else expect(answer.split(" or ")).toContain(first);
      // Who is not sent away is still heard.
      if (!heard.some((word) => word.startsWith("goaway"))) expect(heard).toContain(ALIVE);
      expect(arrivals.map(({ line }) => line)).toEqual(reaches);
      for (const arrival of arrivals) {
        const { "content-length": _, ...ours } = arrival.headers;
        expect(ours).toEqual(behind.ours(arrival));
        expect(arrival.body).toBe(body);
      }
    });
  });

  test("of a thousand requests that are taken back at once, as many come through as may be open", async () => {
    await converse(takenBack(place), 1000, opening);
    expect(behind.canaries().take().length).toBeLessThanOrEqual(256);
    expect(await converse(broken[0]?.frames ?? [], 1, opening)).toContain("200");
    behind.canaries().take();
  });
}

/** Of the two ports of the web and others, the two alone are open to the world. */
export async function expectWebAlone(others: number[]): Promise<void> {
  const open = await Promise.all(
    [80, 443, ...others].map(async (port) => ((await isListening(port, ADDRESS)) ? [port] : [])),
  );
  expect(open.flat()).toEqual([80, 443]);
}

/** What nginx has written down, when it has stopped, lets nobody in, and does not tell who asked. */
export function expectLogsTellNothing(): void {
  const folder = "/var/log/nginx";
  const logs = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "latin1"));
  expect(logs.join("").split("\n").length).toBeGreaterThan(300);
  for (const log of logs) {
    expect(log).not.toContain(TOKEN);
    expect(log).not.toContain("203.0.113.1,");
    expect(log).not.toContain("203.0.113.1 ");
  }
}

function expectOursAlone(arrival: Arrival, { ours, theirs }: Behind): void {
  const wanted = ours(arrival);
  const entries = Object.entries(arrival.headers);
  expect(Object.fromEntries(entries.filter(([name]) => name in wanted))).toEqual(wanted);
  const others = entries.map(([name]) => name).filter((name) => !(name in wanted));
  const withBody = ["content-length", "content-type"];
  expect([...theirs, ...(arrival.line.includes(" POST ") ? withBody : [])]).toEqual(expect.arrayContaining(others));
}

/** The heads of answers that lack what all have. */
function headsWithoutHsts(bytes: Buffer): string[] {
  const heads = bytes.toString("latin1").match(/^HTTP\/1\.1 (?!100)\d{3} [\s\S]*?\r\n\r\n/gm) ?? [];
  return heads.filter((head) => !/^strict-transport-security: max-age=31536000\r$/im.test(head));
}

/** Whatever is answered: no more of what is behind than was asked of it, no file, no version, no way to another place. */
function expectNothingSaid({ door }: Place, text: string, asked: number): void {
  expect(text.split(CANARY).length - 1).toBeLessThanOrEqual(asked);
  expect(text).not.toMatch(/root:x:|-----BEGIN|nginx\/\d|^x-(injected|accel)/im);
  for (const [, location = ""] of text.matchAll(/^location: (.*)\r$/gim)) {
    const own = `https://${door}`;
    expect(location.startsWith(own) ? location.slice(own.length) : location).toMatch(/^(\/(?!\/)|\?|$)/);
  }
}
