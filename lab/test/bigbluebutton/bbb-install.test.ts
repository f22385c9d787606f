import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { INSTALLER_LINES, installerPath, installerScript } from "../../bigbluebutton/installer";
import { labNamed } from "../../paths";
import { labValues, stackValues } from "../../stack/configuration";
import { makeRoot } from "./simulation";

let folder: string;
beforeAll(() => {
  folder = makeRoot(
    Object.fromEntries(INSTALLER_LINES.map((line) => [`/${installerPath(line)}`, installerScript(line)])),
  );
});

interface Refusal {
  status: number | null;
  complaint: string;
  usage: boolean;
}

/** Runs a line's script with options that it refuses, or that only show its help: nothing is installed. */
function install(line: string, options: string[], env: NodeJS.ProcessEnv = process.env): Refusal {
  const { status, stderr } = spawnSync("/bin/bash", [join(folder, installerPath(line)), ...options], {
    env,
    encoding: "utf8",
  });
  const complaint = stderr.split("\n").find((text) => text.startsWith("bbb-install: ")) ?? "";
  return { status, complaint: complaint.replace("bbb-install: ", ""), usage: stderr.includes("USAGE:") };
}

test("an unknown option, or one without its value, shows the usage and fails", () => {
  const refused = { status: 1, complaint: "Invalid option", usage: true };
  expect(install("3.0", ["-z"])).toEqual(refused);
  expect(install("3.0", ["-v"])).toEqual(refused);
});

test("help, and a command line without a version, show the usage and succeed", () => {
  const shown = { status: 0, complaint: "", usage: true };
  expect(install("3.0", ["-h"])).toEqual(shown);
  expect(install("3.0", ["-s", "bbb-01.cluster.test", "-e", "admin@cluster.test", "-w", "-j", "-i"])).toEqual(shown);
});

/** The words of check_version in bbb-install: v2.7.x-release@4f8ad4c426, v3.0.x-release@26ce2d16c2, the script of 4.0. */
test.each([
  ["2.7", ["jammy-300", "noble-400", "bionic-240", "focal-260"], "20.04 (focal)"],
  ["3.0", ["focal-270", "noble-400", "jammy-31", "xenial-220"], "22.04 (jammy)"],
  ["4.0", ["focal-270", "jammy-300", "jammy-300-3.0.30"], "24.04 (noble)"],
])(
  "the script of %s refuses %j, in the words of the real one, before anything is touched",
  (line, versions, ubuntu) => {
    for (const version of versions) {
      expect(install(line, ["-v", version])).toEqual({
        status: 1,
        complaint: `This script can only install BigBlueButton ${line} and is meant to be run on Ubuntu ${ubuntu} server.`,
        usage: false,
      });
    }
  },
);

test("the repository is asked for by wget, and without wget it is not found", () => {
  const bin = makeRoot({});
  const ask = (version: string) => install("3.0", ["-v", version, "-r", "nowhere.test"], { PATH: `${bin}:/nowhere` });
  for (const name of ["grep"]) writeProgram(join(bin, name), `exec /bin/${name} "$@"`);
  const missing = { status: 1, complaint: "Unable to locate packages for jammy-300 at nowhere.test.", usage: false };
  expect(ask("jammy-300")).toEqual(missing);
  writeProgram(join(bin, "wget"), `echo "$@" >${bin}/asked; exit 1`);
  expect(ask("jammy-300")).toEqual(missing);
  expect(readFileSync(join(bin, "asked"), "utf8")).toBe(
    "-qS --spider https://nowhere.test/jammy-300/dists/bigbluebutton-jammy/Release.gpg\n",
  );
});

test.each([
  [["-s", "bbb.example.com"], "You must specify a valid hostname (not the hostname given in the docs)."],
  [["-e", "info@example.com"], "You must specify a valid email address (not the email in the docs)."],
  [["-c", "turn.cluster.test"], "Option for coturn must be <hostname>:<secret>"],
  [["-t", "key"], "You must respect the format <key>:<secret> when specifying your LTI credentials."],
])("%j is refused with the reason", (options, complaint) => {
  expect(install("3.0", options)).toEqual({ status: 1, complaint, usage: false });
});

test("the lab's stack pins the installer of its release's line, and an image of one's own where Hetzner has none", () => {
  const lab = labNamed("test", makeRoot({}));
  for (const file of [`${lab.ssh.key}.pub`, lab.caCertificates]) {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, "");
  }
  const values = (release: string) =>
    labValues(
      lab,
      {
        name: "test",
        domain: "cluster.test",
        token: "",
        loadBalancerSecret: "",
        bases: { bookworm: "", trixie: "" },
        packages: [folder],
      },
      release,
    );
  expect(values("2.7")).toMatchObject({
    "installer.url": "https://packages.lab.test/v2.7.x-release/bbb-install.sh",
    "installer.sha256": createHash("sha256").update(installerScript("2.7")).digest("hex"),
    nodeImage: "290011422",
  });
  expect(values("3.0.30")).toMatchObject({
    "installer.url": "https://packages.lab.test/v3.0.x-release/bbb-install.sh",
  });
  expect(values("3.0.30")["nodeImage"]).toBeUndefined();
  expect(values("4.0.0-rc.5")["installer.url"]).toContain("/v4.0.x-release/");
  expect(() => values("2.6")).toThrow("the lab has no BigBlueButton 2.6: it has 2.7, 3.0, 4.0");
});

test("what a stack is set to is read from its file", () => {
  expect(stackValues("")).toEqual({});
  expect(stackValues('config:\n  bbb-cluster:release: "3.0"\n  hcloud:token:\n    secure: v1\n')["release"]).toBe(
    "3.0",
  );
});

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
