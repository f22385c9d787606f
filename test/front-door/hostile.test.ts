import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { addresses } from "./hostile/addresses";
import { FOLLOWING, type Hostile, message, TOKEN } from "./hostile/hostile";
import { refusedMethods, unheard, upgraded } from "./hostile/methods";
import { paths } from "./hostile/paths";
import { sizes } from "./hostile/sizes";
import { smuggling } from "./hostile/smuggling";
import { type Arrival, CANARY, Canaries } from "./rig/canaries";
import { ADDRESS, FrontDoor } from "./rig/front-door";
import { exchange, statusesOf } from "./rig/wire";

let door: FrontDoor;
let canaries: Canaries;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2 });
  canaries = new Canaries(door);
  await door.start();
});

afterAll(() => door.stop());

describe.each([
  { kind: "addresses", table: addresses },
  { kind: "paths", table: paths },
  { kind: "smuggling", table: smuggling },
  { kind: "methods", table: refusedMethods },
  { kind: "what a client says", table: unheard },
  { kind: "upgrades", table: upgraded },
  { kind: "sizes", table: sizes },
])("hostile requests: $kind", ({ table }) => {
  test.each(table)("$name", async (hostile) => {
    const result = await exchange(hostile.send + FOLLOWING, hostile.opening);
    const arrivals = canaries.take();
    expect(arrivals.map(({ line }) => line)).toEqual(hostile.law.reaches);
    for (const arrival of arrivals) expectOursAlone(arrival, hostile);
    const [first, ...others] = statusesOf(result);
    if (hostile.law.statuses.length > 0) expect(hostile.law.statuses).toContain(first);
    else expect(first).toBeUndefined();
    // An unknown version or encoding is said so: nothing else goes wrong at the proxy itself.
    for (const status of others) expect(status).toBeLessThan(500);
    expectNothingSaid(result.bytes.toString("latin1"), hostile.law.reaches.length);
    // Whoever came by TLS, and not to another's name, is to come so again, whatever was answered.
    const { plain, servername = "bbb.example.com" } = hostile.opening ?? {};
    if (!plain && servername && !hostile.law.statuses.includes(421)) expect(headsWithoutHsts(result.bytes)).toEqual([]);
  });
});

/** A node hears what the proxy says, and of the client only what is named. */
function expectOursAlone({ line, headers, body }: Arrival, { law }: Hostile): void {
  const {
    host,
    "x-forwarded-for": from,
    "x-forwarded-proto": scheme,
    "accept-encoding": encoding,
    ...others
  } = headers;
  expect({ host, from, scheme, encoding }).toEqual({
    host: `${line.split(" ")[0]}.example.com`,
    from: "203.0.113.1",
    scheme: "https",
    encoding: "identity",
  });
  const feedback = line.includes(" POST ") ? ["content-length", "content-type"] : [];
  expect(feedback).toEqual(expect.arrayContaining(Object.keys(others)));
  expect(body).toBe(law.body ?? "");
}

/** The heads of answers that lack what all have. */
function headsWithoutHsts(bytes: Buffer): string[] {
  const heads = bytes.toString("latin1").match(/^HTTP\/1\.1 (?!421|100)\d{3} [\s\S]*?\r\n\r\n/gm) ?? [];
  return heads.filter((head) => !/^strict-transport-security: max-age=31536000\r$/im.test(head));
}

/** Whatever is answered: no more of a node than was asked of it, no file, no version, no way to another place. */
function expectNothingSaid(text: string, asked: number): void {
  expect(text.split(CANARY).length - 1).toBeLessThanOrEqual(asked);
  expect(text).not.toMatch(/root:x:|-----BEGIN|nginx\/\d|^x-(injected|accel)/im);
  for (const [, location = ""] of text.matchAll(/^location: (.*)\r$/gim)) {
    expect(location).toMatch(/^(https:\/\/bbb\.example\.com)?(\/(?!\/)|\?|$)/);
  }
}

test("only two ports are open to the world, and the way to the nodes is not one of them", async () => {
  const open = await Promise.all(
    [80, 443, 8480, 8080, 8443].map(async (port) => ((await answers(port)) ? [port] : [])),
  );
  expect(open.flat()).toEqual([80, 443]);
});

test("after all of it, the door opens as before, and a request is answered from each side of what was sent", async () => {
  const { bytes } = await exchange(message("GET", "/") + FOLLOWING);
  expect(statusesOf({ bytes })).toEqual([200, 404]);
  expect(canaries.take()).toEqual([]);
});

test("no log has anything of it that lets into a meeting, or tells who asked", async () => {
  await door.stop();
  const folder = "/var/log/nginx";
  const logs = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "latin1"));
  expect(logs.join("").split("\n").length).toBeGreaterThan(300);
  for (const log of logs) {
    expect(log).not.toContain(TOKEN);
    expect(log).not.toContain("203.0.113.1,");
    expect(log).not.toContain("203.0.113.1 ");
  }
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, ADDRESS);
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
