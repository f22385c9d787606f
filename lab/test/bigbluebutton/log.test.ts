import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type BbbApi, call } from "../../../checks/bbb-api";
import { makeRoot, type Service, startService } from "./simulation";

/** Codes and fields are those of MeetingService.java and ApiController (bigbluebutton-web). */
let root: string;
let service: Service;
beforeAll(async () => {
  root = makeRoot({
    "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties": `bigbluebutton.web.serverURL=https://bbb-01.cluster.test
securitySalt=top-secret
supportedChecksumAlgorithms=sha256
defaultHTML5ClientUrl=https://bbb.cluster.test/bbb-01/html5client/
presentationBaseURL=https://bbb-01.cluster.test/bigbluebutton/presentation
`,
    "/etc/bigbluebutton/bigbluebutton-release": "BIGBLUEBUTTON_RELEASE=3.0.30\n",
    "/var/bigbluebutton/learning-dashboard/x": "",
    "/var/log/bigbluebutton/bbb-web.log": "",
  });
  const options = ["-Dserver.address=127.0.0.1", "-Dserver.port=0", "-Xms384m", "-Xmx384m"];
  service = await startService("bbb_web", options, root);
});
afterAll(() => service.stop());

test("bbb-web's log tells when it started, which meetings began and ended, and who was let in, with no session in it", async () => {
  const node: BbbApi = { api: `${service.url}/bigbluebutton/api`, secret: "top-secret" };
  await call(node, "create", { meetingID: "physics", name: "Physics" });
  await call(node, "create", { meetingID: "physics", name: "Physics" });
  const joined = { meetingID: "physics", fullName: "Ada", role: "MODERATOR", redirect: "false" };
  const token = /<session_token>(.*)<\/session_token>/.exec(await call(node, "join", joined))?.[1] ?? "no token";
  await call(node, "end", { meetingID: "physics" });
  const log = readFileSync(join(root, "/var/log/bigbluebutton/bbb-web.log"), "utf8");
  const lines = log.trim().split("\n");
  expect(lines[0]).toMatch(
    /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO {2}o\.b\.BigBlueButtonApplication - Started Application$/,
  );
  const told = lines.slice(1).map((line) => JSON.parse(line.split(" --analytics-- data=")[1] ?? ""));
  expect(
    told.map(({ logCode, externalMeetingId, name, record }) => [logCode, externalMeetingId, name, record]),
  ).toEqual([
    ["create_meeting", "physics", "Physics", false],
    ["join_api", "physics", "Ada", undefined],
    ["meeting_ended", "physics", undefined, undefined],
  ]);
  expect(log).not.toContain(token);
});
