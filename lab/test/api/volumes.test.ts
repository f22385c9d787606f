import { cpSync } from "node:fs";
import { expect, it } from "vitest";

import { gate } from "./gate";
import { TestApi, temporaryFolder } from "./test-api";

async function volume(api: TestApi, name = "data", more: object = {}): Promise<number> {
  const body = { name, size: 10, location: "fsn1", labels: { of: "lb" }, ...more };
  const answer = await api.settle("POST", "/volumes", body);
  expect(answer).toMatchObject({ status: 201, json: { action: { command: "create_volume" } } });
  return answer.json.volume.id;
}

const shown = async (api: TestApi, id: number) => (await api.call("GET", `/volumes/${id}`)).json.volume;
const attach = (api: TestApi, id: number, server: number) =>
  api.settle("POST", `/volumes/${id}/actions/attach`, { server });

it("a volume is a blank disk of its own, which is found by name and labels", async () => {
  const api = await TestApi.start();
  const id = await volume(api);
  expect(await shown(api, id)).toMatchObject({
    ...{ id, name: "data", size: 10, server: null, status: "available", format: null, labels: { of: "lb" } },
    ...{ location: { name: "fsn1" }, protection: { delete: false } },
    linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${id}`,
  });
  for (const [query, found] of [
    ["name=data", 1],
    ["label_selector=of%3Dlb", 1],
    ["label_selector=of%3Dproxy", 0],
  ] as const) {
    expect((await api.call("GET", `/volumes?${query}`)).json.volumes).toHaveLength(found);
  }
  expect(await api.code("POST", "/volumes", { name: "data", size: 10, location: "fsn1" })).toBe("uniqueness_error");
  await api.call("PUT", `/volumes/${id}`, { name: "other" });
  expect((await shown(api, id)).name).toBe("other");
});

it.each([
  [{ size: 9 }],
  [{ size: 10_241 }],
  [{ location: undefined }],
  [{ location: "nowhere" }],
  [{ format: "ext4" }],
  [{ automount: true }],
])("a volume that cannot be is refused: %j", async (wrong) => {
  const api = await TestApi.start();
  expect(await api.code("POST", "/volumes", { name: "data", size: 10, location: "fsn1", ...wrong })).toBe(
    "invalid_input",
  );
});

it("a machine has what is attached to it, and a server that is deleted leaves it behind with all that is on it", async () => {
  const api = await TestApi.start();
  const [id, server] = [await volume(api), await api.server("n1")];
  await attach(api, id, server);
  expect(await shown(api, id)).toMatchObject({ server });
  expect((await api.shown(server)).volumes).toEqual([id]);
  expect(api.fabric.machine(server).machine.volumes).toEqual([{ id, sizeGb: 10 }]);
  await api.settle("DELETE", `/servers/${server}`);
  expect(await shown(api, id)).toMatchObject({ server: null });
  expect(api.fabric.volumes.get(id)).toBe(10);
  const next = await api.server("n2", { start_after_create: false });
  await attach(api, id, next);
  await api.settle("POST", `/servers/${next}/actions/poweron`);
  expect(api.fabric.machine(next).machine.volumes).toEqual([{ id, sizeGb: 10 }]);
});

it("a volume is at one server at a time, in its own location, and not deleted there", async () => {
  const api = await TestApi.start();
  const [id, server, other] = [await volume(api), await api.server("n1"), await api.server("n2")];
  const abroad = await api.server("n3", { location: "hel1" });
  expect(await api.code("POST", `/volumes/${id}/actions/detach`)).toBe("service_error");
  expect(await api.code("POST", `/volumes/${id}/actions/attach`, { server: abroad })).toBe("invalid_input");
  await attach(api, id, server);
  expect(await api.code("POST", `/volumes/${id}/actions/attach`, { server: other })).toBe("volume_already_attached");
  expect(await api.code("DELETE", `/volumes/${id}`)).toBe("service_error");
  await api.settle("POST", `/volumes/${id}/actions/detach`);
  expect(api.fabric.machine(server).machine.volumes).toEqual([]);
  expect((await api.call("DELETE", `/volumes/${id}`)).status).toBe(204);
  expect(api.fabric.volumes.has(id)).toBe(false);
});

it("a protected volume is not deleted", async () => {
  const api = await TestApi.start();
  const id = await volume(api);
  await api.settle("POST", `/volumes/${id}/actions/change_protection`, { delete: true });
  expect(await api.code("DELETE", `/volumes/${id}`)).toBe("protected");
  await api.settle("POST", `/volumes/${id}/actions/change_protection`, { delete: false });
  expect((await api.call("DELETE", `/volumes/${id}`)).status).toBe(204);
});

it("a volume grows while a machine has it, and never shrinks", async () => {
  const api = await TestApi.start();
  const id = await volume(api);
  await attach(api, id, await api.server("n1"));
  for (const size of [10, 9]) {
    expect(await api.code("POST", `/volumes/${id}/actions/resize`, { size })).toBe("invalid_input");
  }
  await api.settle("POST", `/volumes/${id}/actions/resize`, { size: 20 });
  expect([(await shown(api, id)).size, api.fabric.volumes.get(id)]).toEqual([20, 20]);
});

it("a volume is locked while something is done to it, and stays where it was if that fails", async () => {
  const api = await TestApi.start();
  const [id, server] = [await volume(api), await api.server("n1")];
  const slow = gate();
  api.fabric.gates.set("setVolumes", slow.promise);
  api.fabric.failures.set("setVolumes", 1);
  await api.call("POST", `/volumes/${id}/actions/attach`, { server });
  expect(await api.code("POST", `/volumes/${id}/actions/resize`, { size: 20 })).toBe("locked");
  slow.open();
  await api.cloud.actions.settled();
  expect(await shown(api, id)).toMatchObject({ server: null });
});

it("after a restart a machine boots with its volumes, and none belongs to a server that is not there", async () => {
  const [stateDir, copy] = [temporaryFolder(), temporaryFolder()];
  const before = await TestApi.start(stateDir);
  const server = await before.server("n1");
  const [id, lost] = [await volume(before), await volume(before, "lost")];
  await attach(before, id, server);
  before.cloud.store.volumes.update((await before.cloud.store.volumes.get(lost)) as never, { server: 1999 });
  before.cloud.store.flush();
  cpSync(stateDir, copy, { recursive: true });
  const after = await TestApi.start(copy);
  expect(after.fabric.machine(server).machine.volumes).toEqual([{ id, sizeGb: 10 }]);
  expect((await shown(after, lost)).server).toBeNull();
});
