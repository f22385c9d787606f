import { describe, expect, test } from "vitest";

import { renderDoorLocations, renderProxyFiles } from "../../render/proxy-nginx";

const names = { node: "bbb-01", nodeHostname: "bbb-01.example.com", proxyHostname: "bbb.example.com" };

test("the proxy's files", async () => {
  const text = renderProxyFiles("bbb.example.com").map(({ path, content }) => [`# ${path}`, ...content].join("\n"));
  await expect(`${text.join("\n\n")}\n`).toMatchFileSnapshot("golden/proxy.nginx");
});

test.each(["2.7", "3.0"])("the locations of a door of %s", async (release) => {
  const text = renderDoorLocations(names, "10.0.1.11", release).join("\n");
  await expect(`${text}\n`).toMatchFileSnapshot(`golden/door-${release}.nginx`);
});

describe("a door", () => {
  const lines = renderDoorLocations(names, "10.0.1.11", "3.0");

  test("names one host and no pattern", () => {
    expect(lines.filter((line) => line.startsWith("location")).every((line) => !line.includes("~"))).toBe(true);
    const upstreams = lines.filter((line) => line.includes("proxy_pass"));
    expect(upstreams.every((line) => line.includes("https://10.0.1.11/"))).toBe(true);
  });

  test("relays the index and the feedback of the API and nothing else of it", () => {
    expect(lines.filter((line) => line.startsWith("location") && line.includes("bigbluebutton"))).toEqual([
      "location = /bbb-01/bigbluebutton/api {",
      "location = /bbb-01/bigbluebutton/api/feedback {",
    ]);
  });
});
