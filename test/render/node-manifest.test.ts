import { describe, expect, test } from "vitest";

import { renderNodeManifest } from "../../render/node-manifest";

const names = { node: "bbb-01", nodeHostname: "bbb-01.example.com", proxyHostname: "bbb.example.com" };

test.each(["2.4.9", "2.5.18", "2.6.18", "2.7.15", "3.0.4", "3.0.26", "3.0.30", "3.0.37", "4.0.0", "4.1.0"])(
  "what a node of release %s must be",
  async (release) => {
    const { profiles } = renderNodeManifest(names, release);
    expect(profiles).toHaveLength(1);
    await expect(`${JSON.stringify(profiles[0], null, 2)}\n`).toMatchFileSnapshot(`golden/node-${release}.json`);
  },
);

describe("the corrections to the source document", () => {
  const text = JSON.stringify(renderNodeManifest(names, "3.0"));

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
