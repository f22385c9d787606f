import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeRoot, type Service, startService } from "./simulation";

const PACKAGED = `bigbluebutton.web.serverURL=http://127.0.0.1
securitySalt=packaged
supportedChecksumAlgorithms=sha1,sha256,sha384,sha512
allowRevealOfBBBVersion=false
defaultHTML5ClientUrl=\${bigbluebutton.web.serverURL}/html5client/
graphqlWebsocketUrl=\${bigbluebutton.web.serverURL}/graphql
graphqlApiUrl=\${bigbluebutton.web.serverURL}/api/rest
`;
const OVERRIDE = `bigbluebutton.web.serverURL=https://bbb-01.cluster.test
securitySalt=top-secret
defaultHTML5ClientUrl=https://bbb.cluster.test/bbb-01/html5client/
`;
const FILES = {
  "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties": PACKAGED,
  "/etc/bigbluebutton/bbb-web.properties": OVERRIDE,
  "/etc/bigbluebutton/bigbluebutton-release": "BIGBLUEBUTTON_RELEASE=3.0.30\n",
};
const OPTIONS = ["-Dserver.address=127.0.0.1", "-Dserver.port=0", "-Xms384m", "-Xmx384m"];
const CORS =
  "-Dgrails.cors.enabled=true -Dgrails.cors.allowCredentials=true -Dgrails.cors.allowedOrigins=https://bbb.cluster.test";

const MEETING = "name=Test&meetingID=abc&checksum=be45fb8d4b66981b42f11cd6f29bda2df92e643e";
const JOIN = "fullName=Ann&meetingID=abc&role=MODERATOR&checksum=1659cc339b7dd5cf5548710e34b4f9b6101064ee";
const RUNNING = "meetingID=abc&checksum=883da7f4ab6386fe66ded1b938574c95e8740cec";
const INFO = "meetingID=abc&checksum=69c2a405e0071896300ea6e80bc0c03ef5f82070";
const END = "meetingID=abc&checksum=59bc9c92926092153d1a92b7df784fe7c20f431b";
const ALL = "checksum=784149bacdeadffe7afe4ff55104a76871775517";

let service: Service;
beforeAll(async () => {
  service = await startService("bbb_web", OPTIONS, makeRoot(FILES), { JDK_JAVA_OPTIONS: CORS });
});
afterAll(() => service.stop());

const get = (path: string, init: RequestInit = {}) =>
  fetch(`${service.url}/bigbluebutton/${path}`, { redirect: "manual", ...init });
const text = async (path: string) => await (await get(path)).text();

describe("the index", () => {
  test("in JSON it names the websocket and the REST address of the override", async () => {
    const reply = await get("api", { headers: { "Content-Type": "application/json" } });
    expect(await reply.json()).toEqual({
      response: {
        returncode: "SUCCESS",
        version: "2.0",
        apiVersion: "2.0",
        bbbVersion: "",
        graphqlWebsocketUrl: "wss://bbb-01.cluster.test/graphql",
        graphqlApiUrl: "https://bbb-01.cluster.test/api/rest",
      },
    });
    expect(reply.headers.get("cache-control")).toBe("no-cache");
  });

  test("it is XML for everybody else", async () => {
    expect(await text("api")).toBe(
      "<response><returncode>SUCCESS</returncode><version>2.0</version><apiVersion>2.0</apiVersion><bbbVersion></bbbVersion>" +
        "<graphqlWebsocketUrl>wss://bbb-01.cluster.test/graphql</graphqlWebsocketUrl>" +
        "<graphqlApiUrl>https://bbb-01.cluster.test/api/rest</graphqlApiUrl></response>",
    );
  });
});

test("a call with a wrong checksum does nothing", async () => {
  expect(await text("api/getMeetings?checksum=0000000000000000000000000000000000000000")).toBe(
    "<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey><message>Checksums do not match</message></response>",
  );
});

test("a call that does not exist says so", async () => {
  expect(await text("api/conquerTheWorld")).toContain("<messageKey>unsupportedRequest</messageKey>");
});

test("a meeting is created, joined, counted and ended", async () => {
  expect(await text(`api/getMeetings?${ALL}`)).toContain("<meetings/><messageKey>noMeetings</messageKey>");
  expect(await text(`api/getMeetingInfo?${INFO}`)).toContain("<messageKey>notFound</messageKey>");

  expect(await text(`api/create?${MEETING}`)).toContain("<meetingID>abc</meetingID>");
  expect(await text(`api/create?${MEETING}`)).toContain("<messageKey>duplicateWarning</messageKey>");
  expect(await text(`api/isMeetingRunning?${RUNNING}`)).toContain("<running>false</running>");

  const join = await get(`api/join?${JOIN}`);
  expect(join.status).toBe(302);
  expect(join.headers.get("location")).toMatch(
    /^https:\/\/bbb\.cluster\.test\/bbb-01\/html5client\/\?sessionToken=[0-9a-f]{16}$/,
  );
  const token = new URL(join.headers.get("location") ?? "").searchParams.get("sessionToken") ?? "";
  // Nobody is there before the browser is.
  expect(await text(`api/isMeetingRunning?${RUNNING}`)).toContain("<running>false</running>");
  await fetch(`${service.url}/internal/enter`, { headers: { "X-Session-Token": token } });
  expect(await text(`api/isMeetingRunning?${RUNNING}`)).toContain("<running>true</running>");
  expect(await text(`api/getMeetings?${ALL}`)).toContain("<participantCount>1</participantCount>");

  expect(await text(`api/end?${END}`)).toContain("<messageKey>sentEndMeetingRequest</messageKey>");
  expect(await text(`api/getMeetings?${ALL}`)).toContain("noMeetings");
});

test("a meeting is found by its internal id, and by what that begins with", async () => {
  await text(`api/create?${MEETING}`);
  // SHA-1 of `abc`, and two digits of it, which are no meeting's own id.
  expect(
    await text(
      "api/getMeetingInfo?meetingID=a9993e364706816aba3e25717850c26c9cd0d89d&checksum=cfa309b71767588b31944a2d5a43d016742c8358",
    ),
  ).toContain("<meetingID>abc</meetingID>");
  expect(await text("api/end?meetingID=a9&checksum=2ac1a865563d832659a6decd781534dba6dd1462")).toContain(
    "sentEndMeetingRequest",
  );
  expect(await text(`api/getMeetings?${ALL}`)).toContain("noMeetings");
});

test("a session counts only together with the cookie that join gave", async () => {
  await get(`api/create?${MEETING}`);
  const join = await get(`api/join?${JOIN}`);
  const token = new URL(join.headers.get("location") ?? "").searchParams.get("sessionToken");
  const cookie = join.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^JSESSIONID=[0-9A-F]{32}; Path=\/; Secure; HttpOnly$/);

  const check = (headers: Record<string, string>) => get("connection/checkGraphqlAuthorization", { headers });
  const uri = { "X-Original-URI": `/api/rest/meetingStaticData?sessionToken=${token}` };
  expect((await check({ ...uri, Cookie: cookie.split(";")[0] ?? "" })).status).toBe(200);
  expect((await check(uri)).status).toBe(401);
  expect((await check({ ...uri, "X-Original-Method": "OPTIONS" })).status).toBe(200);
});

test("another origin may call with credentials only when the JVM's options allow it", async () => {
  const allowed = await get("api", { headers: { Origin: "https://bbb.cluster.test" } });
  expect(allowed.headers.get("access-control-allow-origin")).toBe("https://bbb.cluster.test");
  expect(allowed.headers.get("access-control-allow-credentials")).toBe("true");
  expect((await get("api", { headers: { Origin: "https://elsewhere.test" } })).status).toBe(403);
});

test("feedback is taken as JSON and by POST", async () => {
  const send = (body: string) => get("api/feedback", { method: "POST", body });
  expect((await send('{"rating": 5, "comment": "clear"}')).status).toBe(200);
  expect((await send("rating=5")).status).toBe(400);
});
