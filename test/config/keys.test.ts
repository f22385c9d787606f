import { describe, expect, test } from "vitest";

import { checkValues } from "../../config/check";
import { planCluster } from "../../plan/cluster";
import { configOf, goodValues, problemsOf, secretOfTests } from "../support/stack";

describe("a good configuration", () => {
  test("parses to numbers, booleans and defaults", () => {
    expect(checkValues("bbb", { ...goodValues(), nodes: "90", protect: "true" }).config).toMatchObject({
      nodes: 90,
      protect: true,
      release: "3.0",
      dns: "hetzner",
      nodeType: "ccx33",
    });
  });

  test.each(["3.0", "3.0.4", "3.0.28", "3.0.37"])("may name release %s", (release) => {
    expect(problemsOf({ release })).toEqual([]);
  });
});

test("a location outside of Europe has no cx types, the proxy's default among them", () => {
  expect(problemsOf({ location: "ash" })[0]).toMatch(/^proxyType must be a type that this location has/);
  expect(problemsOf({ location: "ash", proxyType: "cpx22" })).toEqual([]);
});

test("a repair may be noted for every machine that there can be, as `npm run drift` does", () => {
  const own = { loadBalancer: { kind: "bbblb" }, tenants: [{ name: "moodle", host: "moodle.example.com" }] };
  const config = configOf({ nodes: 90, proxies: 4, ...own });
  const { machines } = planCluster("bbb", config);
  const repair = Object.fromEntries(machines.map(({ name }) => [name, "again"]));
  expect(Object.keys(repair)).toHaveLength(95);
  expect(problemsOf({ repair })).toEqual([]);
  for (const stranger of ["bbb-proxy-01", "bbb-proxy-05", "bbb-91", "bbb-00"]) {
    expect(problemsOf({ repair: { [stranger]: "again" } })[0]).toContain(
      "must be named after a machine, bbb, bbb-proxy-02, bbb-proxy-03, bbb-proxy-04, bbb-lb or bbb-01 to bbb-90",
    );
  }
});

test.each(["bbb", "bbb-01", "bbb-lb", "bbb-proxy-01", "bbb-proxy-04"])("no tenant has the host of %s", (label) => {
  const tenants = [{ name: "moodle", host: `${label}.example.com` }];
  const problems = problemsOf({ loadBalancer: { kind: "bbblb" }, tenants });
  expect(problems[0]).toMatch(/^tenants\[0\]\.host must be a name that no machine of the cluster has/);
});

describe("a release without an image at Hetzner", () => {
  test("needs an image of the administrator's own", () => {
    expect(problemsOf({ release: "2.4" })[0]).toMatch(/^nodeImage must be set to an image of your own/);
    expect(problemsOf({ release: "2.4", nodeImage: "12345" })).toEqual([]);
  });

  test("takes it for one node, too, as `pulumi config set --path` writes it: a number", () => {
    const own = { release: "2.7", installer: { url: "https://example.org/0123abc/x.sh", sha256: "a".repeat(64) } };
    const nodeSettings = { "bbb-01": { ...own, image: 12345 } };
    const { config, problems } = checkValues("bbb", { ...goodValues(), nodeSettings });
    expect(problems).toEqual([]);
    expect(config?.nodeSettings["bbb-01"]?.image).toBe("12345");
  });
});

describe("a mistake is one line with key, expected, got and remedy", () => {
  test.each([
    ["nodes", "0", 'nodes must be an integer from 1 to 90, got "0"; run: pulumi config set nodes 3'],
    ["nodes", "91", 'nodes must be an integer from 1 to 90, got "91"; run: pulumi config set nodes 3'],
    ["nodes", "three", 'nodes must be an integer from 1 to 90, got "three"; run: pulumi config set nodes 3'],
    ["nodes", "2.5", 'nodes must be an integer from 1 to 90, got "2.5"; run: pulumi config set nodes 3'],
    [
      "domain",
      "Example_com",
      'domain must be a domain name in lower case such as example.com, got "Example_com"; run: pulumi config set domain example.com',
    ],
    [
      "domain",
      undefined,
      "domain must be a domain name in lower case such as example.com, got nothing; run: pulumi config set domain example.com",
    ],
    [
      "adminCidrs",
      ["203.0.113.7/33"],
      "adminCidrs[0] must be a network such as 198.51.100.0/24 or 2001:db8::/48, without host bits, got \"203.0.113.7/33\"; run: pulumi config set --path 'adminCidrs[0]' 203.0.113.7/32 # with your own address",
    ],
    ["zone", "example.org", 'zone must be the domain or a parent of it, got "example.org"; run: pulumi config rm zone'],
  ])("%s %s", (key, value, line) => {
    expect(problemsOf({ [key]: value })).toEqual([line]);
  });

  test.each([
    ["release", "2.3"],
    ["release", "3.0.27"],
    ["release", "9.9"],
    ["release", "3.0.0-alpha.1"],
    ["sshPublicKeys", ["ssh-ed25519"]],
    ["sshPublicKeys", ["-----BEGIN OPENSSH PRIVATE KEY-----"]],
    ["extraCaCertificates", ["not a certificate"]],
    ["acmeEmail", "nobody"],
    ["location", "mars"],
    ["dns", "route53"],
    ["protect", "yes"],
    ["clusterSecret", "short"],
    ["clusterSecret", undefined],
    ["installer", undefined],
    ["installer", { url: "https://example.com/x.sh", sha256: "abc" }],
    ["nodeSettings", { "bbb-1": { state: "absent" } }],
    ["nodeSettings", { "bbb-91": { state: "absent" } }],
    ["nodeSettings", { "school-01": { state: "absent" } }],
    ["repair", { "bbb-1": "again" }],
    ["nodeSettings", { "bbb-01": { state: "gone" } }],
    ["bbbWebProperties", { graphqlApiUrl: "https://example.com" }],
    ["bbbHtml5", { public: { app: { basename: "/x" } } }],
    ["bbbHtml5", { public: "nothing" }],
    ["bbbHtml5", { public: { app: { basename: { deeper: 1 } } } }],
    ["bbbHtml5", ["list"]],
    ["restart", "later"],
    ["drainTimeoutMinutes", "0"],
    ["drainTimeoutMinutes", "1441"],
    ["adminCidrs", ["2001:db8::/48"]],
    ["adminCidrs", []],
    ["adminCidrs", "0.0.0.0/0"],
  ])("%s %j", (key, value) => {
    const problems = problemsOf({ [key]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${key}.* must be .*, got .*; run: pulumi config (set|rm) `));
  });

  test("an unknown key is named with the known ones", () => {
    expect(problemsOf({ node: "3" })[0]).toMatch(
      /^node is not a known key; run: pulumi config rm node; known keys: .*nodes/,
    );
  });
});

test("own settings pass as they are", () => {
  const bbbHtml5 = { public: { app: { helpLink: "https://help.example.com", enableTalkingIndicator: false } } };
  const { config } = checkValues("bbb", {
    ...goodValues(),
    bbbHtml5,
    bbbWebProperties: { muteOnStart: true, "a.b": 3 },
  });
  expect(config).toMatchObject({ bbbHtml5, bbbWebProperties: { muteOnStart: "true", "a.b": "3" } });
});

test("five mistakes are five lines, whichever they are", () => {
  const mistakes = { nodes: "0", domain: "x", release: "1.0", adminCidrs: ["nonsense"], colour: "blue" };
  expect(problemsOf(mistakes)).toHaveLength(5);
});

test("a secret is never shown", () => {
  expect(problemsOf({ clusterSecret: "hunter2" }).join()).not.toContain("hunter2");
  expect(problemsOf({ nodes: "0" }).join()).not.toContain(secretOfTests);
});

test("the longest name of a machine is as long as DNS allows, whatever the cluster is called", () => {
  const domain = (length: number) => `${"a.".repeat((length - 1) / 2)}b`;
  for (const [cluster, longest] of [
    ["bbb", 240],
    ["school", 237],
  ] as const) {
    const values = (length: number) => ({ ...goodValues(), domain: domain(length) });
    const most = longest - ((longest + 1) % 2);
    expect(`${cluster}-proxy-01.${"x".repeat(longest)}`).toHaveLength(253);
    expect(checkValues(cluster, values(most)).problems).toEqual([]);
    const [problem] = checkValues(cluster, values(most + 2)).problems;
    expect(problem).toContain(`domain must be a domain name of at most ${longest} characters`);
  }
});
