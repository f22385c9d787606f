import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { callUrl } from "../../../checks/bbb-api";
import { makeRoot, python, type Service, startService } from "./simulation";

const FRONT = "https://bbb.cluster.test";
const PROPERTIES = `bigbluebutton.web.serverURL=https://bbb-01.cluster.test
securitySalt=top-secret
supportedChecksumAlgorithms=sha256
defaultHTML5ClientUrl=${FRONT}/bbb-01/html5client/
graphqlWebsocketUrl=\${client.origin}/graphql
graphqlApiUrl=https://bbb-01.cluster.test/api/rest
presentationBaseURL=https://bbb-01.cluster.test/bigbluebutton/presentation
accessControlAllowOrigin=${FRONT}
audioBridge=livekit
sharedNotesEditor=etherpad
`;
const LIVEKIT = "livekit:\n  enabled: true\n  key: thekey\n  secret: thesecret\n";
const CORS = `-Dgrails.cors.enabled=true -Dgrails.cors.allowCredentials=true -Dgrails.cors.allowedOrigins=${FRONT},https://other.test`;

let service: Service;
let session: { token: string; cookie: string };

beforeAll(async () => {
  const root = makeRoot({
    "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties": PROPERTIES,
    "/etc/bigbluebutton/bigbluebutton-release": "BIGBLUEBUTTON_RELEASE=3.0.30\n",
    "/etc/bigbluebutton/bbb-webrtc-sfu/production.yml": LIVEKIT,
  });
  mkdirSync(join(root, "var/bigbluebutton/learning-dashboard"), { recursive: true });
  const options = ["-Dserver.address=127.0.0.1", "-Dserver.port=0", "-Xms384m", "-Xmx384m"];
  service = await startService("bbb_web", options, root, { JDK_JAVA_OPTIONS: CORS });
  const api = { api: `${service.url}/bigbluebutton/api`, secret: "top-secret" };
  await fetch(callUrl(api, "create", { meetingID: "abc", name: "Test" }));
  const join_ = await fetch(callUrl(api, "join", { meetingID: "abc", fullName: "Ann", role: "MODERATOR" }), {
    redirect: "manual",
  });
  const token = new URL(join_.headers.get("location") ?? "").searchParams.get("sessionToken") ?? "";
  session = { token, cookie: join_.headers.get("set-cookie")?.split(";")[0] ?? "" };
});
afterAll(() => service.stop());

const watch = async () => {
  const headers = { "X-Session-Token": session.token };
  const answer = await fetch(`${service.url}/internal/watch?after=0&seconds=0`, { headers });
  return ((await answer.json()) as { meeting: Record<string, never> }).meeting as unknown as {
    meetingId: string;
    livekitToken: string;
    users: string[];
    presentation: { uploadToken: string; presentationId: string; pages: string[] };
  };
};
const check = async (name: string, uri: string, headers: Record<string, string>) =>
  (await fetch(`${service.url}${name}`, { headers: { "X-Original-URI": uri, ...headers } })).status;

test("what is not set is looked for where the client's page comes from", async () => {
  const headers = { "Content-Type": "application/json" };
  const { response } = await (await fetch(`${service.url}/bigbluebutton/api`, { headers })).json();
  expect(response.graphqlWebsocketUrl).toBe("wss://bbb.cluster.test/graphql");
});

test("LiveKit's token is signed with LiveKit's own key, for the user's own room", async () => {
  const { livekitToken, meetingId } = await watch();
  const [head, body, signature] = livekitToken.split(".") as [string, string, string];
  expect(signature).toBe(createHmac("sha256", "thesecret").update(`${head}.${body}`).digest("base64url"));
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  expect(claims).toMatchObject({ iss: "thekey", name: "Ann", video: { roomJoin: true, room: meetingId } });
  expect(claims.exp).toBeGreaterThan(Date.now() / 1000 + 3600);
});

test.each([
  ["not installed", "livekit:\n  enabled: true\n"],
  ["installed and not switched on", "livekit:\n  key: thekey\n  secret: thesecret\n"],
])("there is no token where LiveKit is %s", (_, production) => {
  const root = makeRoot({ "/etc/bigbluebutton/bbb-webrtc-sfu/production.yml": production });
  const program = `
import os, sys
os.environ["BBB_ROOT"] = sys.argv[1]
from types import SimpleNamespace as Some
from bbb_web import livekit
print("null" if livekit.token(Some(internal_id="abc-1"), Some(user_id="w_1", name="Ann")) is None else '"a token"')
`;
  expect(python(program, root)).toBeNull();
});

test("STUN servers are for the session's own browser, and pages of an allowed origin may read them", async () => {
  const ask = (cookie: string, origin: string) =>
    fetch(`${service.url}/bigbluebutton/api/stuns?sessionToken=${session.token}`, {
      headers: { Cookie: cookie, Origin: origin },
    });
  const answer = await ask(session.cookie, FRONT);
  expect(answer.headers.get("access-control-allow-origin")).toBe(FRONT);
  expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
  expect(await answer.json()).toMatchObject({ stunServers: [{ url: "stun:bbb-01.cluster.test:3478" }] });
  expect((await ask("JSESSIONID=other", FRONT)).status).toBe(401);
  expect((await ask(session.cookie, "https://stranger.test")).status).toBe(403);
});

test("a slide is shown to a browser of somebody in its meeting, without a token in the address", async () => {
  const { meetingId } = await watch();
  const slide = (meeting: string) => `/bigbluebutton/presentation/${meeting}/${meeting}/a1-1/svg/1`;
  const ask = (uri: string, cookie: string) =>
    check("/bigbluebutton/connection/checkAuthorization", uri, { Cookie: cookie });
  expect(await ask(slide(meetingId), session.cookie)).toBe(200);
  expect(await ask(slide(meetingId), "JSESSIONID=other")).toBe(401);
  expect(await ask(slide("abc-1"), session.cookie)).toBe(401);
  expect(await ask("/pad/p/x", session.cookie)).toBe(401);
});

test("an upload needs the meeting's token, changes the presentation, and is read by accessControlAllowOrigin alone", async () => {
  const { presentation } = await watch();
  const path = (token: string) => `/bigbluebutton/presentation/${token}/upload`;
  expect(await check("/bigbluebutton/presentation/checkPresentation", path(presentation.uploadToken), {})).toBe(200);
  expect(await check("/bigbluebutton/presentation/checkPresentation", path("guess"), {})).toBe(401);
  const form = new FormData();
  form.append("fileUpload", new Blob(["hello"]), "hello.txt");
  const upload = (origin: string) =>
    fetch(`${service.url}${path(presentation.uploadToken)}`, {
      ...{ method: "POST", body: form, headers: { Origin: origin } },
    });
  const answer = await upload("https://other.test");
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, FRONT]);
  const changed = (await watch()).presentation;
  expect(changed.presentationId).not.toBe(presentation.presentationId);
  expect(changed.pages).toHaveLength(1);
  expect((await upload(FRONT)).status).toBe(400);
});

test("who has a websocket open is in the meeting, and who closes it is gone", async () => {
  const say = (what: string) =>
    fetch(`${service.url}/internal/${what}`, { headers: { "X-Session-Token": session.token } });
  await say("enter");
  expect((await watch()).users).toEqual(["Ann"]);
  await say("leave");
  expect((await watch()).users).toEqual([]);
});

test("TURN's password lasts as long as it says, and is made of the secret that coturn knows", () => {
  const program = `
import json
from bbb_web import stun
print(json.dumps(stun._turn("secret", "turn:x:3478", "60", "w_1")))
`;
  const turn = python(program) as { username: string; password: string; ttl: number };
  expect(turn.password).toBe(createHmac("sha1", "secret").update(turn.username).digest("base64"));
  expect(turn).toMatchObject({ url: "turn:x:3478", ttl: 60 });
});
