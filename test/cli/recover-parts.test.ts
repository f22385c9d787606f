import { describe, expect, test } from "vitest";
import type { Found, Hcloud } from "../../cli/hcloud";
import { diagnose } from "../../cli/recover/diagnosis";
import { goneOf, objectsOf } from "../../cli/recover/objects";
import { type Resource, readState } from "../../cli/recover/state";

const door = {
  ...{ id: 7, name: "bbb-front-door", services: [{ listen_port: 80 }, { listen_port: 443 }] },
  ...{ private_net: [{ network: 5, ip: "10.0.0.9" }], targets: [{ type: "server", server: { id: 1 } }] },
};
const network = { id: 5, name: "bbb", subnets: [{ ip_range: "10.0.0.0/24" }] };

/** Hetzner with these objects, which have the cluster's label. */
const hetzner = (load_balancers: Found[], networks: Found[] = [network]) => {
  const all: Record<string, Found[]> = { load_balancers, networks };
  const list = async (_path: string, key: string) => all[key] ?? [];
  const get = async (path: string) => {
    const [, kind = "", id] = path.split("/");
    return all[kind]?.find((found) => String(found["id"]) === id);
  };
  return { list, get } as unknown as Hcloud;
};
const resource = (kind: string, inputs: Record<string, unknown>, id?: string): Resource => {
  const type = `hcloud:index/${kind}`;
  const urn = `urn:pulumi:t::p::${type}::${JSON.stringify(inputs)}`;
  return { urn, type, custom: true, inputs, ...(id === undefined ? {} : { id }) };
};

const parts = [
  {
    title: "subnet 10.0.0.0/24 of bbb",
    id: "5-10.0.0.0/24",
    ...{ kind: "networkSubnet:NetworkSubnet", inputs: { networkId: 5, ipRange: "10.0.0.0/24" } },
  },
  {
    title: "service 443 of bbb-front-door",
    id: "7__443",
    ...{ kind: "loadBalancerService:LoadBalancerService", inputs: { loadBalancerId: "7", listenPort: 443 } },
  },
  {
    title: "attachment to network 5 of bbb-front-door",
    id: "7-5",
    ...{ kind: "loadBalancerNetwork:LoadBalancerNetwork", inputs: { loadBalancerId: 7, subnetId: "5-10.0.0.0/24" } },
  },
  {
    title: "target server 1 of bbb-front-door",
    id: "lb-srv-tgt-1-7",
    ...{ kind: "loadBalancerTarget:LoadBalancerTarget", inputs: { loadBalancerId: 7, serverId: 1, type: "server" } },
  },
];

describe.each(parts)("$title", ({ title, id, kind, inputs }) => {
  const known = resource(kind, inputs, id);

  test("is taken in as what wants it, also what a killed run was at", async () => {
    const objects = await objectsOf(hetzner([door]), ["0123456789abcdef"], []);
    const wanted = resource(kind, inputs);
    const state = readState({
      version: 3,
      deployment: { pending_operations: [{ type: "creating", resource: wanted }] },
    });
    const found = diagnose({ state, wanted: new Map([[wanted.urn, wanted]]), objects, gone: [] });
    expect(found.adopt.map(({ resource, object }) => [resource.id, object.title])).toEqual([[id, title]]);
  });

  test("is never deleted by itself, and no stranger", async () => {
    const objects = await objectsOf(hetzner([door]), ["0123456789abcdef"], []);
    const creating = [{ type: "creating", resource: resource(kind, inputs) }];
    const state = readState({ version: 3, deployment: { pending_operations: creating } });
    const { remove, strangers } = diagnose({ state, wanted: new Map(), objects, gone: [] });
    expect([...remove, ...strangers].map(({ name }) => name)).toEqual(["bbb-front-door", "bbb"]);
  });

  test("is gone when it is not in its object, or that is gone, and not when it merely lacks the label", async () => {
    const without = hetzner(
      [{ ...door, services: [{ listen_port: 80 }], private_net: [], targets: [] }],
      [{ ...network, subnets: [] }],
    );
    expect(await goneOf(without, [known], [])).toEqual([known]);
    expect(await goneOf(hetzner([], []), [known], [])).toEqual([known]);
    expect(await goneOf(hetzner([door]), [known], [])).toEqual([]);
  });
});

test("a part that is wanted of an object that has no id yet is none of those that are there", async () => {
  const objects = await objectsOf(hetzner([door]), ["0123456789abcdef"], []);
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const wanted = parts.map(({ kind, inputs }) => {
    const { networkId, loadBalancerId, ...others } = inputs as Record<string, unknown>;
    return resource(kind, { ...others, ...(networkId ? { networkId: unknown } : { loadBalancerId: unknown }) });
  });
  const state = readState({ version: 3, deployment: {} });
  const found = diagnose({ state, wanted: new Map(wanted.map((each) => [each.urn, each])), objects, gone: [] });
  expect(found.adopt).toEqual([]);
});
