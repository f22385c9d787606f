import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Hcloud } from "../../cli/hcloud";
import { mendCloud, objections } from "../../cli/recover/act";
import { type Diagnosis, diagnose, isElsewhere, isEmpty, isWell } from "../../cli/recover/diagnosis";
import { type CloudObject, clusterIdsOf } from "../../cli/recover/objects";
import { edited, type Resource, readState, readWanted } from "../../cli/recover/state";

const serverType = "hcloud:index/server:Server";
const server = (name: string, changes: Partial<Resource> = {}): Resource => ({
  urn: `urn:pulumi:t::p::${serverType}::${name}-server`,
  type: serverType,
  custom: true,
  inputs: { name, labels: { "bbb-cluster-id": "0123456789abcdef" } },
  ...changes,
});
const object = (name: string, id: string, changes: Partial<CloudObject> = {}): CloudObject => ({
  ...{ type: serverType, id, identity: `${serverType} ${id}`, key: `${serverType} ${name}`, title: `server ${name}` },
  ...{ name, path: `/servers/${id}`, status: "running", ipv4: "192.0.2.1" },
  ...changes,
});
const stateOf = (resources: Resource[], creating: Resource[] = []) =>
  readState({
    version: 3,
    deployment: { resources, pending_operations: creating.map((resource) => ({ type: "creating", resource })) },
  });
const wantedOf = (...resources: Resource[]) => new Map(resources.map((each) => [each.urn, each]));

describe("an object is gone", () => {
  const asked = async (status: number, body?: object) => {
    vi.stubGlobal("fetch", async () => new Response(body === undefined ? null : JSON.stringify(body), { status }));
    onTestFinished(() => void vi.unstubAllGlobals());
    return new Hcloud("t", "http://api.test/v1").get("/servers/1", "server");
  };

  test("when Hetzner says so", async () => {
    expect(await asked(404, { error: { code: "not_found", message: "server not found" } })).toBeUndefined();
  });

  test("and not when somebody on the way answers 404", async () => {
    await expect(asked(404)).rejects.toThrow("Hetzner answers GET /servers/1 with 404");
  });
});

describe("what is to be done", () => {
  test("only what the plan or a killed run names is touched, whatever has the label", () => {
    const found = diagnose({
      state: stateOf([server("bbb", { id: "1" })], [server("bbb-02")]),
      wanted: wantedOf(server("bbb"), server("bbb-01")),
      objects: [object("bbb", "1"), object("bbb-01", "2"), object("bbb-02", "3"), object("bbb-03", "4")],
      gone: [],
    });
    expect(found.adopt.map(({ resource: { urn, id } }) => [urn, id])).toEqual([[server("bbb-01").urn, "2"]]);
    expect(found.remove.map(({ name }) => name)).toEqual(["bbb-02"]);
    expect(found.strangers.map(({ name }) => name)).toEqual(["bbb-03"]);
  });

  test("what a killed run knew is taken, with its secrets; a preview's hidden ones are left out", () => {
    const userData = { ciphertext: "v1:x" };
    const inputs = { name: "bbb-01", __defaults: [], publicNets: [{ __defaults: [], ipv4: 7 }] };
    const hidden = server("bbb-01", { inputs: { ...inputs, userData: "[secret]" } });
    const whole = server("bbb-01", { inputs: { ...inputs, userData } });
    const adopted = (creating: Resource[]) =>
      diagnose({ state: stateOf([], creating), wanted: wantedOf(hidden), objects: [object("bbb-01", "2")], gone: [] })
        .adopt[0]?.resource;
    expect(adopted([whole])?.inputs).toEqual({ ...inputs, userData });
    expect(adopted([])?.inputs).toEqual(inputs);
    expect(adopted([whole])?.outputs).toEqual({ id: "2", name: "bbb-01", publicNets: [{ ipv4: 7 }] });
  });

  test("a server that is off is powered on only if it was never configured", () => {
    const off = [object("bbb-01", "2", { status: "off" }), object("bbb-02", "3", { status: "off" })];
    const configured = { urn: "urn:t::bbb-02-configured", type: "command:remote:Command", inputs: { triggers: ["3"] } };
    const state = stateOf([server("bbb-01", { id: "2" }), server("bbb-02", { id: "3" }), configured]);
    const wanted = wantedOf(server("bbb-01"), server("bbb-02"));
    expect(diagnose({ state, wanted, objects: off, gone: [] }).start.map(({ name }) => name)).toEqual(["bbb-01"]);
  });

  test("where nothing that Pulumi knows is found, and nobody was deleting it, it is another project", () => {
    const [known, other] = [server("bbb", { id: "1" }), server("bbb-01", { id: "2" })];
    const state = stateOf([known, other]);
    expect(isElsewhere({ state, gone: [known, other], objects: [] })).toBe(true);
    expect(isElsewhere({ state, gone: [known], objects: [] })).toBe(false);
    expect(isElsewhere({ state, gone: [known, other], objects: [object("bbb-02", "3")] })).toBe(false);
    expect(isElsewhere({ state: stateOf([], [known]), gone: [], objects: [] })).toBe(false);
    const deleting = { ...state, pending: [{ type: "deleting", resource: known }] };
    expect(isElsewhere({ state: deleting, gone: [known, other], objects: [] })).toBe(false);
  });

  test("where everything is in order there is nothing to do", () => {
    const state = stateOf([server("bbb", { id: "1" })]);
    expect(isWell(diagnose({ state, wanted: wantedOf(server("bbb")), objects: [object("bbb", "1")], gone: [] }))).toBe(
      true,
    );
    expect([isEmpty(state), isEmpty(stateOf([])), isEmpty(stateOf([], [server("bbb")]))]).toEqual([false, true, false]);
  });
});

test("a preview names what is wanted, and not what is to go", () => {
  const steps = ["create", "same", "update", "replace", "delete", "delete-replaced"].map((op) => ({
    op,
    urn: op,
    newState: server(op),
  }));
  expect([...readWanted({ steps }).keys()]).toEqual(["create", "same", "update", "replace"]);
  expect(clusterIdsOf([server("bbb"), server("bbb-01"), server("x", { inputs: {} })])).toEqual(["0123456789abcdef"]);
});

describe("an edited state", () => {
  const parent = { urn: "urn:t::machine", type: "bbb:index:Machine", custom: false };
  const gone = server("bbb-02", { id: "3" });
  const kept = server("bbb-01", {
    id: "2",
    dependencies: [gone.urn, server("bbb").urn],
    propertyDependencies: { serverId: [gone.urn] },
    deletedWith: gone.urn,
  });

  test("has nothing in it that leads nowhere, and no pending operation", () => {
    const state = stateOf([server("bbb", { id: "1" }), gone, kept], [server("bbb-03")]);
    const [gonesEntry] = state.resources.filter(({ id }) => id === "3");
    const { deployment } = edited(state, {
      forget: new Set(gonesEntry === undefined ? [] : [gonesEntry]),
      adopt: [],
      wanted: new Map(),
    }) as { deployment: { resources: Resource[]; pending_operations: unknown[] } };
    expect(deployment.resources.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(deployment.resources[1]).toMatchObject({
      dependencies: [server("bbb").urn],
      propertyDependencies: { serverId: [] },
    });
    expect(JSON.stringify(deployment)).not.toContain("bbb-02-server");
    expect(deployment.pending_operations).toEqual([]);
  });

  test("has what is taken in after the component that it belongs to", () => {
    const adopted = server("bbb-01", { id: "2", parent: parent.urn });
    const { deployment } = edited(stateOf([]), {
      forget: new Set(),
      adopt: [adopted],
      wanted: new Map([[parent.urn, parent]]),
    }) as { deployment: { resources: Resource[] } };
    expect(deployment.resources.map(({ urn }) => urn)).toEqual([parent.urn, adopted.urn]);
  });
});

describe("a server, an address or a volume", () => {
  const against = (remove: CloudObject[], typed: string[], record: "configured" | "new" | null, state = stateOf([])) =>
    objections(remove, state, {
      typed: async ({ name }) => typed.includes(name),
      hostRecord: async () => record,
    });
  const address = object("bbb-02-ipv4", "7", { title: "address bbb-02-ipv4", path: "/primary_ips/7" });
  delete address.status;
  const volume = object("bbb-lb-data", "9", { title: "volume bbb-lb-data", path: "/volumes/9" });
  delete volume.status;
  const record = object("bbb-02", "bbb-02/A", { title: "record bbb-02 A", path: "/zones/z/rrsets/bbb-02/A" });
  delete record.status;

  test("may be deleted when its name is typed; other objects without", async () => {
    const all = [object("bbb-02", "3"), address, volume, record];
    expect(await against(all, [], null)).toEqual([
      "server bbb-02 must not be deleted: its name was not typed (--delete bbb-02)",
      "address bbb-02-ipv4 must not be deleted: its name was not typed (--delete bbb-02-ipv4)",
      "volume bbb-lb-data must not be deleted: its name was not typed (--delete bbb-lb-data)",
    ]);
    expect(await against(all, ["bbb-02", "bbb-02-ipv4", "bbb-lb-data"], "new")).toEqual([]);
  });

  test("must never be when the server's own record, or the state, says that it was configured", async () => {
    const one = [object("bbb-02", "3")];
    expect((await against(one, ["bbb-02"], "configured"))[0]).toMatch(
      /^server bbb-02 must not be .*: it was configured/,
    );
    const configured = { urn: "urn:t::bbb-02-configured", type: "command:remote:Command", inputs: { triggers: ["3"] } };
    expect(await against(one, ["bbb-02"], "new", stateOf([configured]))).toHaveLength(1);
  });

  test("goes before what others use, and what is off is powered on", async () => {
    const done: string[] = [];
    const api = { delete: async (path: string) => done.push(path), start: async (id: string) => done.push(id) };
    const found: Diagnosis = { adopt: [], forget: [], remove: [], start: [], pending: [], strangers: [] };
    const remove = [object("bbb-02", "3"), address];
    await mendCloud(api as unknown as Hcloud, { ...found, remove, start: [object("bbb-01", "2")] });
    expect(done).toEqual(["/servers/3", "/primary_ips/7", "2"]);
  });
});
