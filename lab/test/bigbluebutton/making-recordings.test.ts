import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { callUrl } from "../../../checks/bbb-api";
import { RELEASES } from "../../bigbluebutton/releases";
import { makeRoot, packagedFile, pythonBelow, type Service, startService } from "./simulation";

/**
 * The oracle is BigBlueButton's own pipeline: bbb-web's flag, bbb-rap-starter, the queue in redis, and the flags of each
 * step (record-and-playback/core of bigbluebutton/bigbluebutton).
 */
const [release = expect.fail()] = RELEASES;
const scripts = "/usr/local/bigbluebutton/core/scripts/bigbluebutton.yml";
let root: string;
let service: Service;
beforeAll(async () => {
  root = makeRoot({
    "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties":
      "bigbluebutton.web.serverURL=https://bbb-01.cluster.test\nsecuritySalt=top-secret\n" +
      "supportedChecksumAlgorithms=sha256\ndefaultHTML5ClientUrl=https://bbb.cluster.test/bbb-01/html5client/\n" +
      "presentationBaseURL=https://bbb-01.cluster.test/bigbluebutton/presentation\n",
    "/etc/bigbluebutton/bigbluebutton-release": "BIGBLUEBUTTON_RELEASE=3.0.30\n",
    "/var/bigbluebutton/learning-dashboard/x": "",
    [scripts]: packagedFile(release, "bbb-config", scripts.slice(1)),
  });
  const options = ["-Dserver.address=127.0.0.1", "-Dserver.port=0", "-Xms384m", "-Xmx384m"];
  service = await startService("bbb_web", options, root);
});
afterAll(() => service.stop());

const ask = async (call: string, parameters: Record<string, string> = {}) => {
  const api = { api: `${service.url}/bigbluebutton/api`, secret: "top-secret" };
  return await (await fetch(callUrl(api, call, parameters))).text();
};
const create = async (meetingID: string, more: Record<string, string>) => {
  const answer = await ask("create", { meetingID, name: meetingID, ...more });
  return /<internalMeetingID>(.*)<\/internalMeetingID>/.exec(answer)?.[1] ?? expect.fail(answer);
};
/** Lets starter and worker do all that there is to do. */
const work = () => {
  const modules = "import json\nfrom bbb_record_core import starter, worker\n";
  pythonBelow(root, `${modules}starter.scan()\nworker.Worker().work()\nprint(json.dumps(None))`);
};
const flags = (step: string) => {
  const folder = join(root, "var/bigbluebutton/recording/status", step);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};
const redis = () => JSON.parse(readFileSync(join(root, "redis.json"), "utf8")) as Record<string, string[]>;

test("a recorded meeting that ends becomes a recording in every format, step by step", async () => {
  const id = await create("lecture", { record: "true", autoStartRecording: "true", "meta_bbblb-tenant": "moodle" });
  expect(redis()[`meeting:info:${id}`]).toContain("bbblb-tenant");
  expect(flags("recorded")).toEqual([]);
  await ask("end", { meetingID: "lecture" });
  expect(flags("recorded")).toEqual([`${id}.done`]);
  work();
  const formats = [`${id}-presentation.done`, `${id}-video.done`];
  expect(["recorded", "archived", "sanity", "processed", "published"].map(flags)).toEqual([
    ...[[], [`${id}.done`], [`${id}.done`], formats, formats],
  ]);
  expect(Object.keys(redis()).filter((key) => key.startsWith("meeting:"))).toEqual([]);
  const video = readFileSync(join(root, `var/bigbluebutton/published/video/${id}/video-0.webm`));
  expect(video.subarray(0, 4).toString("hex")).toBe("1a45dfa3");
  const told = await ask("getRecordings", { recordID: id });
  expect(told).toContain(`<url>https://127.0.0.1/playback/presentation/2.3/${id}</url>`);
  expect(told).toContain("<bbblb-tenant>moodle</bbblb-tenant>");
});

test("where nobody has pressed the button it ends with its archive", async () => {
  const id = await create("talk", { record: "true" });
  await ask("end", { meetingID: "talk" });
  work();
  expect(flags("archived")).toContain(`${id}.norecord`);
  expect(flags("published")).not.toContain(`${id}-video.done`);
});

test("a meeting that is not recorded leaves nothing, and one whose events are kept leaves those", async () => {
  const before = flags("archived");
  await create("chat", {});
  await ask("end", { meetingID: "chat" });
  const id = await create("exam", { meetingKeepEvents: "true" });
  await ask("end", { meetingID: "exam" });
  expect(flags("ended")).toEqual([`${id}.done`]);
  work();
  expect([flags("archived"), flags("ended")]).toEqual([before, []]);
  expect(existsSync(join(root, `var/bigbluebutton/events/${id}/events.xml`))).toBe(true);
});

test("a job that fails is noted for somebody to look at, and the next one is done", async () => {
  const [broken, fine] = [
    await create("broken", { record: "true", autoStartRecording: "true" }),
    await create("fine", { record: "true", autoStartRecording: "true" }),
  ];
  mkdirSync(join(root, "var/bigbluebutton/recording/process/video"), { recursive: true });
  writeFileSync(join(root, `var/bigbluebutton/recording/process/video/${broken}`), "in the way");
  for (const meetingID of ["broken", "fine"]) await ask("end", { meetingID });
  work();
  expect(redis()["resque:failed"]?.join()).toContain(broken);
  expect(flags("published")).not.toContain(`${broken}-video.done`);
  expect(flags("published")).toContain(`${fine}-video.done`);
});
