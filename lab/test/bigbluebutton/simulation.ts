import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

import type { Release } from "../../bigbluebutton/releases";

export const PACKAGES = join(__dirname, "../../bigbluebutton/packages");

const SHARED = join(PACKAGES, "bbb-config/usr/lib/python3/dist-packages");
const WEB = join(PACKAGES, "bbb-web/usr/share/bbb-web");
const MIDDLEWARE = join(PACKAGES, "bbb-graphql-middleware/usr/share/bbb-graphql-middleware");
const GRAPHQL = join(PACKAGES, "bbb-graphql-server/usr/share/bbb-graphql-server");
const WEBHOOKS = join(PACKAGES, "bbb-webhooks/usr/local/bigbluebutton/bbb-webhooks");
const RECORD = join(PACKAGES, "bbb-record-core/usr/local/bigbluebutton/core");
const AKKA = join(PACKAGES, "bbb-apps-akka/usr/share/bbb-apps-akka");
const ENVIRONMENT = {
  // Before redis's own command line, which may not be there: a small one that keeps what it is told in a file.
  PATH: `${join(__dirname, "redis")}:${process.env["PATH"]}`,
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONPATH: [
    SHARED,
    WEB,
    WEBHOOKS,
    MIDDLEWARE,
    GRAPHQL,
    AKKA,
    RECORD,
    join(PACKAGES, "bbb-config/usr/share/bigbluebutton"),
  ].join(":"),
};

/** Runs a Python program that prints JSON and returns what it printed; `arguments_` become sys.argv[1:]. */
export function python(program: string, ...arguments_: string[]): unknown {
  return pythonBelow("", program, ...arguments_);
}

/** The same below `root`. */
export function pythonBelow(root: string, program: string, ...arguments_: string[]): unknown {
  const output = execFileSync("python3", ["-c", program, ...arguments_], {
    env: { ...ENVIRONMENT, BBB_ROOT: root },
    encoding: "utf8",
    stdio: "pipe",
  });
  return JSON.parse(output);
}

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** A folder that stands for `/`, filled with `files` (absolute path to text); removed after the tests of the file. */
export function makeRoot(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "simulation-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export interface Service {
  url: string;
  stop(): boolean;
}

/** Starts a Python module as a service below `root` and waits until it listens; fails with what it said otherwise. */
export function startService(module: string, args: string[], root: string, env = {}): Promise<Service> {
  const child = spawn("python3", ["-m", module, ...args], {
    env: { ...ENVIRONMENT, BBB_ROOT: root, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    child.once("close", () => reject(new Error(complaints.trim())));
    child.stdout.once("data", (chunk: Buffer) => {
      const address = /listening on (\S+)/.exec(chunk.toString())?.[1];
      resolve({ url: `http://${address}`, stop: () => child.kill("SIGKILL") });
    });
  });
}

/** The text of a file that a release installs with a package: the last of its variants that has one wins. */
export function packagedFile(release: Release, name: string, path: string): string {
  const variants = release.variants.map((variant) => join(PACKAGES, "../variants", variant, name, path));
  const files = [join(PACKAGES, name, path), ...variants].filter((file) => existsSync(file));
  return readFileSync(files.at(-1) ?? "", "utf8");
}
