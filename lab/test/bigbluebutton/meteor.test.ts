import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { makeRoot, PACKAGES, type Service, startService } from "./simulation";

const BUNDLE = "/usr/share/meteor/bundle";
const PYTHONPATH = [
  join(PACKAGES, "../variants/meteor/bbb-html5", BUNDLE),
  join(PACKAGES, "bbb-config/usr/lib/python3/dist-packages"),
].join(":");
const FILES = {
  [`${BUNDLE}/programs/server/assets/app/config/settings.yml`]:
    "public:\n  app:\n    basename: /html5client\n    x: 1\n",
  [`${BUNDLE}/programs/server/assets/app/main.html`]:
    '<link href="@PREFIX@/a.css"><script>x("@RUNTIME_CONFIG@")</script>',
  [`${BUNDLE}/programs/server/assets/app/guest-wait.html`]: "the lobby",
  [`${BUNDLE}/programs/web.browser/app/locales/de.json`]: "{}",
  "/etc/bigbluebutton/bbb-html5.yml": "public:\n  app:\n    basename: /bbb-01/html5client\n",
};
const ENVIRONMENT = {
  PYTHONPATH,
  PORT: "0",
  ROOT_URL: "https://127.0.0.1/bbb-01/html5client",
  DDP_DEFAULT_CONNECTION_URL: "https://bbb-01.cluster.test/bbb-01/html5client",
};

let service: Service;
beforeAll(async () => {
  service = await startService("bbb_html5", ["frontend"], makeRoot(FILES), ENVIRONMENT);
});
afterAll(() => service.stop());

const get = async (path: string) => {
  const answer = await fetch(`${service.url}${path}`);
  return [answer.status, await answer.text()] as const;
};

test("the page below ROOT_URL's path says where the websocket is, and carries the merged settings", async () => {
  const [status, html] = await get("/bbb-01/html5client/join?sessionToken=a");
  expect(status).toBe(200);
  expect(html).toContain('href="/bbb-01/html5client/a.css"');
  const config = JSON.parse(decodeURIComponent(/x\("(.*)"\)/.exec(html)?.[1] ?? ""));
  expect(config).toEqual({
    ROOT_URL: ENVIRONMENT.ROOT_URL,
    ROOT_URL_PATH_PREFIX: "/bbb-01/html5client",
    DDP_DEFAULT_CONNECTION_URL: ENVIRONMENT.DDP_DEFAULT_CONNECTION_URL,
    PUBLIC_SETTINGS: { app: { basename: "/bbb-01/html5client", x: 1 } },
  });
});

test("what is not below ROOT_URL's path does not exist, and neither do files", async () => {
  expect((await get("/html5client/join"))[0]).toBe(404);
  expect((await get("/bbb-01/html5clients/join"))[0]).toBe(404);
  expect((await get("/bbb-01/html5client/fonts/a.woff2"))[0]).toBe(404);
});

test("the lobby has a page, and its language is one that there is", async () => {
  expect(await get("/bbb-01/html5client/guestWait")).toEqual([200, "the lobby"]);
  const locale = async (wanted: string) =>
    JSON.parse((await get(`/bbb-01/html5client/locale?locale=${wanted}`))[1]).normalizedLocale;
  expect([await locale("de-AT"), await locale("xx"), await locale("../../x")]).toEqual(["de", "en", "en"]);
});
