import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { printed, succeeded } from "./outcome";

const lab = new LabUnderTest("image");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "1"));
});

afterAll(() => lab.remove());

/** What makes a node this one: nothing of it may be on another. */
const identity = `
bbb-conf --secret | sed -n 's/^ *Secret: //p'
sed -n 's/^static-auth-secret=//p' /etc/turnserver.conf
sed -n 's/^HASURA_GRAPHQL_ADMIN_SECRET=//p' /etc/default/bbb-graphql-server-admin-pass
cat /etc/machine-id
sed -n 4p /etc/ssh/ssh_host_ed25519_key
cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub
sed -n 2p /etc/letsencrypt/live/*/privkey.pem
grep -o '"d": *"[^"]*' /etc/letsencrypt/accounts/*/*/*/private_key.json | cut -d'"' -f4
grep -o 'accounts/[a-z0-9.:-]*/[a-z]*/[0-9a-f]*' /etc/letsencrypt/accounts -r --files-with-matches | grep -o '[0-9a-f]\\{32\\}' | sort -u
`;

async function identityOf(node: string): Promise<string[]> {
  const { stdout } = await lab.onMachine(node, identity);
  return [...new Set(stdout.split("\n").filter((line) => line.length > 15))];
}

/** When each unit of a node began to run, and what is in its settings. */
const untouched =
  "systemctl show -p ActiveEnterTimestamp 'bbb-*' nginx; find /etc -type f -exec sha256sum {} + | sort | sha256sum";
const objects =
  "hcloud server list -o columns=name; hcloud firewall list -o columns=name; hcloud image list -t snapshot";

describe.sequential("an image of a node", () => {
  let first: string[] = [];

  test("a run that is killed has left what the next one removes; the node goes on with its meeting", async () => {
    first = await identityOf("bbb-01");
    expect(first.length).toBeGreaterThanOrEqual(7);
    expect(await lab.callApi("bbb-01", "create", "meetingID=lecture&name=lecture")).toMatchObject({ status: 0 });
    const before = await lab.onMachine("bbb-01", untouched);
    const killed = lab.startShell("npm run image -- bbb-01");
    await printed(killed, /the disk of bbb-01 is copied/);
    lab.signal(killed, "SIGKILL");
    expect((await lab.shell(objects)).stdout).toContain("with its secrets: to be deleted");

    const made = await lab.shell("npm run -s image -- bbb-01");
    expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/pulumi config set nodeImage \d+$/m) });
    const left = (await lab.shell(objects)).stdout;
    expect(left).not.toMatch(/bbb-01-copy|to be deleted/);
    expect(await lab.onMachine("bbb-01", untouched)).toEqual(before);
    expect((await lab.callApi("bbb-01", "getMeetings", "")).stdout).toContain("<meetingID>lecture</meetingID>");
    const number = /nodeImage (\d+)$/m.exec(made.stdout)?.[1];
    expect(await lab.shell(`pulumi config set nodeImage ${number}`)).toMatchObject({ status: 0 });
  });

  test("a node made of it is another one, with nothing of the first on its disk, and serves", async () => {
    await succeeded(lab.lab("up", "--nodes", "2"));
    const [second, again] = [await identityOf("bbb-02"), await identityOf("bbb-01")];
    expect([again, second.length]).toEqual([first, first.length]);
    expect(second.filter((each) => first.includes(each))).toEqual([]);
    const pattern = first.map((each) => `-e '${each}'`).join(" ");
    const { stdout } = await lab.onMachine(
      "bbb-02",
      `grep -rlaF ${pattern} / --exclude-dir=proc --exclude-dir=sys; true`,
    );
    expect(stdout).toBe("");
    await succeeded(lab.lab("verify"));
  });

  test("a node that is no copy is never emptied", async () => {
    const before = await lab.onMachine("bbb-01", untouched);
    const { status, stderr } = await lab.onMachine("bbb-01", "bbb-cluster seal </dev/null");
    expect([status, stderr]).toEqual([1, expect.stringContaining("this machine is no copy of a node")]);
    expect(await lab.onMachine("bbb-01", untouched)).toEqual(before);
  });
});
