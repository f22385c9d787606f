import { describe, expect, test } from "vitest";

import { planCluster } from "../../plan/cluster";
import { routeFiles } from "../../plan/proxy/route";
import { configOf } from "../support/stack";

const planOf = (release: string) => planCluster("bbb", configOf({ release, nodes: 1, nodeImage: "12345678" }));
const names = { node: "bbb-01", nodeHostname: "bbb-01.example.com", nodeAddress: "10.0.1.11" };

test("the proxy's files", async () => {
  const files = planOf("3.0").proxies[0]?.request.files ?? [];
  const text = files.map(({ path, content }) => [`# ${path}`, ...(content as string[])].join("\n"));
  await expect(`${text.join("\n\n")}\n`).toMatchFileSnapshot("golden/proxy.nginx");
});

test("the proxy's own page says what it is and names no machine", () => {
  const files = planOf("3.0").proxies[0]?.request.files ?? [];
  const page = files.find(({ path }) => path.endsWith("/index.html"))?.content as string[];
  expect(page.join("\n")).toContain("BigBlueButton");
  expect(page.join("\n")).not.toMatch(/bbb-|example\.com|href|src=/);
});

test.each(["meteor", "static"] as const)("the files of a route to a node with a %s client", async (client) => {
  const { upstream, locations } = routeFiles(client, names);
  await expect(`${[...upstream, "", ...locations].join("\n")}\n`).toMatchFileSnapshot(`golden/route-${client}.nginx`);
});

describe("a route", () => {
  const { upstream, locations: lines } = routeFiles("static", names);
  const having = (text: string) => lines.map((line) => line.trim()).filter((line) => line.startsWith(text));

  test("names one host, which is the node by its private address, and leaves no choice of it", () => {
    expect(new Set(having("proxy_set_header Host"))).toEqual(new Set(["proxy_set_header Host bbb-01.example.com;"]));
    expect(upstream.slice(0, 2)).toEqual(["upstream bbb-01.example.com {", "    server 10.0.1.11:443;"]);
    expect(having("proxy_pass ").every((line) => /^proxy_pass http:\/\/bbb_nodes[$/]/.test(line))).toBe(true);
    expect(having("location").every((line) => line.includes("/bbb-01/"))).toBe(true);
  });

  test("relays the index and the feedback of the API and nothing else of it", () => {
    expect(lines.filter((line) => line.startsWith("location") && line.includes("bigbluebutton"))).toEqual([
      "location = /bbb-01/bigbluebutton/api {",
      "location = /bbb-01/bigbluebutton/api/feedback {",
    ]);
  });
});
