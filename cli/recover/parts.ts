import type { Found } from "../hcloud";
import type { Resource } from "./state";

/** A part of another object at Hetzner, which has no place of its own in the API. */
export interface Part {
  type: string;
  id: string;
  /** How people call it: `service 443 of bbb-front-door`. */
  title: string;
  name: string;
}

/** The object that a part is in, by the key of one. */
export interface Owner {
  one: string;
  id: string;
}

interface Kind {
  noun: string;
  type: string;
  owner: { one: string; input: string };
  /** The names of those that an object has. */
  within(found: Found): unknown[];
  /** The name of the one that a resource wants. */
  wanted(inputs: Inputs): unknown;
  /** The provider's id of it, and where that tells the owner. */
  id(owner: unknown, name: unknown): string;
  ownerIn: RegExp;
}

type Inputs = NonNullable<Resource["inputs"]>;

const network = { one: "network", input: "networkId" };
const balancer = { one: "load_balancer", input: "loadBalancerId" };

const kinds: readonly Kind[] = [
  {
    ...{ noun: "subnet", type: "hcloud:index/networkSubnet:NetworkSubnet", owner: network },
    within: ({ subnets }) => rows(subnets).map(({ ip_range }) => ip_range),
    wanted: ({ ipRange }) => ipRange,
    ...{ id: (owner, name) => `${owner}-${name}`, ownerIn: /^\d+/ },
  },
  {
    ...{ noun: "service", type: "hcloud:index/loadBalancerService:LoadBalancerService", owner: balancer },
    within: ({ services }) => rows(services).map(({ listen_port }) => listen_port),
    wanted: ({ listenPort }) => listenPort,
    ...{ id: (owner, name) => `${owner}__${name}`, ownerIn: /^\d+/ },
  },
  {
    ...{ noun: "attachment to network", type: "hcloud:index/loadBalancerNetwork:LoadBalancerNetwork", owner: balancer },
    within: ({ private_net }) => rows(private_net).map((each) => each["network"]),
    // A subnet's id begins with its network's.
    wanted: ({ networkId, subnetId }) => networkId ?? String(subnetId).split("-")[0],
    ...{ id: (owner, name) => `${owner}-${name}`, ownerIn: /^\d+/ },
  },
  {
    ...{ noun: "target server", type: "hcloud:index/loadBalancerTarget:LoadBalancerTarget", owner: balancer },
    within: ({ targets }) => rows(targets).flatMap(({ server }) => rows([server ?? []].flat()).map(({ id }) => id)),
    wanted: ({ serverId }) => serverId,
    ...{ id: (owner, name) => `lb-srv-tgt-${name}-${owner}`, ownerIn: /\d+$/ },
  },
];

/** The parts that an object has, whose API's key of one is given. */
export function partsOf(one: string, found: Found): Part[] {
  return kinds
    .filter(({ owner }) => owner.one === one)
    .flatMap(({ noun, type, within, id }) =>
      within(found).map((name) => ({
        type,
        id: id(found["id"], name),
        title: `${noun} ${name} of ${found["name"]}`,
        name: String(name),
      })),
    );
}

/** The id that the part has which a resource wants; undefined if it wants no part of another object. */
export function partIdOf({ type, inputs = {} }: Pick<Resource, "type" | "inputs">): string | undefined {
  const kind = kinds.find((each) => each.type === type);
  return kind?.id(inputs[kind.owner.input], kind.wanted(inputs));
}

/** The object that a part is in; undefined if a resource is no part of another object. */
export function ownerOf({ type, id = "" }: Pick<Resource, "type" | "id">): Owner | undefined {
  const kind = kinds.find((each) => each.type === type);
  return kind && { one: kind.owner.one, id: kind.ownerIn.exec(id)?.[0] ?? "" };
}

function rows(listed: unknown): Found[] {
  return (listed ?? []) as Found[];
}
