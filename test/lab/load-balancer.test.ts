import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("load-balancer");
const folder = mkdtempSync(join(tmpdir(), "load-balancer-"));

// So many clients, each with a line out and a line back; a last one asks again when a file is there.
const client = `
import os, socket, sys, time
address, times, *files = sys.argv[1:]
def ask(connection):
    connection.sendall(b"who\\n")
    print(connection.makefile("r").readline().strip() or "nobody", flush=True)
for _ in range(int(times)):
    connection = socket.create_connection((address, 80), timeout=20)
    ask(connection)
for file in files:
    while not os.path.exists(file):
        time.sleep(0.1)
    ask(connection)
`;

beforeAll(async () => {
  await succeeded(lab.lab("up", "--cloud-only"));
  await done("network create --name net --ip-range 10.0.0.0/16");
  await done("network add-subnet net --type cloud --network-zone eu-central --ip-range 10.0.1.0/24");
  for (const name of ["one", "two"]) {
    await done(`server create --name ${name} --type cx23 --image debian-13 --location fsn1 --network net`);
    const program = join(__dirname, "proxied.py");
    const start = `npm run -s lab -- exec ${name} -- sh -c 'cat > /srv/proxied.py && systemd-run --quiet `;
    expect(await lab.shell(`${start} python3 /srv/proxied.py ${name}' < ${program}`)).toMatchObject({ status: 0 });
  }
  await done("load-balancer create --name front --type lb11 --location fsn1");
  await done("load-balancer attach-to-network front --network net");
  await done(
    "load-balancer add-service front --protocol tcp --listen-port 80 --destination-port 8080 --proxy-protocol",
  );
  const fast = "--health-check-port 8081 --health-check-interval 3s --health-check-timeout 1s --health-check-retries 2";
  await done(`load-balancer update-service front --listen-port 80 --health-check-protocol http ${fast}`);
  for (const name of ["one", "two"]) await done(`load-balancer add-target front --server ${name} --use-private-ip`);
  await until("healthy healthy");
});

afterAll(() => {
  lab.remove();
  rmSync(folder, { recursive: true });
});

test("targets take turns, and are told who the client is, over IPv4 and IPv6, in either version", async () => {
  const addresses = await output("load-balancer list -o noheader -o columns=ipv4,ipv6");
  const [ipv4 = "", ipv6 = ""] = addresses.split(/\s+/);
  expect(await ask(ipv4, 4)).toEqual(["one", "one", "two", "two"].map((name) => `${name} v2 198.51.100.100`));
  expect(new Set(await ask(ipv6, 2))).toEqual(
    new Set(["one", "two"].map((name) => `${name} v2 2001:db8:ffff:100::100`)),
  );
  await lab.lab("fault", "proxy-protocol-v1", "on");
  expect(await ask(ipv4, 2)).toEqual(["one", "two"].map((name) => `${name} v1 198.51.100.100`));
  await lab.lab("fault", "proxy-protocol-v1", "off");
});

test("a target that fails its checks gets nothing until it passes them, a new one not either", async () => {
  const ipv4 = await publicAddress();
  await lab.onMachine("one", "touch /run/failing");
  await until("healthy unhealthy");
  expect(names(await ask(ipv4, 4))).toEqual(["two"]);
  await done("load-balancer remove-target front --server one");
  await done("load-balancer add-target front --server one --use-private-ip");
  expect(names(await ask(ipv4, 4))).toEqual(["two"]);
  await done("load-balancer remove-target front --server one");
  await done("load-balancer update-service front --listen-port 80 --health-check-retries 5");
  await lab.lab("fault", "early-traffic", "on");
  await done("load-balancer add-target front --server one --use-private-ip");
  expect(names(await ask(ipv4, 4))).toEqual(["one", "two"]);
  await until("healthy unhealthy");
  await lab.lab("fault", "early-traffic", "off");
  await lab.onMachine("one", "rm /run/failing");
  await until("healthy healthy");
  expect(names(await ask(ipv4, 4))).toEqual(["one", "two"]);
});

test("a connection that is open outlives each change of the load balancer", async () => {
  const file = join(folder, "changed");
  const asking = lab.lab("run", "--", "python3", "-c", client, await publicAddress(), "1", file);
  await done("load-balancer add-service front --protocol tcp --listen-port 443 --destination-port 8080");
  await done("load-balancer change-algorithm front --algorithm-type least_connections");
  await done("load-balancer delete-service front --listen-port 443");
  writeFileSync(file, "");
  const [before, after] = (await asking).stdout.trim().split("\n");
  expect(before).toMatch(/^(one|two) v2/);
  expect(after).toBe(before);
});

test("of one that is deleted nothing answers any more", async () => {
  const ipv4 = await publicAddress();
  await done("load-balancer delete front");
  expect((await lab.lab("run", "--", "curl", "-s", "-m", "3", `http://${ipv4}/`)).status).not.toBe(0);
});

async function output(command: string): Promise<string> {
  const { status, stdout, stderr } = await lab.shell(`hcloud ${command}`);
  expect([command, status, status === 0 ? "" : stderr]).toEqual([command, 0, ""]);
  return stdout.trim();
}

async function done(command: string): Promise<void> {
  await output(command);
}

async function publicAddress(): Promise<string> {
  return output("load-balancer list -o noheader -o columns=ipv4");
}

/** Waits until the targets are like that, in whichever order. */
async function until(wanted: string): Promise<void> {
  const states = `hcloud load-balancer describe front -o json | grep -o '"status": *"[a-z]*"' | cut -d'"' -f4 | sort | xargs`;
  const loop = `for second in $(seq 60); do [ "$(${states})" = '${wanted}' ] && exit; sleep 0.5; done; exit 1`;
  expect(await lab.shell(loop)).toMatchObject({ status: 0 });
}

/** Who answers so many clients, sorted. */
async function ask(address: string, times: number): Promise<string[]> {
  const { stdout } = await lab.lab("run", "--", "python3", "-c", client, address, String(times));
  return stdout.trim().split("\n").sort();
}

function names(answers: string[]): string[] {
  return [...new Set(answers.map((answer) => answer.split(" ")[0] ?? ""))];
}
