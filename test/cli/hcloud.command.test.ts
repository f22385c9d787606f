import { afterEach, beforeEach, expect, test } from "vitest";

import { Workbench } from "./support";

let bench: Workbench;
const value = (text: string) => ({ value: text });
/** A project at an address where nobody is. */
const configWith = (token: string, endpoint = "http://127.0.0.1:2/v1") =>
  bench.file("config.json", {
    ...{ "bbb-cluster:clusterSecret": value("0123456789abcdef".repeat(4)) },
    ...{ "hcloud:token": value(token), "hcloud:endpoint": value(endpoint) },
  });

beforeEach(() => {
  bench = new Workbench();
  bench.program("pulumi", "cat config.json");
});

afterEach(() => bench.remove());

test("an API that cannot be reached is said to be that, with the reason", async () => {
  configWith("t".repeat(64));
  const { status, stdout, stderr } = await bench.run("image", "bbb-01");
  expect(stderr).toBe("Hetzner's API at 127.0.0.1:2 cannot be asked: ECONNREFUSED\n");
  expect(stdout).toContain("the next run removes the rest: Hetzner's API at 127.0.0.1:2 cannot be asked");
  expect(status).toBe(1);
});

test.each(["first\nsecond", "“secret”", "two words"])("a token that is none is shown to nobody: %j", async (token) => {
  configWith(token);
  const { status, stdout, stderr } = await bench.run("image", "bbb-01");
  expect(stderr).toBe(
    "the API token must be one line of letters and digits (its value is not shown); run: pulumi config set --secret hcloud:token\n",
  );
  expect(stdout).toBe("");
  expect(status).toBe(1);
});

test("an endpoint that is no address is named", async () => {
  configWith("t".repeat(64), "nowhere");
  const { status, stderr } = await bench.run("image", "bbb-01");
  expect(stderr).toBe('hcloud:endpoint must be a URL, got "nowhere"; run: pulumi config rm hcloud:endpoint\n');
  expect(status).toBe(1);
});
