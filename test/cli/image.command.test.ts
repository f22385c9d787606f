import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { Hcloud } from "../../cli/hcloud";
import type { Copy } from "../../cli/image/copy";
import { ImageMaker, type MakerOptions } from "../../cli/image/maker";
import { imagesOf } from "../../cli/image/objects";
import { imagePartLabel, labelsFor } from "../../plan/cluster-id";
import { EmulatedCloud } from "../engine/rig/cloud";

const cluster = "0123456789abcdef";
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINVJm02onwLougX7+AI1UryawzLofdBaUNU04O4MoHWo";
const quiet = { say: () => undefined, wait: () => undefined };

/** A project at Hetzner with the node bbb-01 in it, and another cluster's bbb-02. */
async function project() {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  const cloud = new EmulatedCloud(folder, "t".repeat(64), []);
  const endpoint = await cloud.start();
  onTestFinished(() => cloud.close().then(() => rmSync(folder, { recursive: true })));
  const labels = labelsFor(cluster, "node");
  const ssh = { direction: "in", protocol: "tcp", port: "22", source_ips: ["203.0.113.7/32"] };
  const web = { ...ssh, port: "443", source_ips: ["0.0.0.0/0"] };
  await cloud.request("POST", "/ssh_keys", { name: "deploy", public_key: key, labels });
  await cloud.request("POST", "/firewalls", { name: "bbb-node", rules: [ssh, web], labels });
  const server = { server_type: "ccx33", image: "ubuntu-22.04", location: "fsn1", ssh_keys: ["deploy"] };
  await cloud.request("POST", "/servers", { ...server, name: "bbb-01", labels });
  await cloud.request("POST", "/servers", { ...server, name: "bbb-02", labels: labelsFor("f".repeat(16), "node") });
  await cloud.request("POST", "/servers", { ...server, name: "bbb", labels: labelsFor(cluster, "proxy") });
  await cloud.settled();
  const stopping = new AbortController();
  const api = new Hcloud(cloud.token, endpoint);
  const makerWith = (seal: NonNullable<MakerOptions["seal"]>) =>
    new ImageMaker({ api, cluster, progress: quiet, signal: stopping.signal, seal });
  return { cloud, api, stopping, makerWith, before: cloud.objects() };
}

async function makeAndClean(maker: ImageMaker, node = "bbb-01") {
  return maker.make(node).finally(() => maker.clean());
}

test("the copy is in no network, let in by SSH from the administrators' addresses, and let out to nobody", async () => {
  const { cloud, makerWith } = await project();
  const seen: [Copy, string][] = [];
  const maker = makerWith(async (copy, address) => {
    seen.push([copy, address]);
    const server = cloud.store.servers.all().find(({ name }) => name === "bbb-01-copy");
    const firewalls = cloud.store.firewalls.all().filter(({ servers }) => servers.includes(server?.id ?? 0));
    expect(server).toMatchObject({ nics: [], type: "ccx33", labels: { [imagePartLabel]: cluster } });
    expect(server?.sshPublicKeys).toEqual([key]);
    expect(firewalls.flatMap(({ rules }) => rules)).toMatchObject([
      { direction: "in", protocol: "tcp", port: "22", sourceIps: ["203.0.113.7/32"] },
      { direction: "out", protocol: "tcp", port: "80", destinationIps: ["169.254.169.254/32"] },
    ]);
    expect(server?.userData).toContain("touch /run/bbb-cluster-copy");
    return "3.0.30";
  });
  await makeAndClean(maker);
  const [[copy, address] = []] = seen;
  expect([copy?.name, address]).toEqual(["bbb-01-copy", expect.stringMatching(/^\d+(\.\d+){3}$/)]);
});

test("what stays is one image that says what it is; the node has run all the time", async () => {
  const { cloud, api, makerWith, before } = await project();
  const made = await makeAndClean(makerWith(async () => "3.0.30"));
  expect(await imagesOf(api, cluster)).toEqual([made.id]);
  expect(cloud.store.snapshots.all()).toMatchObject([
    { labels: { "bbb-cluster-image": cluster, "bbb-cluster-release": "3.0.30" }, createdFrom: { name: "bbb-01-copy" } },
  ]);
  expect(cloud.objects()).toEqual(before);
  const node = cloud.store.servers.all().find(({ name }) => name === "bbb-01");
  const calls = cloud.fabric.calls.filter((call) => call.endsWith(` ${node?.id}`));
  expect(calls.map((call) => call.split(" ")[0])).toEqual(["setFirewall", "create", "snapshot"]);
});

test("a copy that cannot be sealed is no image, and goes with everything that was needed for it", async () => {
  const { cloud, makerWith, before } = await project();
  const maker = makerWith(() => Promise.reject(new Error("a secret of the node is still in /srv/x")));
  await expect(makeAndClean(maker)).rejects.toThrow("is still in /srv/x");
  expect([cloud.objects(), cloud.store.snapshots.all()]).toEqual([before, []]);
});

test("a run that is stopped makes nothing more and leaves nothing", async () => {
  const { cloud, makerWith, before, stopping } = await project();
  const maker = makerWith(async () => {
    stopping.abort();
    return "3.0.30";
  });
  await expect(makeAndClean(maker)).rejects.toThrow();
  expect([cloud.objects(), cloud.store.snapshots.all()]).toEqual([before, []]);
});

test("what a killed run has left is removed by the next one", async () => {
  const { cloud, makerWith, before } = await project();
  await expect(makerWith(() => Promise.reject(new Error("killed"))).make("bbb-01")).rejects.toThrow("killed");
  expect(cloud.objects()).toEqual(expect.arrayContaining(["server bbb-01-copy", "firewall bbb-01-copy"]));
  await makeAndClean(makerWith(async () => "3.0.30"));
  expect([cloud.objects(), cloud.store.snapshots.all().length]).toEqual([before, 1]);
});

test("a node of another cluster in the same project is none of ours", async () => {
  const { cloud, makerWith, before } = await project();
  const maker = makerWith(async () => "3.0.30");
  await expect(makeAndClean(maker, "bbb-02")).rejects.toThrow("there is no server bbb-02 of this cluster");
  expect(cloud.objects()).toEqual(before);
});

test("a proxy is no node: nothing is copied of it", async () => {
  const { cloud, makerWith } = await project();
  const maker = makerWith(() => Promise.reject(new Error("was copied")));
  await expect(makeAndClean(maker, "bbb")).rejects.toThrow("there is no server bbb of this cluster that is a node");
  expect(cloud.fabric.calls.filter((call) => call.startsWith("snapshot"))).toEqual([]);
});
