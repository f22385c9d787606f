import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { checkValues } from "../../config/check";
import { goodValues, problemsOf } from "../support/stack";
import { mistakes, rule, tenant } from "./mistakes";

const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE me";

test.each(mistakes)("the remedies for %j, applied, pass the check", (mistake) => {
  const values = { ...goodValues(), ...structuredClone(mistake) };
  const secrets = new Set<string>();
  const problems = checkValues("bbb", values, secrets).problems;
  expect(problems.length).toBeGreaterThan(0);
  applyRemedies(problems, values, secrets);
  expect(checkValues("bbb", values, secrets).problems).toEqual([]);
});

/** Right items of each list, and wrong ones; all of them differ. */
const lists = {
  sshPublicKeys: { right: [1, 2, 3].map((n) => `${sshKey}-${n}`), wrong: ["ssh-ed25519 AAAA", "ssh-dss B3 old", 7] },
  adminCidrs: { right: ["198.51.100.0/24", "192.0.2.0/24", "2001:db8::/48"], wrong: ["nonsense", 5, "10.0.0.0/99"] },
  nodeFiles: {
    right: [1, 2, 3].map((n) => ({ path: `/srv/${n}`, source: "package.json" })),
    wrong: [{ path: "/srv/4", source: "no/such/file" }, { path: "/run/5", source: "package.json" }, "/srv/6"],
  },
  extraRules: {
    right: [1, 2, 3].map((n) => ({ ...rule, why: `campus ${n}` })),
    wrong: [
      { to: "node", protocol: "icmp", port: "0", from: [], why: "" },
      { ...rule, from: ["198.51.100.1/24"], colour: "blue" },
      { ...rule, from: ["nonsense", "198.51.100.1/24"] },
    ],
  },
};

test("the remedies for any mixture of right and wrong items, applied in their order, take away what is wrong alone", () => {
  for (const [key, { right, wrong }] of Object.entries(lists)) {
    const mixture = fc
      .shuffledSubarray<unknown>([...right, ...wrong])
      .filter((items) => items.some((item) => wrong.includes(item as never)));
    fc.assert(
      fc.property(mixture, (items) => {
        const values: Record<string, unknown> = { ...goodValues(), [key]: structuredClone(items) };
        const secrets = new Set<string>();
        applyRemedies(checkValues("bbb", values, secrets).problems, values, secrets);
        expect(checkValues("bbb", values, secrets).problems).toEqual([]);
        // The first address is replaced where none would be left, or none of IPv4.
        const staying = right.filter((item) => items[0] !== item || key !== "adminCidrs");
        expect(values[key]).toEqual(expect.arrayContaining(staying.filter((item) => items.includes(item))));
      }),
    );
  }
});

test("a new cluster secret is only offered for a new stack", () => {
  expect(problemsOf({ clusterSecret: "short" })[0]).toContain("# on a new stack only");
});

test("what is marked as a secret is never shown", () => {
  const values = { ...goodValues(), bbbWebProperties: { securitySalt: "hunter2" } };
  const { problems } = checkValues("bbb", values, new Set(["bbbWebProperties"]));
  expect(problems.join()).not.toContain("hunter2");
});

describe("what is accepted", () => {
  test.each([
    [{ installer: { url: "https://packages.example.com/bbb-install.sh", sha256: "AB".repeat(32) } }],
    [{ extraCaCertificates: [`subject=CN = School CA\n${certificate}${certificate}`] }],
    [{ release: "4.0.0-rc.5" }],
    [{ release: "2.7", nodeImage: "12345678" }],
    [{ domain: `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example` }],
    [{ domain: "video.digital-learning.example-university.org" }],
    [{ adminCidrs: ["0.0.0.0/0", "2001:DB8::/48"] }],
    [{ bbbHtml5: { public: { app: { userSettingsStorage: "session" } } } }],
    [{ proxyType: "cax11" }],
    [{ extraRules: [rule, { ...rule, port: 9100 }, { ...rule, port: "10000-20000", from: ["2001:db8::/32"] }] }],
    [{ backup: { repository: "/srv/balancer-copies" }, loadBalancer: { kind: "bbblb" }, tenants: [tenant] }],
    [{ maintenance: { window: "23:30-00:00", timezone: "America/Argentina/Buenos_Aires" } }],
    [{ maintenance: { timezone: "UTC", securityUpdates: "false" } }],
    [{ maintenance: { timezone: "Etc/GMT+1" } }],
  ])("%j", (changes) => {
    expect(problemsOf(changes)).toEqual([]);
  });

  test("several certificates in one text are several certificates", () => {
    const { config } = checkValues("bbb", {
      ...goodValues(),
      extraCaCertificates: [`x\n${certificate}${certificate}`],
    });
    expect(config?.extraCaCertificates).toEqual([certificate, certificate]);
  });
});

/** Does what the problems say, from the first to the last. */
function applyRemedies(problems: string[], values: Record<string, unknown>, secrets: Set<string>): void {
  for (const problem of problems) {
    for (const command of problem.split("; run: ")[1]?.split("; known keys")[0]?.split(" && ") ?? [])
      apply(command, values, secrets);
  }
}

/** Carries `pulumi config set|rm [--secret] [--path] KEY VALUE` out on raw values, and on which of them are secrets. */
function apply(command: string, values: Record<string, unknown>, secrets: Set<string>): void {
  const words = (command.split(" #")[0] ?? "").match(/"\$\(.*\)"|\$\([^)]*\)|'[^']*'|\S+/g) ?? [];
  const [, , action, ...rest] = words.filter((word) => !["--secret", "--path", "--"].includes(word));
  const [key = "", value = ""] = rest.map((word) => word.replace(/^'|'$/g, ""));
  const path = key.match(/\["[^"]*"\]|\[\d+\]|[\w-]+/g)?.map((part) => part.replace(/^\["?|"?\]$/g, "")) ?? [];
  if (command.includes(" --secret ")) secrets.add(path[0] ?? "");
  let holder = values;
  for (const [index, part] of path.slice(0, -1).entries()) {
    holder[part] ??= /^\d+$/.test(path[index + 1] ?? "") ? [] : {};
    holder = holder[part] as Record<string, unknown>;
  }
  const last = path.at(-1) ?? "";
  if (action === "rm") {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
  } else {
    holder[last] = value.startsWith(`"$(pulumi config get`) ? holder[last] : commandOutput(value);
  }
}

/** What the shell would put in the place of a `$(…)`. */
function commandOutput(value: string): string {
  const outputs: [RegExp, string][] = [
    [/openssl rand -hex 32/, "0123456789abcdef".repeat(4)],
    [/sha256sum/, "0123456789abcdef".repeat(4)],
    [/cat ca\.pem/, certificate],
    [/cat ~\/\.ssh/, sshKey],
    [/date/, "now"],
  ];
  return value.includes("$(") ? (outputs.find(([sign]) => sign.test(value))?.[1] ?? value) : value;
}
