import { describe, expect, it } from "vitest";
import { focalSnapshot } from "../../api/catalogue";
import { RateLimit } from "../../api/rate-limit";
import { MemoryFabric } from "./memory-fabric";
import { publicKeys, TestApi, temporaryFolder } from "./test-api";

describe("every request", () => {
  it("needs the token", async () => {
    const api = await TestApi.start();
    for (const authorization of ["", "Bearer x", `bearer ${"t".repeat(64)}`]) {
      const response = await api.app.request("/v1/servers", { headers: { Authorization: authorization } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: "unauthorized", details: { fields: [] } } });
    }
  });

  it("is answered in JSON, also when it fails", async () => {
    const api = await TestApi.start();
    for (const path of ["/servers", "/servers/1", "/nothing", "/datacenters", "/datacenters/1"]) {
      expect((await api.call("GET", path)).headers.get("Content-Type")).toContain("application/json");
    }
  });

  it("for what the lab does not have answers 404 and is logged", async () => {
    const api = await TestApi.start();
    expect((await api.call("GET", "/floating_ips")).json.error.code).toBe("not_found");
    expect(api.log).toEqual(["no such endpoint: GET /v1/floating_ips"]);
  });

  it("for datacenters answers 410", async () => {
    const api = await TestApi.start();
    expect(await api.call("GET", "/datacenters")).toMatchObject({
      status: 410,
      json: { error: { code: "deprecated_api_endpoint" } },
    });
  });

  it("counts against a bucket of 3600 that refills by one a second", async () => {
    let now = 1_000_000;
    const bucket = new RateLimit(() => now);
    const api = await TestApi.start(temporaryFolder(), new MemoryFabric(), bucket);
    const first = await api.call("GET", "/locations");
    expect(first.headers.get("RateLimit-Limit")).toBe("3600");
    expect(first.headers.get("RateLimit-Remaining")).toBe("3599");
    expect(first.headers.get("RateLimit-Reset")).toBe("1001");
    for (let count = 1; count < 3600; count++) bucket.take();
    const drained = await api.call("GET", "/locations");
    expect(drained.status).toBe(429);
    expect(drained.json.error.code).toBe("rate_limit_exceeded");
    expect(drained.headers.get("RateLimit-Remaining")).toBe("0");
    now += 1000;
    expect((await api.call("GET", "/locations")).status).toBe(200);
    expect((await api.call("GET", "/locations")).status).toBe(429);
  });

  it("with a wrong field names it in details.fields", async () => {
    const api = await TestApi.start();
    const answer = await api.call("POST", "/networks", { name: "", ip_range: 5 });
    expect(answer.status).toBe(422);
    expect(answer.json.error.code).toBe("invalid_input");
    expect(answer.json.error.details.fields.map((field: { name: string }) => field.name)).toEqual(["name", "ip_range"]);
  });

  it("whose body is no JSON is refused", async () => {
    const api = await TestApi.start();
    const answer = await api.app.request("/v1/servers", { ...bearer, method: "POST", body: "{" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "json_error" } });
  });
});

describe("a list", () => {
  it("comes in pages that say which is next", async () => {
    const api = await TestApi.start();
    for (const name of ["a", "b", "c", "d", "e"]) await api.call("POST", "/firewalls", { name });
    const second = await api.call("GET", "/firewalls?page=2&per_page=2");
    expect(names(second.json.firewalls)).toEqual(["c", "d"]);
    expect(second.json.meta.pagination).toEqual({
      page: 2,
      per_page: 2,
      previous_page: 1,
      next_page: 3,
      last_page: 3,
      total_entries: 5,
    });
    const last = await api.call("GET", "/firewalls?page=3&per_page=2");
    expect(last.json.meta.pagination.next_page).toBeNull();
  });

  it("has 25 entries a page, and 50 at most", async () => {
    const api = await TestApi.start();
    for (let index = 0; index < 51; index++) await api.call("POST", "/firewalls", { name: `fw-${index}` });
    expect((await api.call("GET", "/firewalls")).json.firewalls).toHaveLength(25);
    expect((await api.call("GET", "/firewalls?per_page=500")).json.firewalls).toHaveLength(50);
  });

  it("filtered by name has exact hits only", async () => {
    const api = await TestApi.start();
    for (const name of ["bbb", "bbb-01", "BBB"]) await api.call("POST", "/firewalls", { name });
    expect(names((await api.call("GET", "/firewalls?name=bbb")).json.firewalls)).toEqual(["bbb"]);
  });

  it("filtered by labels has what the selector matches", async () => {
    const api = await TestApi.start();
    await api.call("POST", "/ssh_keys", { name: "one", public_key: publicKeys[0], labels: { a: "1" } });
    await api.call("POST", "/ssh_keys", { name: "two", public_key: publicKeys[1] });
    expect(names((await api.call("GET", "/ssh_keys?label_selector=a%3D1")).json.ssh_keys)).toEqual(["one"]);
    expect(names((await api.call("GET", "/ssh_keys?label_selector=!a")).json.ssh_keys)).toEqual(["two"]);
    expect(await api.code("GET", "/ssh_keys?label_selector=a%20b")).toBe("invalid_input");
  });

  it("is sorted as asked", async () => {
    const api = await TestApi.start();
    for (const name of ["b", "c", "a"]) await api.call("POST", "/firewalls", { name });
    expect(names((await api.call("GET", "/firewalls?sort=name")).json.firewalls)).toEqual(["a", "b", "c"]);
    expect(names((await api.call("GET", "/firewalls?sort=id:desc")).json.firewalls)).toEqual(["a", "c", "b"]);
  });
});

describe("the catalogue", () => {
  it("finds a server type with its locations by name and by id", async () => {
    const api = await TestApi.start();
    const [type] = (await api.call("GET", "/server_types?name=ccx33")).json.server_types;
    expect(type).toMatchObject({ cores: 8, memory: 32, disk: 240, cpu_type: "dedicated", architecture: "x86" });
    expect(names(type.locations)).toEqual(["fsn1", "nbg1", "hel1", "ash", "hil", "sin"]);
    expect((await api.call("GET", `/server_types/${type.id}`)).json.server_type).toEqual(type);
  });

  it("finds an image by name and architecture", async () => {
    const api = await TestApi.start();
    const path = "/images?name=ubuntu-24.04&include_deprecated=true&architecture=";
    expect((await api.call("GET", `${path}x86`)).json.images).toMatchObject([{ id: 161547269, os_flavor: "ubuntu" }]);
    expect((await api.call("GET", `${path}arm`)).json.images).toEqual([]);
    // Hetzner has neither any more.
    for (const name of ["ubuntu-18.04", "ubuntu-20.04"]) {
      expect((await api.call("GET", `/images?name=${name}&include_deprecated=true`)).json.images).toEqual([]);
    }
  });

  it("finds a snapshot by its number alone", async () => {
    const api = await TestApi.start();
    const shown = { id: focalSnapshot.id, type: "snapshot", name: null, os_flavor: "ubuntu", os_version: "20.04" };
    expect((await api.call("GET", `/images/${focalSnapshot.id}`)).json.image).toMatchObject(shown);
    expect((await api.call("GET", "/images?type=snapshot")).json.images).toMatchObject([shown]);
    expect((await api.call("GET", "/images?name=null")).json.images).toEqual([]);
  });
});

const bearer = { headers: { Authorization: `Bearer ${"t".repeat(64)}` } };

function names(resources: { name: string }[]): string[] {
  return resources.map((resource) => resource.name);
}
