import { afterAll, beforeAll, expect, test } from "vitest";

import { callUrl } from "../../../checks/bbb-api";
import { makeRoot, type Service, startService } from "./simulation";

let service: Service;
beforeAll(async () => {
  const root = makeRoot({ "/etc/bigbluebutton/bbb-web.properties": "securitySalt=top-secret\n" });
  service = await startService("bbb_webhooks", [], root, { SERVER_PORT: "0" });
});
afterAll(() => service.stop());

const ask = async (call: string, parameters: Record<string, string> = {}, secret = "top-secret") => {
  const answer = await fetch(callUrl({ api: `${service.url}/bigbluebutton/api`, secret }, `hooks/${call}`, parameters));
  return (await answer.text()).replace(/<\/?response>/g, "");
};
const failed = (key: string, message: string) =>
  `<returncode>FAILED</returncode><messageKey>${key}</messageKey><message>${message}</message>`;

/** Shapes and words are those of bigbluebutton/bbb-webhooks, src/out/webhooks/api/responses.js, and docs/development/webhooks.md. */
test("hooks are registered once for an address, listed for their meeting, and removed", async () => {
  expect(await ask("list")).toBe("<returncode>SUCCESS</returncode><hooks></hooks>");
  expect(await ask("create")).toBe(
    failed("missingParamCallbackURL", "You must specify a callbackURL in the parameters."),
  );
  expect(await ask("create", { callbackURL: "https://a.test/x", getRaw: "true" })).toBe(
    "<returncode>SUCCESS</returncode><hookID>1</hookID><permanentHook>false</permanentHook><rawData>true</rawData>",
  );
  expect(await ask("create", { callbackURL: "https://a.test/x" })).toBe(
    "<returncode>SUCCESS</returncode><hookID>1</hookID><messageKey>duplicateWarning</messageKey>" +
      "<message>There is already a hook for this callback URL.</message>",
  );
  await ask("create", { callbackURL: "https://a.test/y", meetingID: "abc" });
  expect(await ask("list", { meetingID: "other" })).toBe(
    "<returncode>SUCCESS</returncode><hooks><hook><hookID>1</hookID><callbackURL><![CDATA[https://a.test/x]]></callbackURL>" +
      "<permanentHook>false</permanentHook><rawData>true</rawData></hook></hooks>",
  );
  expect(await ask("list")).toContain("<meetingID><![CDATA[abc]]></meetingID>");
  expect(await ask("destroy")).toBe(failed("missingParamHookID", "You must specify a hookID in the parameters."));
  expect(await ask("destroy", { hookID: "1" })).toBe("<returncode>SUCCESS</returncode><removed>true</removed>");
  expect(await ask("destroy", { hookID: "1" })).toBe(failed("destroyMissingHook", "The hook informed was not found."));
});

test("a call without the server's secret is refused", async () => {
  expect(await ask("list", {}, "guess")).toBe(failed("checksumError", "You did not pass the checksum security check."));
});
