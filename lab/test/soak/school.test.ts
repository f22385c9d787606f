import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";

import { Random } from "../../soak/random";
import { Frontend } from "../../soak/school/frontend";
import { Ledger, readLedger } from "../../soak/school/ledger";
import { attend } from "../../soak/school/person";

const folder = mkdtempSync(join(tmpdir(), "school-"));
let stop = () => {};
afterEach(() => stop());
afterAll(() => rmSync(folder, { recursive: true }));

const html = '<html><script src="main.js"></script><link href="style.css"></html>';
const success = "<response><returncode>SUCCESS</returncode><createTime>17</createTime></response>";

/** A balancer, proxy and node in one; `answers` says with which status a request is answered, by its path. */
async function cluster(answers: (path: string) => number) {
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://cluster");
    const call = pathname.split("/").at(-1) || pathname;
    asked.push(call === "join" ? `join ${searchParams.get("createTime")}` : call);
    if (answers(pathname) !== 200) response.writeHead(answers(pathname)).end();
    else if (call === "join") response.writeHead(302, { Location: "/bbb-01/html5client/?sessionToken=t" }).end();
    else response.end(call === "create" ? success : html);
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  stop = () => void server.close();
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { asked, frontend: new Frontend({ api: `http://127.0.0.1:${port}/bigbluebutton/api`, secret: "s" }) };
}

/** Somebody comes; the lesson is over with the first request to that path. */
async function visit(last: string, statusOf: (path: string) => number = () => 200) {
  const over = new AbortController();
  const { asked, frontend } = await cluster((path) => {
    if (path === last) over.abort();
    return statusOf(path);
  });
  const file = join(folder, `ledger-${last.split("/").at(-1)}`);
  const random = new Random("1");
  const lesson = { id: "room-1", record: false };
  const ledger = new Ledger(file);
  const attendance = {
    frontend,
    lesson,
    room: "room-1-bbblb-moodle",
    ledger,
    random,
    thoughtMilliseconds: 0,
    say: () => {},
  };
  await attend("ada", attendance, over.signal);
  const noted = readLedger(readFileSync(file, "utf8"));
  return { asked, noted: noted.map((each) => ("path" in each ? each.path : `${each.what} ${each.room}`)) };
}

test("who joins has the meeting created first, follows to the page, and asks for all that it needs; all of it is noted", async () => {
  const { asked, noted } = await visit("/bbb-01/html5client/style.css");
  expect(asked.slice(0, 3)).toEqual(["create", "join 17", "/bbb-01/html5client/"]);
  // The assets at the same time.
  expect(noted.toSorted()).toEqual([
    ...["", "main.js", "style.css"].map((name) => `/bbb-01/html5client/${name}`),
    "join room-1-bbblb-moodle",
  ]);
});

test("who does not get in tries once more, also when the lesson is over meanwhile", async () => {
  const { asked, noted } = await visit("/bigbluebutton/api/create", () => 502);
  expect(asked).toEqual(["create", "create"]);
  expect(noted).toEqual(["join room-1-bbblb-moodle", "join room-1-bbblb-moodle"]);
});
