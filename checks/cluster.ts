/** A machine as an outsider knows it; `ipv6` is its address and `hostKeys` are the pinned ones, `type base64`. */
export interface ClusterMachine {
  name: string;
  hostname: string;
  origin: string;
  ipv4: string | null;
  ipv6: string | null;
  privateIp: string;
  hostKeys: string[];
}

/** A node: a machine with a BBB API and the secret of that API. */
export interface ClusterNode extends ClusterMachine {
  api: string;
  secret: string;
  /** It exists, but is not in the cluster: its client is served by itself. */
  standalone: boolean;
}

/** What the stack's outputs say exists. */
export interface Cluster {
  frontDoor: ClusterMachine;
  nodes: ClusterNode[];
}

interface NodeOutput {
  name: string;
  state?: "clustered" | "standalone";
  hostname: string;
  ipv4?: string | null;
  ipv6?: string | null;
  api: string;
}

interface Outputs {
  url: string;
  nodes: NodeOutput[];
  loadBalancerServers: { servers: Record<string, { secret: string }> };
  ssh: string;
}

/** Reads the stack's outputs (`pulumi stack output --json --show-secrets`); throws one sentence naming what is missing. */
export function readCluster(outputs: unknown): Cluster {
  const { url, nodes, loadBalancerServers, ssh } = checkOutputs(outputs);
  const hosts = parseSshHosts(ssh);
  const { hostname, origin } = new URL(url);
  const name = hostname.split(".")[0] ?? hostname;
  const frontDoor: ClusterMachine = {
    name,
    hostname,
    origin,
    ipv4: hosts.get(name)?.address ?? null,
    ipv6: null,
    privateIp: "10.0.1.2",
    hostKeys: hosts.get(name)?.hostKeys ?? [],
  };
  return {
    frontDoor,
    nodes: nodes.map((node) => ({
      name: node.name,
      hostname: node.hostname,
      origin: new URL(node.api).origin,
      ipv4: node.ipv4 ?? null,
      ipv6: node.ipv6 ?? null,
      privateIp: `10.0.1.${10 + nodeNumber(node.name)}`,
      hostKeys: hosts.get(node.name)?.hostKeys ?? [],
      api: node.api.replace(/\/$/, ""),
      secret: loadBalancerServers.servers[node.hostname]?.secret ?? "",
      standalone: node.state === "standalone",
    })),
  };
}

/** Where the node's client is: on the front door, or at the node itself if that is not in the cluster. */
export function clientAddress(frontDoor: ClusterMachine, { name, origin, standalone }: ClusterNode): string {
  return standalone ? `${origin}/html5client/` : `${frontDoor.origin}/${name}/html5client/`;
}

/** The number in a node's name: `bbb-07` is 7. */
export function nodeNumber(name: string): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
}

/** Names that no node has: the gaps up to the last node, and the one that would come next. */
export function absentNodes({ frontDoor, nodes }: Cluster): string[] {
  const present = new Set(nodes.map((node) => nodeNumber(node.name)));
  const numbers = Array.from({ length: Math.max(0, ...present) + 1 }, (_, index) => index + 1);
  return numbers
    .filter((number) => !present.has(number))
    .map((number) => `${frontDoor.name}-${String(number).padStart(2, "0")}`);
}

/** The hosts of an ssh_config with their address and the host keys that stand in it. */
export function parseSshHosts(config: string): Map<string, { address: string | null; hostKeys: string[] }> {
  const hosts = new Map<string, { address: string | null; hostKeys: string[] }>();
  for (const block of config.split(/^\s*(?=Host\s)/m)) {
    const names = /^Host\s+(.+)$/m.exec(block)?.[1]?.trim().split(/\s+/) ?? [];
    const address = /^\s*HostName\s+(\S+)/m.exec(block)?.[1] ?? null;
    const hostKeys = [...block.matchAll(/(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) (AAAA[A-Za-z0-9+/=]+)/g)];
    for (const name of names) hosts.set(name, { address, hostKeys: hostKeys.map(([, type, key]) => `${type} ${key}`) });
  }
  return hosts;
}

function checkOutputs(outputs: unknown): Outputs {
  const given = (outputs ?? {}) as Partial<Record<keyof Outputs, unknown>>;
  const missing = (["url", "nodes", "loadBalancerServers", "ssh"] as const).filter((key) => given[key] === undefined);
  if (missing.length > 0) {
    throw new Error(`The stack has no output ${missing.join(", ")}: the cluster is not up yet; run: npm run lab -- up`);
  }
  return given as Outputs;
}
