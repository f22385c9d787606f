import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

import { installerScript } from "../../bigbluebutton/installer";
import { makeRoot } from "../bigbluebutton/simulation";

const SCRIPT = join(makeRoot({ "/bbb-install.sh": installerScript("3.0") }), "bbb-install.sh");
const WITHOUT_MAIN = `source <(sed '/^main /d' "$0")`;

/** What a function of bbb-install.sh prints. */
function printed(call: string): string {
  const program = `${WITHOUT_MAIN}; HOST=bbb-01.cluster.test COTURN_HOST=turn.cluster.test COTURN_SECRET=s3cret; ${call}`;
  return execFileSync("bash", ["-c", program, SCRIPT], { encoding: "utf8" });
}

test("coturn listens at the public address and relays to this machine alone", () => {
  const lines = printed("turnserver_configuration 203.0.113.11").split("\n");
  expect(lines.filter((line) => /^(listening|relay|denied|allowed)/.test(line))).toEqual([
    "listening-port=3478",
    "listening-ip=203.0.113.11",
    "relay-ip=203.0.113.11",
    "denied-peer-ip=0.0.0.0-255.255.255.255",
    "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "allowed-peer-ip=203.0.113.11",
  ]);
  expect(lines).toContain("static-auth-secret=s3cret");
  expect(lines).toContain("realm=bbb-01.cluster.test");
});

test("bbb-web is told the STUN and TURN server with the secret", () => {
  const values = [...printed("turn_servers").matchAll(/value="([^"]*)"/g)].map(([, value]) => value);
  expect(values).toEqual([
    ...["stun:turn.cluster.test:3478", "s3cret", "turn:turn.cluster.test:3478", "86400"],
    ...["s3cret", "turns:turn.cluster.test:443?transport=tcp", "86400"],
  ]);
});
