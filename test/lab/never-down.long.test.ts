import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { finished, succeeded } from "./outcome";

const lab = new LabUnderTest("never-down");
const page = "https://bbb.cluster.test/bbb-01/html5client/";

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "1", "--proxies", "2", "--load-balancer", "none"));
});

afterAll(() => lab.remove());

interface Found {
  /** Of people whose browser asks once more. */
  failedTwice: number;
  /** From the first request that failed to the last one, in seconds. */
  gap: number;
  failed: number;
}

/** What people who enter, ten a second, notice of a command. */
async function during(command: string, secondsAfter = 5): Promise<Found> {
  const probe = lab.start("probe", page, "--rate", "10", "--seconds", "3600");
  const outcome = finished(probe);
  const done = await lab.shell(`sleep 5; ${command}; sleep ${secondsAfter}`);
  lab.signal(probe, "SIGINT");
  await succeeded(done);
  const { stdout, stderr } = await outcome;
  const [, failed = "", failedTwice = "0"] = /, (\d+) failed(?: \((\d+) once more\))?/.exec(stdout) ?? [];
  const moments = [...stderr.matchAll(/^(\S+Z) request/gm)].map(([, moment = ""]) => Date.parse(moment));
  const gap = moments.length === 0 ? 0 : (Math.max(...moments) - Math.min(...moments)) / 1000;
  return { failed: Number(failed), failedTwice: Number(failedTwice), gap };
}

const replace = (proxy: string) =>
  `pulumi up --yes --skip-preview --suppress-outputs --replace "$(pulumi stack --show-urns | grep -o 'urn:.*::${proxy}-server')"`;

// The longest that the load balancer may take: an answer in three seconds that times out after two, and the time that it,
// or a browser, waits for a proxy that is silent.
const longestGap = 12;

describe.sequential("with two proxies", () => {
  test.each([
    ["a reload", "ssh bbb systemctl reload nginx"],
    ["a restart of nginx", "ssh bbb systemctl restart nginx"],
    [
      "another nginx in the place of the one that runs",
      "ssh bbb 'kill -USR2 $(cat /run/nginx.pid); sleep 2; kill -QUIT $(cat /run/nginx.pid.oldbin)'",
    ],
    ["a reboot", "ssh bbb-proxy-02 systemctl start --no-block reboot.target; sleep 40"],
  ])("%s is noticed by nobody", async (_, command) => {
    expect(await during(command, 15)).toMatchObject({ failed: 0 });
  });

  test.each([
    ["an nginx that is killed", "ssh bbb systemctl kill -s KILL nginx"],
    ["a network that is cut", "npm run -s lab -- fault unreachable bbb-proxy-02 on"],
  ])("%s is noticed for no longer than the load balancer takes", async (_, command) => {
    const { gap, failedTwice } = await during(command, 40);
    await lab.lab("fault", "unreachable", "bbb-proxy-02", "off");
    expect(gap).toBeLessThan(longestGap);
    // It is out of use before anybody has waited for it in vain.
    expect(failedTwice).toBe(0);
  });

  test.each(["bbb-proxy-02", "bbb"])("the replacement of %s is noticed by nobody", async (proxy) => {
    expect(await during(replace(proxy))).toMatchObject({ failed: 0 });
  });

  test.each([1, 2])("a change to %i is noticed by nobody", async (proxies) => {
    const up = `pulumi config set proxies ${proxies}; pulumi up --yes --skip-preview --suppress-outputs`;
    expect(await during(up)).toMatchObject({ failed: 0 });
    expect(await lab.pendingChanges()).toEqual([]);
  });

  test("all of it is verified in the end", async () => {
    await succeeded(lab.lab("verify"));
  });
});
