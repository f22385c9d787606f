import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Told } from "../../monitoring/rig/watch";
import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";

/** What the cluster told its watcher, and what the watcher told. */
let folder: string;

const inUsersNetwork = "npm run -s lab -- run --";
const own = `$(${inUsersNetwork} ip -4 -brief address | grep -o '198[0-9.]*' | head -1)`;
const output = (name: string) => `pulumi stack output --show-secrets --json ${name}`;

/** What somebody who is responsible was told; null: nobody watches yet. */
function told(): Told["subjects"] {
  const file = join(folder, "told.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Told).subjects : null;
}

/** What goes wrong on which machine, what puts it right, and which alert tells it. */
const faults: [machine: string, fault: string, remedy: string, alert: string][] = [
  // A bbb-web that begins alone does not know of meetings before it, and keeps its node from leaving.
  ["bbb-01", "systemctl stop bbb-web", "systemctl restart bbb-apps-akka bbb-web", "BbbNobodyCanJoin"],
  ["bbb-lb", "systemctl stop bbblb.socket bbblb", "systemctl start bbblb.socket bbblb", "BbbBalancerDown"],
  [
    "bbb-lb",
    "systemctl stop postgresql@17-main",
    "systemctl start postgresql@17-main bbblb",
    "BbbBalancerDatabaseDown",
  ],
  ["bbb-01", "systemctl stop coturn", "systemctl start coturn", "BbbRelayFailing"],
  ["bbb", "systemctl stop nginx", "systemctl start nginx", "BbbProxyDown"],
  ["bbb-01", "systemctl stop nginx", "systemctl start nginx", "BbbNodeDown"],
];

export function watched(lab: LabUnderTest): void {
  describe.sequential("a Prometheus outside of the cluster", () => {
    let watcher: ChildProcess | undefined;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "watched-"));
      await succeeded(lab.shell(`pulumi config set --path 'monitoringCidrs[0]' "${own}/32"; npm run -s lab -- up`));
      await succeeded(
        lab.shell(
          `${output("prometheusTargets")} > ${folder}/targets.json; pulumi stack output --show-secrets metricsToken > ${folder}/token`,
        ),
      );
    });

    afterAll(() => {
      if (watcher) lab.signal(watcher, "SIGKILL");
      rmSync(folder, { recursive: true });
    });

    test("is told nothing by a machine without the token, nor anybody else with it", async () => {
      const ask = (at: string) =>
        `${at} curl -s -m 3 -o /dev/null -w '%{http_code}' https://bbb-01.cluster.test:9443/metrics/node`;
      const { stdout } = await lab.shell(`${ask(inUsersNetwork)}; echo; ${ask("")} || true`);
      expect(stdout.split("\n")).toEqual(["401", "000"]);
    });

    test("sees every machine of a cluster that is well, and tells nobody anything", async () => {
      const watch = `env RIG_NETWORK=here test/monitoring/rig/enter.sh npx tsx test/monitoring/rig/watch.ts ${folder}`;
      watcher = lab.startShell(`${inUsersNetwork} ${watch}`);
      watcher.stderr?.pipe(process.stderr, { end: false });
      await expect.poll(told, { timeout: 90_000, interval: 500 }).toEqual([]);
    });

    test.each(faults)(
      "on %s, `%s`, is put right by `%s`: %s begins and ends",
      async (machine, fault, remedy, alert) => {
        const subject = (word: string) => expect.stringMatching(new RegExp(`^\\[${word}\\S*\\] ${alert} `));
        // At once, and not within the minutes that the machines' timers take.
        // A check that the timer has begun before the fault is no answer to it.
        const look = "systemctl restart bbb-cluster-check; systemctl start bbb-cluster-metrics";
        await lab.onMachine(machine, fault);
        // On a busy machine a check may end before it comes to what is wrong.
        const seen = async () => lab.onMachine(machine, look).then(told);
        await expect.poll(seen, { timeout: 90_000, interval: 3_000 }).toContainEqual(subject("FIRING"));
        // BigBlueButton and BBBLB take a while to answer again.
        await lab.onMachine(
          machine,
          `${remedy}; for n in $(seq 30); do systemctl start bbb-cluster-check && break; sleep 1; done; ${look}`,
        );
        await expect.poll(told, { timeout: 60_000, interval: 500 }).toContainEqual(subject("RESOLVED"));
      },
    );
  });
}
