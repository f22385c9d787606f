import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { CLIENT } from "./hostile/hostile";
import { type Answer, ask } from "./rig/ask";
import { FrontDoor } from "./rig/front-door";

/** What is one visitor's, and what a node says that it should not. */
let door: FrontDoor;
let count = 0;
let asked: string[];

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2, listening: 1 });
  await door.start();
});

afterAll(() => door.stop());

beforeEach(() => {
  asked = [];
});

type Headers = Record<string, string | string[]>;

/** The node's answer from here on, for everything. */
function answerWith(headers: Headers, status = 200, body?: string): void {
  door.node.handler = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const all: Headers = { "content-type": "text/javascript", etag: '"one"', ...headers };
    response.writeHead(status, all).end(body ?? `for visitor ${asked.length} alone`);
  };
}

function fresh(kind: string): string {
  count += 1;
  return `${CLIENT}${kind === "a name with a hash" ? `x.${count.toString(16).padStart(16, "0")}.js` : `x${count}.js`}`;
}

async function visitors(path: string): Promise<[Answer, Answer]> {
  return [await ask(door, path), await ask(door, path)];
}

const everywhere: [what: string, headers: Headers, status?: number][] = [
  ["no-store", { "cache-control": "no-store" }],
  ["no-cache", { "cache-control": "no-cache" }],
  ["private", { "cache-control": "private, max-age=60" }],
  ["Private, in capitals", { "cache-control": "PRIVATE" }],
  ["no-store on its second line", { "cache-control": ["public, max-age=60", "no-store"] }],
  ["no-store, and X-Cache-Control: public", { "cache-control": "no-store", "x-cache-control": "public, max-age=60" }],
  ["no-store, and X-Accel-Expires", { "cache-control": "no-store", "x-accel-expires": "1000" }],
  ["a cookie", { "set-cookie": "session=secret" }],
  ["a cookie, and immutable", { "set-cookie": "a=b", "cache-control": "public, max-age=1000, immutable" }],
  ["Vary: *, and immutable", { vary: "*", "cache-control": "public, max-age=1000, immutable" }],
  ["private, and immutable", { "cache-control": "private, max-age=1000, immutable" }],
  ["a cookie, and public", { "set-cookie": "session=secret", "cache-control": "public, max-age=1000" }],
  ["Vary: *", { vary: "*" }],
  ["Vary: Cookie", { vary: "Cookie" }],
  ["Vary: Accept-Encoding, Cookie", { vary: "Accept-Encoding, Cookie" }],
  ["201", {}, 201],
  ["206", { "content-range": "bytes 0-18/19" }, 206],
  ["301", { location: "https://hostile.example/" }, 301],
  ["302", { location: "/hostile" }, 302],
  ["401", {}, 401],
  ["403", {}, 403],
  ["404", { "cache-control": "public, max-age=1000, immutable" }, 404],
  ["410", {}, 410],
  ["500", { "cache-control": "public, max-age=1000" }, 500],
];

const hashedOnly: [what: string, headers: Headers, status?: number][] = [
  ["text/html", { "content-type": "text/html" }],
  ["text/html; charset=utf-8", { "content-type": "text/html; charset=utf-8" }],
  ["Text/HTML, and public", { "content-type": "Text/HTML", "cache-control": "public, max-age=1000, immutable" }],
  ["max-age=0", { "cache-control": "max-age=0" }],
  ["s-maxage=0", { "cache-control": "public, s-maxage=0, max-age=1000" }],
  ["Expires in the past", { expires: "Thu, 01 Jan 1970 00:00:00 GMT" }],
  ["Expires: 0", { expires: "0" }],
];

describe.each([
  { kind: "a name with a hash", table: [...everywhere, ...hashedOnly] },
  { kind: "another name", table: everywhere },
])("under $kind nobody gets what was another's", ({ kind, table }) => {
  test.each(table)("%s", async (_, headers, status) => {
    answerWith(headers, status);
    const [first, second] = await visitors(fresh(kind));
    expect(first.status).toBe(status ?? 200);
    expect([`${first.body}`, `${second.body}`]).toEqual(["for visitor 1 alone", "for visitor 2 alone"]);
    expect(second.headers["cache-control"]).not.toMatch(/immutable/);
  });
});

test("a page that a node gives for a name with a hash is not to be kept by browsers, until the file is there", async () => {
  const path = fresh("a name with a hash");
  answerWith({ "content-type": "text/html" }, 200, "<html>the index");
  expect((await ask(door, path)).headers["cache-control"]).toBe("no-cache");
  answerWith({}, 200, "the file");
  const answer = await ask(door, path);
  expect(`${answer.body}`).toBe("the file");
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

describe("a node gives the proxy's nginx no orders", () => {
  const targets = [
    "/bigbluebutton/api/create",
    "/away.html",
    "/",
    "/etc/passwd",
    "@named",
    "http://127.0.0.1:8480/",
    `${CLIENT}other`,
  ];
  test.each(targets)("X-Accel-Redirect: %s", async (target) => {
    answerWith({ "x-accel-redirect": target });
    const path = fresh("another name");
    const answer = await ask(door, path);
    expect(asked).toEqual([`GET ${path}`]);
    expect(`${answer.body}`).toBe("for visitor 1 alone");
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("x-accel"))).toEqual([]);
  });

  test("X-Accel-Limit-Rate, -Buffering and -Charset", async () => {
    const body = "x".repeat(200_000);
    answerWith({ "x-accel-limit-rate": "1", "x-accel-buffering": "no", "x-accel-charset": "hostile" }, 200, body);
    const answer = await ask(door, fresh("another name"));
    expect(answer.body.length).toBe(body.length);
    expect(answer.headers["content-type"]).toBe("text/javascript");
  });

  test.each(["strict-transport-security", "x-content-type-options", "referrer-policy"])(
    "its %s is not heard",
    async (header) => {
      answerWith({ [header]: "hostile" });
      const path = fresh("a name with a hash");
      for (const answer of await visitors(path))
        expect(answer.headers[header]).toMatch(/^(max-age=31536000|nosniff|strict-origin)$/);
    },
  );
});

const includes =
  '<!--#echo var="bbb_node" --><!--# include virtual="/bbb-02/html5client/" --><!--#include file="/etc/passwd" -->';

test("what looks like an include in a node's page is passed on", async () => {
  answerWith({ "content-type": "text/html" }, 200, includes);
  expect(`${(await ask(door, fresh("another name"))).body}`).toBe(includes);
});

describe("the page for a node that is away has nothing of the request but the node's name", () => {
  test.each([
    ["/bbb-02/html5client/", "server bbb-02 does"],
    ["/bbb-02/html5client/?<!--#include file=/etc/passwd-->", "server bbb-02 does"],
    [`/bbb-02/html5client/${encodeURIComponent(includes)}`, "server bbb-02 does"],
    ["/bbb-02/html5client/%3Cscript%3Ehostile", "server bbb-02 does"],
    ["/%62bb-02/html5client/", "server  does"],
    ["//bbb-02/html5client/", "server  does"],
    ["/hostile/..//bbb-02/html5client/", "server hostile does"],
  ])("%s", async (path, name) => {
    const answer = await ask(door, path.replaceAll(" ", "%20"));
    expect(answer.status).toBe(502);
    expect(`${answer.body}`).toContain(name);
    expect(`${answer.body}`).not.toMatch(/<script|root:|#echo|#include|10\.0\.1|nginx/);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});
