import { describe, expect, test } from "vitest";

import { planCluster } from "../../../plan/cluster";
import { nodeFiles } from "../../../plan/node/files";
import { managedFiles, managedSettings } from "../../../plan/node/settings";
import type { MergedFile } from "../../../plan/requests";
import { configOf } from "../../support/stack";

const nodeOf = (changes: Record<string, unknown> = {}) => {
  const [node] = planCluster("bbb", configOf({ nodes: 1, ...changes })).nodes;
  if (node === undefined) throw new Error("there is no node");
  return node;
};
const files = nodeFiles({ node: "bbb-01", nodeHostname: "bbb-01.example.com", proxyHostname: "bbb.example.com" });

describe("the corrections to the source document", () => {
  const text = JSON.stringify(files);

  test("the client's address ends in a slash", () => {
    expect(text).toContain('"https://bbb.example.com/bbb-01/html5client/"');
  });

  test("the learning dashboard has its name of 3.0", () => {
    expect(text).toContain("https://bbb-01.example.com/learning-analytics-dashboard");
  });

  test("no origin carries its scheme twice", () => {
    expect(text).not.toContain("https://https://");
  });

  test("files that packages replace or own are left alone", () => {
    expect(text).not.toMatch(/"path":"(\/usr\/share|\/etc\/default)/);
    expect(text).not.toContain("override.conf");
  });
});

describe("a row", () => {
  test("is sent whatever release is installed: the host alone chooses", () => {
    const html5 = files.find(({ path }) => path.endsWith("/bbb-html5.yml")) as MergedFile;
    const keys = html5.settings.map(({ key }) => key);
    expect(keys).toContain("public.note.url");
    expect(keys).toContain("public.sharedNotes.serverHostname");
  });

  test("stands in a file that is described", () => {
    expect(managedSettings.filter(({ file }) => managedFiles[file] === undefined)).toEqual([]);
  });

  test("never begins after it ends", () => {
    const ranges = managedSettings.filter(({ since, before }) => since !== undefined && before !== undefined);
    expect(
      ranges.filter(({ since = "", before = "" }) => since.localeCompare(before, "en", { numeric: true }) >= 0),
    ).toEqual([]);
  });
});

describe("what the administrator decides", () => {
  test("a standalone node has nothing of ours, and no route", () => {
    const plan = planCluster("bbb", configOf({ nodes: 2, nodeSettings: { "bbb-01": { state: "standalone" } } }));
    expect(plan.nodes[0]?.request).toMatchObject({ node: null, proxyHostname: null, files: [] });
    expect(plan.routes.map(({ name }) => name)).toEqual(["bbb-02-route-on-bbb"]);
  });

  test("overrides go to the files of the cluster's settings", () => {
    const overrides = {
      bbbWebProperties: { muteOnStart: "true" },
      bbbHtml5: { public: { app: { helpLink: "https://help.example.com" } } },
    };
    expect(nodeOf(overrides).request).toMatchObject({
      node: "bbb-01",
      files: [
        { path: "/etc/bigbluebutton/bbb-web.properties", settings: [{ key: "muteOnStart", value: "true" }] },
        {
          path: "/etc/bigbluebutton/bbb-html5.yml",
          settings: [{ key: "public.app.helpLink", value: "https://help.example.com" }],
        },
      ],
    });
  });

  test("a repair reaches the machine that it names and no other", () => {
    const plan = planCluster("bbb", configOf({ repair: { "bbb-02": "again" } }));
    expect(plan.nodes.map(({ request }) => request.repair)).toEqual(["", "again"]);
    expect(plan.proxies[0]?.request.repair).toBe("");
  });

  test("a repair of the proxy puts its routes right, too", () => {
    const plan = planCluster("bbb", configOf({ repair: { bbb: "again" } }));
    expect([...plan.proxies, ...plan.routes].map(({ request }) => request.repair)).toEqual(["again", "again", "again"]);
  });
});
