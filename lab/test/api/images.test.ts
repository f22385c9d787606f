import { expect, it } from "vitest";

import { gate } from "./gate";
import { type Answer, TestApi } from "./test-api";

const made = { type: "snapshot", description: "of n1", labels: { made: "here" } };

async function snapshot(api: TestApi, server: number): Promise<number> {
  return (await api.settle("POST", `/servers/${server}/actions/create_image`, made)).json.image.id;
}

const numbers = ({ json }: Answer) => json.images.map(({ id }: { id: number }) => id);

it("a snapshot is of the server that it was made of, and is found by its labels", async () => {
  const api = await TestApi.start();
  const server = await api.server("n1");
  const image = await snapshot(api, server);
  expect((await api.call("GET", `/images/${image}`)).json.image).toMatchObject({
    ...{ id: image, type: "snapshot", status: "available", name: null, description: "of n1", disk_size: 40 },
    ...{ created_from: { id: server, name: "n1" }, os_flavor: "debian", os_version: "12", labels: { made: "here" } },
  });
  expect(numbers(await api.call("GET", "/images?type=snapshot&label_selector=made%3Dhere"))).toEqual([image]);
  expect(numbers(await api.call("GET", "/images?label_selector=made%3Dthere"))).toEqual([]);
  expect(api.fabric.snapshots.get(image)).toBe(server);
});

it("a server is locked while its disk is copied, and runs on; nobody can use the snapshot before", async () => {
  const api = await TestApi.start();
  const server = await api.server("n1");
  const copying = gate();
  api.fabric.gates.set("snapshot", copying.promise);
  const { json } = await api.call("POST", `/servers/${server}/actions/create_image`, made);
  const image = `/images/${json.image.id}`;
  expect(json.image.status).toBe("creating");
  expect(await api.shown(server)).toMatchObject({ locked: true, status: "running" });
  const body = { name: "n2", server_type: "cx23", image: json.image.id };
  expect([await api.code("POST", "/servers", body), await api.code("DELETE", image)]).toEqual([
    "invalid_input",
    "locked",
  ]);
  copying.open();
  await api.cloud.actions.settled();
  expect((await api.call("GET", image)).json.image.status).toBe("available");
});

it("a copy that fails leaves no image", async () => {
  const api = await TestApi.start();
  const server = await api.server("n1");
  api.fabric.failures.set("snapshot", 1);
  const image = await snapshot(api, server);
  expect(await api.code("GET", `/images/${image}`)).toBe("not_found");
});

it("a server starts from a snapshot, which may go before it, and only on a disk that is large enough", async () => {
  const api = await TestApi.start();
  const image = await snapshot(api, await api.server("n1", { server_type: "cx33" }));
  const copy = await api.server("n2", { server_type: "cx33", image: String(image) });
  expect([api.fabric.machine(copy).machine.image, (await api.shown(copy)).image.id]).toEqual([String(image), image]);
  const smaller = { name: "n3", server_type: "cx23", image };
  expect(await api.code("POST", "/servers", smaller)).toBe("invalid_input");
  expect((await api.call("DELETE", `/images/${image}`)).status).toBe(204);
  expect([(await api.shown(copy)).image, api.fabric.snapshots.size]).toEqual([null, 0]);
});

it("the images of the catalogue stay", async () => {
  const api = await TestApi.start();
  expect(await api.code("DELETE", "/images/114690387")).toBe("protected");
  expect(numbers(await api.call("GET", "/images?name=debian-12"))).toEqual([114690387]);
});
