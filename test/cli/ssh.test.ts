import { afterEach, beforeEach, expect, test } from "vitest";

import { outputs, Workbench } from "./support";

let bench: Workbench;

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs", outputs());
  bench.file("given", "Host bbb-01\n  User somebody\n");
  bench.file("state", { deployment: {} });
  bench.program("pulumi", 'case "$*" in *output*) cat outputs ;; *) cat state ;; esac');
  bench.program("ssh", 'while [ "$1" != -F ]; do shift; done; cat "$2" > config; exit 1');
});

afterEach(() => bench.remove());

test("a given ssh_config counts before the stack's, which knows the machines that have come since", async () => {
  await bench.run("drift", "--ssh-config", `${bench.folder}/given`);
  const config = bench.read("config");
  expect(config.startsWith(`Include "${bench.folder}/given"\n`)).toBe(true);
  expect(config).toContain(String(outputs()["ssh"]));
});

test("a given ssh_config that is not there is refused: ssh would pass over it, and reach nobody", async () => {
  const { status, stderr } = await bench.run("drift", "--ssh-config", "/does/not/exist");
  expect(stderr).toBe("the ssh_config /does/not/exist cannot be read: give --ssh-config another one, or none\n");
  expect(() => bench.read("config")).toThrow();
  expect(status).toBe(2);
});
