import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const SCRIPT = join(__dirname, "../../bigbluebutton/bbb-install.sh");

/** Runs the script with options that it refuses, or that only show its help: nothing is installed. */
function install(...options: string[]): { status: number | null; complaint: string; usage: boolean } {
  const { status, stderr } = spawnSync("bash", [SCRIPT, ...options], { encoding: "utf8" });
  const complaint = stderr.split("\n").find((line) => line.startsWith("bbb-install: ")) ?? "";
  return { status, complaint: complaint.replace("bbb-install: ", ""), usage: stderr.includes("USAGE:") };
}

test("an unknown option, or one without its value, shows the usage and fails", () => {
  const refused = { status: 1, complaint: "Invalid option", usage: true };
  expect(install("-z")).toEqual(refused);
  expect(install("-v")).toEqual(refused);
});

test("help, and a command line without a version, show the usage and succeed", () => {
  const shown = { status: 0, complaint: "", usage: true };
  expect(install("-h")).toEqual(shown);
  expect(install("-s", "bbb-01.cluster.test", "-e", "admin@cluster.test", "-w", "-j")).toEqual(shown);
});

test("a version that no script knows is refused before anything is touched", () => {
  expect(install("-v", "xenial-220")).toEqual({
    status: 1,
    complaint: "This script cannot install xenial-220; it knows e.g. jammy-300 and jammy-300-3.0.30.",
    usage: false,
  });
});

test.each([
  [["-s", "bbb.example.com"], "You must specify a valid hostname (not the hostname given in the docs)."],
  [["-e", "info@example.com"], "You must specify a valid email address (not the email in the docs)."],
  [["-c", "turn.cluster.test"], "Option for coturn must be <hostname>:<secret>"],
  [["-t", "key"], "You must respect the format <key>:<secret> when specifying your LTI credentials."],
])("%j is refused with the reason", (options, complaint) => {
  expect(install(...options)).toEqual({ status: 1, complaint, usage: false });
});
