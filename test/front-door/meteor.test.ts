import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { API, CLIENT, FOLLOWING, type Hostile, type Law, message, reaches, refused } from "./hostile/hostile";
import { ask } from "./rig/ask";
import { Canaries } from "./rig/canaries";
import { FrontDoor } from "./rig/front-door";
import { exchange, statusesOf } from "./rig/wire";

/** Clients before 3.0 speak to the node through the proxy where a websocket is not to be had. */
let door: FrontDoor;
let canaries: Canaries;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2, release: "2.7" });
  canaries = new Canaries(door.nodes);
  await door.start();
});

afterAll(() => door.stop());

const SOCKJS = `${CLIENT}sockjs/`;
const FETCH = `${CLIENT}__meteor__/dynamic-import/fetch`;

const paths: [target: string, law: Law][] = [
  [`${SOCKJS}info?cb=x`, reaches(`${SOCKJS}info?cb=x`)],
  [`/pad/..//bbb-01/html5client/sockjs/x`, reaches(`${SOCKJS}x`)],
  [`/bigbluebutton/api/create/../../..${SOCKJS}x`, reaches(`${SOCKJS}x`)],
  [`${SOCKJS}%2e%2e/sockjs/x`, reaches(`${SOCKJS}x`)],
  [`${SOCKJS}..%2f..%2fx`, refused(404)],
  [`${SOCKJS}../../../bigbluebutton/api/create`, refused(404)],
  [`${SOCKJS}%252e%252e/x`, reaches(`${SOCKJS}%252e%252e/x`)],
  [`${SOCKJS}x%0d%0aX-Injected:%20hostile`, reaches(`${SOCKJS}x%0D%0AX-Injected:%20hostile`)],
  [`${SOCKJS}x%3fy?z`, reaches(`${SOCKJS}x%3Fy?z`)],
  [`${SOCKJS}..\\..\\x`, reaches(`${SOCKJS}..\\..\\x`)],
  [`//bbb-01/html5client/__meteor__/dynamic-import/%66etch`, reaches(FETCH)],
  [`${CLIENT}__meteor__//dynamic-import/./fetch`, reaches(FETCH)],
  [`${FETCH}/..%2f..`, reaches(`${CLIENT}__meteor__/`)],
  [`${FETCH}%0a`, reaches(`${FETCH}%0A`)],
  [API, refused(404)],
  [`${API}/feedback`, refused(404)],
  ["/bbb-01/sockjs/x", refused(404)],
  ["/sockjs/x", refused(404)],
];

const methods = "PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND MKCOL MOVE LOCK PURGE TRACK DEBUG".split(" ");

const HIDDEN = "GET /bigbluebutton/api/create HTTP/1.1\r\nHost: bbb-01.example.com\r\n\r\n";
const upgrades = ["h2c", "H2C", "TLS/1.0", "hostile", "websocket, h2c", "h2c, websocket", "websocketx", ""];
const unheard = [
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "Forwarded",
  "Cookie",
  "Authorization",
  "Origin",
  "Referer",
  "Sec-WebSocket-Protocol",
];

const table: Hostile[] = [
  ...paths.map(([target, law]) => ({ name: `GET ${target}`, send: message("GET", target), law })),
  ...[`${SOCKJS}x`, FETCH].flatMap((path) =>
    methods.map((method) => ({ name: `${method} ${path}`, send: message(method, path), law: refused(405) })),
  ),
  ...[`${SOCKJS}x`, FETCH].map((path) => ({
    name: `a request in a body for ${path}`,
    send: message("POST", path, [`Content-Length: ${HIDDEN.length}`], HIDDEN),
    law: reaches(path, "POST", HIDDEN),
  })),
  ...upgrades.map((protocol) => ({
    name: `an upgrade to ${JSON.stringify(protocol)}, and a request behind it`,
    send:
      message("GET", `${SOCKJS}x`, [
        "Connection: Upgrade, HTTP2-Settings",
        `Upgrade: ${protocol}`,
        "HTTP2-Settings: AAMAAABk",
      ]) + HIDDEN,
    law: reaches(`${SOCKJS}x`),
  })),
  ...unheard.map((header) => ({
    name: `${header}`,
    send: message("GET", `${SOCKJS}x`, [`${header}: hostile`, `Connection: ${header}, X-Forwarded-For`]),
    law: reaches(`${SOCKJS}x`),
  })),
];

const OURS = {
  host: "bbb-01.example.com",
  "accept-encoding": "identity",
  "x-forwarded-for": "203.0.113.1",
  "x-forwarded-proto": "https",
};

describe("hostile requests to Meteor's client", () => {
  test.each(table)("$name", async ({ send, law }) => {
    const result = await exchange(send + FOLLOWING);
    const arrivals = canaries.take();
    expect(arrivals.map(({ line }) => line)).toEqual(law.reaches);
    expect(law.statuses).toContain(statusesOf(result)[0]);
    for (const { headers, body } of arrivals) {
      const { "content-length": _, ...others } = headers;
      expect(others).toEqual(OURS);
      expect(body).toBe(law.body ?? "");
    }
  });

  test("a websocket that the node refuses stays a request, and what is sent behind it stays here", async () => {
    const lines = ["Connection: Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Version: 777", "Sec-WebSocket-Key: x"];
    const result = await exchange(message("GET", `${SOCKJS}x/websocket`, lines) + HIDDEN + FOLLOWING);
    const [arrival, ...others] = canaries.take();
    expect(others).toEqual([]);
    expect(arrival?.headers).toEqual({ ...OURS, connection: "upgrade", upgrade: "websocket" });
    expect(statusesOf(result)).toEqual([200, 421, 404]);
  });
});

test("an answer to one query is no answer to another, nor to none", async () => {
  for (const node of door.nodes) {
    node.handler = (request, response) => {
      response.writeHead(200, { "content-type": "application/json", etag: '"one"' }).end(`${request.url}`);
    };
  }
  for (const target of [
    `${CLIENT}locale?locale=de`,
    `${CLIENT}locale?locale=en`,
    `${CLIENT}locale`,
    `${CLIENT}locale?0`,
    `${CLIENT}locale`,
    `${CLIENT}fresh?0`,
    `${CLIENT}fresh`,
    `${CLIENT}locale?locale=de`,
  ]) {
    expect(`${(await ask(door, target)).body}`).toBe(target);
  }
});
