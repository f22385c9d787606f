import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";

import { labNamed } from "../../../lab/paths";
import { deriveSshIdentity } from "../../../plan/ssh-identity";
import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";

const setNewSecret = 'pulumi config set --secret clusterSecret "$(openssl rand -hex 32)"';
const up = "pulumi up --yes --skip-preview --suppress-outputs";

export function rotation(lab: LabUnderTest): void {
  describe.sequential("a clusterSecret", () => {
    const { pulumi } = labNamed(lab.name);
    let before: string;

    beforeAll(async () => {
      expect((await lab.callApi("bbb-01", "create", "meetingID=lecture&name=lecture")).stdout).toContain("SUCCESS");
      before = await inService();
    });

    /** What must not be touched: the servers, the services that people use, and their meeting. */
    async function inService(): Promise<string> {
      const servers = await lab.shell("hcloud server list -o noheader -o columns=id,name,created");
      const units = "nginx haproxy bbb-web bbb-apps-akka";
      const starts = await lab.onMachine("bbb-01", `systemctl show -p Id,ExecMainStartTimestampMonotonic ${units}`);
      const { stdout } = await lab.callApi("bbb-01", "getMeetings", "");
      return [servers.stdout, starts.stdout, ...(stdout.match(/<(meetingID|createTime)>[^<]*/g) ?? [])].join("\n");
    }

    async function deployKey(): Promise<string> {
      const { stdout } = await lab.shell("pulumi config get clusterSecret");
      return deriveSshIdentity(stdout.trim(), "deploy").publicKey;
    }

    async function authorizedKeys(): Promise<string> {
      const files = await Promise.all(
        ["bbb", "bbb-01"].map((name) => lab.onMachine(name, `grep -v lab-${lab.name} /root/.ssh/authorized_keys`)),
      );
      return files.map(({ stdout }) => stdout.trim()).join(" | ");
    }

    /** Pulumi is content, knows every machine by the key that it shows, and no other deploy key gets in. */
    async function rotated(): Promise<void> {
      await succeeded(lab.shell("pulumi preview --expect-no-changes"));
      const key = await deployKey();
      expect(await authorizedKeys()).toBe(`${key} | ${key}`);
      const { stdout } = await succeeded(lab.shell("npm run -s verify -- --no-meetings"));
      expect(stdout).toMatch(/^ok {3}bbb-01: SSH host key/m);
      await succeeded(lab.shell("npm run -s drift"));
      expect(before).toContain("<meetingID>lecture");
      expect(await inService()).toBe(before);
    }

    test("that leaked is changed under a running meeting, after an interruption, too", async () => {
      const leaked = await deployKey();
      await lab.shell(setNewSecret);
      expect((await lab.shell(up)).stdout).toContain("if that leaked or is lost, run: npm run rotate");

      await lab.lab("fault", "unreachable", "bbb-01", "on");
      const { status, stdout } = await lab.shell("npm run -s rotate");
      expect([status, stdout]).toEqual([1, expect.stringMatching(/^bbb-01: cannot be asked: /m)]);
      await lab.lab("fault", "unreachable", "bbb-01", "off");
      expect(await authorizedKeys()).toBe(`${leaked}\n${await deployKey()} | ${leaked}`);

      await succeeded(lab.shell("npm run -s rotate"));
      await succeeded(lab.shell(up));
      await rotated();
    });

    test("that is lost with Pulumi's passphrase is changed as well", async () => {
      const { encryptionsalt: _, config } = parse(readFileSync(pulumi.config, "utf8"));
      const plain = Object.entries(config as object).filter(([, value]) => value.secure === undefined);
      writeFileSync(pulumi.config, stringify({ config: Object.fromEntries(plain) }));
      writeFileSync(pulumi.passphrase, "another one");

      await lab.shell(`${setNewSecret}; pulumi config set --secret hcloud:token "$HCLOUD_TOKEN"`);
      expect((await lab.shell("npm run -s rotate")).stderr).toContain("the passphrase is not that of the stack");
      await succeeded(lab.shell("npm run -s rotate -- --lost-passphrase"));
      expect((await succeeded(lab.shell(up))).stdout).not.toMatch(/replac.*-server|-server.*replac/);
      await rotated();
      expect(readFileSync(`${pulumi.state}/.pulumi/stacks/bbb-cluster/${lab.name}.json`, "utf8")).not.toMatch(
        /PRIVATE KEY|"plaintext"/,
      );
    });
  });
}
