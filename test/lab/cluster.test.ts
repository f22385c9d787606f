import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest, traces } from "./lab";
import { finished, printed, succeeded } from "./outcome";

const lab = new LabUnderTest("test");
let before: string[];

beforeAll(async () => {
  await lab.lab("down");
  before = traces(lab.name);
});

afterAll(() => lab.remove());

describe.sequential("the whole way", () => {
  test("one command ends with a cluster that passes verification", async () => {
    const { stdout } = await succeeded(lab.lab());
    expect(stdout).toContain("https://bbb.cluster.test/bbb-02/html5client/");
    // The load balancer is there, and verification has held a meeting through it.
    expect(stdout).toMatch(/^bbb-lb +present /m);
  });

  test("a second run changes nothing", async () => {
    await succeeded(lab.shell("pulumi preview --expect-no-changes"));
  });

  test("the proxy names each node's own websocket", async () => {
    for (const node of ["bbb-01", "bbb-02"]) {
      const address = `https://bbb.cluster.test/${node}/bigbluebutton/api`;
      const { stdout } = await lab.lab("run", "--", "curl", "-s", "-H", "Content-Type: application/json", address);
      expect(JSON.parse(stdout).response.graphqlWebsocketUrl).toBe(`wss://${node}.cluster.test/graphql`);
    }
  });

  test("plain hcloud and ssh act on the lab", async () => {
    const lists = ["server", "network", "firewall", "primary-ip", "ssh-key", "placement-group"];
    for (const kind of lists) {
      const { status, stdout } = await lab.shell(`hcloud ${kind} list -o noheader -o columns=name`);
      expect(status, kind).toBe(0);
      const first = stdout.split("\n")[0]?.trim() ?? "";
      expect((await lab.shell(`hcloud ${kind} describe ${first}`)).stdout, kind).toContain(first);
    }
    expect((await lab.shell("ssh bbb-01 hostname")).stdout.trim()).toBe("bbb-01");
  });

  test("status, verify and drift need nothing but what an administrator installs", async () => {
    const { stdout } = await succeeded(
      lab.shell(
        [
          "copy=$(mktemp -d); git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t $copy",
          "cd $copy; npm ci --omit=dev --workspaces=false --no-audit --no-fund >&2; code=0",
          "npm run -s status && npm run -s verify && npm run -s drift || code=$?",
          "cd /; rm -rf $copy; exit $code",
        ].join("; "),
      ),
    );
    expect(stdout).toMatch(/^bbb-02 +present +.* present +0 +0 /m);
    expect(stdout).toMatch(/ checks, 0 failed, /);
    expect(stdout).toContain("bbb: as configured");
  });

  test("verify leaves nothing unchecked, for what a user cannot see its operator can", async () => {
    const { stdout } = await succeeded(lab.lab("verify"));
    expect(stdout).toMatch(/ checks, 0 failed, 0 not checked, /);
  });

  test("a stack that is still empty can be previewed", async () => {
    await succeeded(
      lab.shell(
        [
          'copy=$(mktemp --suffix .yaml); cp "$PULUMI_OPTION_CONFIG_FILE" "$copy"; export PULUMI_STACK=empty',
          // `stack init` writes its file next to Pulumi.yaml, whatever the environment says.
          "cp Pulumi.yaml $(mktemp -d -p /tmp bbb-empty-XXXX)/ && cd /tmp/bbb-empty-*/",
          "PULUMI_OPTION_CONFIG_FILE= pulumi stack init empty --secrets-provider passphrase >/dev/null; cd - >/dev/null",
          'export PULUMI_OPTION_CONFIG_FILE="$copy"; code=0; pulumi preview || code=$?',
          'pulumi stack rm --yes empty; rm -rf "$copy" /tmp/bbb-empty-*; exit $code',
        ].join("; "),
      ),
    );
  });

  test("five mistakes give one error with five lines, and no resource is touched", async () => {
    const stateOf = async () => (await lab.shell("pulumi stack --show-ids --show-urns | grep urn:")).stdout;
    const state = await stateOf();
    const { status, stdout, stderr } = await lab.shell(
      [
        'copy=$(mktemp --suffix .yaml); cp "$PULUMI_OPTION_CONFIG_FILE" "$copy"; export PULUMI_OPTION_CONFIG_FILE="$copy"',
        "pulumi config set-all --path --plaintext nodes=91 --plaintext domain=nonsense --plaintext release=1.0" +
          " --plaintext 'adminCidrs[0]=10.0.0.0/99' --plaintext colour=blue",
        'code=0; pulumi up --yes --skip-preview || code=$?; rm "$copy"; exit $code',
      ].join("; "),
    );
    expect(status).not.toBe(0);
    const lines = new Set(`${stdout}\n${stderr}`.match(/bbb-cluster:\S+ (?:must be|is not a known key)[^\n]*/g));
    expect([...lines].map((line) => line.split(" ")[0]).sort()).toEqual([
      "bbb-cluster:adminCidrs[0]",
      "bbb-cluster:colour",
      "bbb-cluster:domain",
      "bbb-cluster:nodes",
      "bbb-cluster:release",
    ]);
    expect(await stateOf()).toBe(state);
  });

  test("no secret lies in the state in the clear", async () => {
    const secrets = await lab.shell(
      "ssh bbb-01 bbb-conf --secret | sed -n 's/^ *Secret: //p'; pulumi config get clusterSecret; echo $HCLOUD_TOKEN",
    );
    const words = ["PRIVATE KEY", ...secrets.stdout.trim().split("\n")];
    expect(words).toHaveLength(4);
    for (const word of words) {
      const { stdout } = await lab.shell(`grep -rlF -- '${word}' "\${PULUMI_BACKEND_URL#file://}" || true`);
      expect(stdout, word.slice(0, 4)).toBe("");
    }
  });
});

describe.sequential("scaling", () => {
  test("a run that is killed in the middle is taken up by the next one", async () => {
    const killed = lab.start("up", "--nodes", "3");
    await printed(killed, /bbb-03-configured creating .* installing/);
    lab.signal(killed, "SIGKILL");
    const { stderr } = await succeeded(lab.lab("up"));
    expect(stderr).toContain("an earlier run was killed and left the stack locked; unlocking it");
    await succeeded(lab.lab("verify"));
  });

  test.each([["4"], ["1"]])("to %s nodes disturbs nobody else", async (nodes) => {
    const probe = lab.start(
      "probe",
      "https://bbb.cluster.test/bbb-01/html5client/",
      "--rate",
      "10",
      "--seconds",
      "600",
    );
    const probed = finished(probe);
    const up = await lab.lab("up", "--nodes", nodes);
    lab.signal(probe, "SIGINT");
    await succeeded(up);
    expect((await probed).stdout).toMatch(/\d+ requests, 0 failed/);
    await succeeded(lab.lab("verify"));
    expect((await lab.pendingChanges()).filter((name) => name.startsWith("bbb-01"))).toEqual([]);
  });

  test("a leaving node's route, names and server are gone", async () => {
    const { stdout } = await lab.lab(
      "run",
      "--",
      "curl",
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "https://bbb.cluster.test/bbb-02/html5client/",
    );
    expect(stdout).toBe("404");
    expect(
      (await lab.shell("hcloud server list -o noheader -o columns=name")).stdout.trim().split("\n").sort(),
    ).toEqual(["bbb", "bbb-01", "bbb-lb"]);
  });
});

describe.sequential("the end", () => {
  test("destroy removes everything that Pulumi made", async () => {
    await succeeded(lab.shell("pulumi destroy --yes --skip-preview"));
    for (const kind of ["server", "network", "firewall", "primary-ip", "ssh-key", "placement-group"]) {
      expect((await lab.shell(`hcloud ${kind} list -o noheader`)).stdout.trim(), kind).toBe("");
    }
  });

  test("down leaves the machine as it was before", async () => {
    await succeeded(lab.lab("down"));
    expect(traces(lab.name)).toEqual(before);
  });

  test("down also cleans up after a lab that was killed", async () => {
    await succeeded(lab.lab("up", "--nodes", "1", "--cloud-only"));
    spawnSync("pkill", ["-9", "-f", `lab/supervisor.ts ${lab.name}$`]);
    await succeeded(lab.lab("down"));
    expect(traces(lab.name)).toEqual(before);
  });
});
