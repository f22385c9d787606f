import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { callUrl } from "../../../checks/bbb-api";
import { makeRoot, type Service, startService } from "./simulation";

/** Shapes and words are those of RecordingController and ApiController (bigbluebutton-web) and of docs/development/api.md. */
const PROPERTIES = `bigbluebutton.web.serverURL=https://bbb-01.cluster.test
securitySalt=top-secret
supportedChecksumAlgorithms=sha256
defaultHTML5ClientUrl=https://bbb.cluster.test/bbb-01/html5client/
presentationBaseURL=https://bbb-01.cluster.test/bigbluebutton/presentation
`;
// printf cs101 | sha1sum
const RECORD = "8e6f03ee060874b72f71d9a21b68295105df7e59-1530718721124";
const METADATA = `<recording><id>${RECORD}</id><state>published</state><published>true</published>
<start_time>1530718721124</start_time><end_time>1530718810456</end_time><participants>3</participants>
<meta><meetingId>cs101</meetingId><meetingName>Fred's Room</meetingName><isBreakout>false</isBreakout></meta>
<playback><format>presentation</format><link>https://bbb-01.cluster.test/playback/presentation/2.3/${RECORD}</link>
<processing_time>7177</processing_time><duration>89332</duration></playback></recording>
`;

let root: string;
let service: Service;
beforeAll(async () => {
  root = makeRoot({
    "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties": PROPERTIES,
    "/etc/bigbluebutton/bigbluebutton-release": "BIGBLUEBUTTON_RELEASE=3.0.30\n",
    [`/var/bigbluebutton/published/presentation/${RECORD}/metadata.xml`]: METADATA,
    "/var/bigbluebutton/learning-dashboard/x": "",
  });
  const options = ["-Dserver.address=127.0.0.1", "-Dserver.port=0", "-Xms384m", "-Xmx384m"];
  service = await startService("bbb_web", options, root);
});
afterAll(() => service.stop());

const ask = async (call: string, parameters: Record<string, string> = {}, init: RequestInit = {}) => {
  const api = { api: `${service.url}/bigbluebutton/api`, secret: "top-secret" };
  return await (await fetch(callUrl(api, call, parameters), init)).text();
};
const failed = (key: string, message: string) =>
  `<response><returncode>FAILED</returncode><messageKey>${key}</messageKey><message>${message}</message></response>`;

test("where there are no recordings the answer says so, and is a success", async () => {
  const none =
    "<response><returncode>SUCCESS</returncode><recordings/><messageKey>noRecordings</messageKey>" +
    "<message>There are no recordings for the meeting(s).</message></response>";
  expect(await ask("getRecordings", { meetingID: "other" })).toBe(none);
  expect(await ask("getRecordings", { state: "deleted" })).toBe(none);
});

test("a recording is told of with its playback, by its own id and by the meeting's", async () => {
  expect(await ask("getRecordings", { meetingID: "cs101,other" })).toBe(await ask("getRecordings"));
  expect(await ask("getRecordings", { recordID: RECORD })).toBe(
    `<response><returncode>SUCCESS</returncode><recordings><recording><recordID>${RECORD}</recordID>` +
      `<meetingID>cs101</meetingID><internalMeetingID>${RECORD}</internalMeetingID><name>Fred's Room</name>` +
      "<isBreakout>false</isBreakout><published>true</published><state>published</state>" +
      "<startTime>1530718721124</startTime><endTime>1530718810456</endTime><participants>3</participants>" +
      "<metadata><meetingId>cs101</meetingId><meetingName>Fred's Room</meetingName><isBreakout>false</isBreakout></metadata>" +
      "<playback><format><type>presentation</type>" +
      `<url>https://bbb-01.cluster.test/playback/presentation/2.3/${RECORD}</url>` +
      "<processingTime>7177</processingTime><length>1</length></format></playback></recording></recordings></response>",
  );
});

test.each(["publishRecordings", "deleteRecordings", "updateRecordings"])(
  "%s needs a record that exists",
  async (call) => {
    expect(await ask(call)).toBe(failed("missingParamRecordID", "You must specify a recordID."));
    expect(await ask(call, { recordID: "none-1", publish: "true" })).toBe(
      failed("notFound", "We could not find recordings"),
    );
  },
);

test("a recording is renamed, hidden and deleted, and stays on the disk", async () => {
  expect(await ask("publishRecordings", { recordID: RECORD })).toBe(
    failed("missingParamPublish", "You must specify a publish value true or false."),
  );
  expect(await ask("updateRecordings", { recordID: RECORD, meta_presenter: "Jane" })).toBe(
    "<response><returncode>SUCCESS</returncode><updated>true</updated></response>",
  );
  expect(await ask("publishRecordings", { recordID: RECORD, publish: "false" })).toBe(
    "<response><returncode>SUCCESS</returncode><published>false</published></response>",
  );
  const hidden = await ask("getRecordings", { recordID: RECORD });
  expect(hidden).toContain("<published>false</published><state>unpublished</state>");
  expect(hidden).toContain("<presenter>Jane</presenter>");
  expect(await ask("getRecordings", { recordID: RECORD, state: "published" })).toContain("noRecordings");
  expect(await ask("deleteRecordings", { recordID: RECORD })).toBe(
    "<response><returncode>SUCCESS</returncode><deleted>true</deleted></response>",
  );
  expect(existsSync(join(root, `var/bigbluebutton/deleted/presentation/${RECORD}/metadata.xml`))).toBe(true);
});

const xml = (documents: string) => ({
  method: "POST",
  headers: { "Content-Type": "application/xml" },
  body: `<modules><module name="presentation">${documents}</module></modules>`,
});
const slide = (text: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><text>${text}</text></svg>`).toString("base64");

test("documents come with create, and later by insertDocument, which only POST may call", async () => {
  const said = await ask("insertDocument", { meetingID: "slides" }, xml(""));
  expect(said).toBe(
    "<response><returncode>FAILED</returncode><message>Meeting with id [slides] not found.</message></response>",
  );
  await ask(
    "create",
    { meetingID: "slides", name: "Slides" },
    xml(`<document name="a.svg">${slide("first")}</document>`),
  );
  const shown = async () => {
    const join_ = await ask("join", { meetingID: "slides", fullName: "Ann", role: "VIEWER", redirect: "false" });
    const token = /<session_token>(.*)<\/session_token>/.exec(join_)?.[1] ?? "";
    const answer = await fetch(`${service.url}/internal/watch?after=0&seconds=0`, {
      headers: { "X-Session-Token": token },
    });
    const [page] = ((await answer.json()) as { meeting: { presentation: { pages: string[] } } }).meeting.presentation
      .pages;
    const path = new URL(page ?? "").pathname.replace("/bigbluebutton/presentation", "/var/bigbluebutton");
    return readFileSync(join(root, path.replace("/svg/", "/svgs/slide").concat(".svg")), "utf8");
  };
  expect(await shown()).toContain("first");
  const insert = (attributes: string, text: string) =>
    ask(
      "insertDocument",
      { meetingID: "slides" },
      xml(`<document ${attributes} name="b.svg">${slide(text)}</document>`),
    );
  const success =
    "<response><returncode>SUCCESS</returncode><message>Presentation is being uploaded</message></response>";
  expect(await insert("", "in the background")).toBe(success);
  expect(await shown()).toContain("first");
  expect(await insert('current="true"', "second")).toBe(success);
  expect(await shown()).toContain("second");
  const api = { api: `${service.url}/bigbluebutton/api`, secret: "top-secret" };
  expect((await fetch(callUrl(api, "insertDocument", { meetingID: "slides" }))).status).toBe(405);
});
