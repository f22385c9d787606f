import { beforeAll, expect, test } from "vitest";

import { releaseLines } from "../../plan/releases";
import { type Graph, runProgram } from "../support/graph";

/**
 * Every kind of request that the program sends, as the host programs get it on stdin; host/test reads the same files
 * with the real parsers. The first word of a file's name is the host command.
 */
const image = { nodes: "1", nodeImage: "12345678" };
const everything = {
  ...image,
  dns: "external",
  acmeDirectory: "https://acme.example.com/directory",
  extraCaCertificates: ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
  installer: {
    url: "https://packages.example.com/bbb-install.sh",
    sha256: "0a".repeat(32),
    repository: "packages.example.com",
  },
  bbbWebProperties: { muteOnStart: true, defaultWelcomeMessage: "Grüß Gott = 1\\2" },
  bbbHtml5: { public: { app: { helpLink: "https://help.example.com", bbbTabletApp: { enabled: false } } } },
  restart: "now",
  drainTimeoutMinutes: "5",
  maintenance: { window: "23:00-01:30", timezone: "America/New_York" },
  repair: { bbb: "again", "bbb-01": "again" },
  release: "3.0.30",
  sshPublicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE admin@example.com"],
  adminCidrs: ["203.0.113.7/32", "2001:db8:a::/48"],
  nodeFiles: [
    { path: "/var/www/bigbluebutton-default/assets/default.pdf", source: "test/support/files/default.pdf" },
    {
      path: "/etc/bigbluebutton/turn-stun-servers.xml",
      source: "test/support/files/default.pdf",
      mode: "0640",
      restart: ["bbb-web"],
    },
  ],
  nodeHook: "test/support/files/node-hook.sh",
  extraRules: [{ to: "all", protocol: "tcp", port: 9100, from: ["198.51.100.0/24", "10.0.1.9/32"], why: "monitoring" }],
};

const three = { ...image, proxies: "3" };

const secret = {
  ...image,
  bbbWebProperties: { someSharedSecret: "TOP-SECRET-VALUE" },
  bbbHtml5: { private: { hook: { keys: ["TOP-SECRET-VALUE", 123456] } } },
};

const balanced = {
  ...image,
  nodes: "3",
  loadBalancer: { kind: "scalelite", url: "https://lb.example.com" },
  loadBalancerSecret: "TOP-SECRET-VALUE",
  nodeSettings: { "bbb-01": { state: "draining" }, "bbb-03": { state: "abandoned" } },
};

const bbblb = {
  ...image,
  nodes: "3",
  loadBalancer: { kind: "bbblb" },
  tenants: [
    { name: "moodle", host: "moodle.example.com" },
    { name: "greenlight", host: "rooms.example.com", secretVersion: 2 },
  ],
  nodeSettings: { "bbb-03": { state: "abandoned" } },
};

const backedUp = { ...bbblb, backup: { repository: "sftp://u123@u123.your-storagebox.de:23/bbb" } };
const backedUpInS3 = {
  ...bbblb,
  backup: { repository: "s3:https://fsn1.example.com/bbb", keepDaily: "30", keepWeekly: "0" },
  backupAccess: "EXAMPLEID:TOP-SECRET-VALUE",
};

const cases: [name: string, resource: string, overrides: Record<string, unknown>][] = [
  ["configure-proxy", "bbb-configured", image],
  ["configure-proxy.everything", "bbb-configured", everything],
  ["configure-proxy.three", "bbb-proxy-02-configured", three],
  ["prove-front-door", "bbb-front-door-proved", three],
  ...releaseLines.map(({ line }): (typeof cases)[number] => [
    `configure-node.${line}`,
    "bbb-01-configured",
    { ...image, release: line },
  ]),
  ["configure-node.everything", "bbb-01-configured", everything],
  ["configure-node.standalone", "bbb-01-configured", { ...image, nodeSettings: { "bbb-01": { state: "standalone" } } }],
  ["keep-secrets", "bbb-01-secrets", secret],
  ["enter-service", "bbb-01-in-service", image],
  ["enter-service.draining", "bbb-01-in-service", { ...image, nodeSettings: { "bbb-01": { state: "draining" } } }],
  ["enter-service.bbblb", "bbb-01-in-service", bbblb],
  ["keep-balancer", "bbb-load-balancer", image],
  ["keep-balancer.scalelite", "bbb-load-balancer", balanced],
  ["keep-balancer.bbblb", "bbb-load-balancer", bbblb],
  ["keep-balancer-secrets", "bbb-lb-secrets", bbblb],
  ["configure-balancer", "bbb-lb-configured", bbblb],
  ["keep-backup.none", "bbb-lb-backup", bbblb],
  ["keep-backup", "bbb-lb-backup", backedUp],
  ["keep-backup.s3", "bbb-lb-backup", backedUpInS3],
  ["join-balancer", "bbb-01-membership", balanced],
  ["add-route.2.7", "bbb-01-route-on-bbb", { ...image, release: "2.7" }],
  ["add-route.3.0", "bbb-01-route-on-bbb", image],
  ["add-route.everything", "bbb-01-route-on-bbb", everything],
];

const secretsOf = new Map<object, string[]>([
  [secret, ["bbbWebProperties", "bbbHtml5"]],
  [balanced, ["loadBalancerSecret"]],
  [backedUpInS3, ["backupAccess"]],
]);

let graphs: Map<string, Graph>;

beforeAll(async () => {
  graphs = new Map();
  for (const [, , overrides] of cases) {
    const key = JSON.stringify(overrides);
    const secrets = secretsOf.get(overrides) ?? [];
    if (!graphs.has(key)) graphs.set(key, await runProgram(overrides, { secrets }));
  }
}, 60_000);

test.each(cases)("%s is what host/test reads", async (name, resource, overrides) => {
  const graph = graphs.get(JSON.stringify(overrides)) as Graph;
  const { inputs } = graph.of(resource);
  expect(String(inputs["create"])).toMatch(new RegExp(` ${name.split(".")[0]}$`));
  await expect(`${plain(inputs["stdin"])}\n`).toMatchFileSnapshot(`${name}.json`);
});

/** What the host gets, secret or not. */
function plain(stdin: unknown): unknown {
  return typeof stdin === "object" ? (stdin as { secret: unknown }).secret : stdin;
}

test("every host command that the program calls has such a request", () => {
  const called = [...graphs.values()]
    .flatMap((graph) => graph.ofType("command:remote:Command"))
    .map(({ inputs }) => /bbb_cluster ([a-z-]+)$/.exec(String(inputs["create"]))?.[1])
    .filter((command) => command !== undefined);
  expect([...new Set(called)].sort()).toEqual([...new Set(cases.map(([name]) => name.split(".")[0]))].sort());
});
