import { describe, expect, test } from "vitest";

import { type NodeChoices, renderNodeManifest } from "../../render/node-manifest";

const choices = (release: string): NodeChoices => ({
  release,
  standalone: false,
  restart: { when: "whenEmpty", timeoutMinutes: 60 },
  repair: "",
  own: { bbbWebProperties: {}, bbbHtml5: {} },
});
const names = { node: "bbb-01", nodeHostname: "bbb-01.example.com", proxyHostname: "bbb.example.com" };

test.each(["2.4.9", "2.5.18", "2.6.18", "2.7.15", "3.0.4", "3.0.26", "3.0.30", "3.0.37", "4.0.0", "4.1.0"])(
  "what a node of release %s must be",
  async (release) => {
    const { profiles } = renderNodeManifest(names, choices(release));
    expect(profiles).toHaveLength(1);
    await expect(`${JSON.stringify(profiles[0], null, 2)}\n`).toMatchFileSnapshot(`golden/node-${release}.json`);
  },
);

describe("the corrections to the source document", () => {
  const text = JSON.stringify(renderNodeManifest(names, choices("3.0")));

  test("the client's address ends in a slash", () => {
    expect(text).toContain("https://bbb.example.com/bbb-01/html5client/");
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

describe("what the administrator decides", () => {
  test("a standalone node has nothing of ours", () => {
    const { profiles } = renderNodeManifest(names, { ...choices("3.0"), standalone: true });
    expect(profiles.map(({ files }) => files)).toEqual([[], [], [], []]);
  });

  test("own settings join the cluster's in the same files", () => {
    const own = {
      bbbWebProperties: { muteOnStart: "true" },
      bbbHtml5: { public: { app: { helpLink: "https://help.example.com" } } },
    };
    const [profile] = renderNodeManifest(names, { ...choices("3.0.30"), own }).profiles;
    const sets = profile?.files.flatMap((file) => ("set" in file ? [file.set] : []));
    expect(sets?.[0]).toMatchObject({ muteOnStart: "true", graphqlApiUrl: "https://bbb-01.example.com/api/rest" });
    expect(sets?.[1]).toMatchObject({
      "public.app.helpLink": "https://help.example.com",
      "public.app.basename": "/bbb-01/html5client",
    });
  });
});
