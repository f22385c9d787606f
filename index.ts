import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { ClusterProxy } from "./components/cluster-proxy";
import { Door } from "./components/door";
import { Identity, publicKeyOf } from "./components/identity";
import { Network } from "./components/network";
import { Node } from "./components/node";
import { PlacementGroups } from "./components/placement-groups";
import { loadConfig } from "./config";
import { nodePlacements, proxyPlacement } from "./render/address-plan";
import { isPastEndOfLife } from "./render/releases";
import { renderSshConfig } from "./render/ssh-config";

const config = loadConfig();
const { domain, location, nodeSettings, release } = config;
if (isPastEndOfLife(release)) {
  pulumi.log.warn(`BigBlueButton ${release} is past its end of life: it gets no fixes, also not for security`);
}

for (const name of Object.keys(nodeSettings).filter((key) => Number(key.slice(-2)) > config.nodes)) {
  pulumi.log.warn(`nodeSettings.${name} has no effect: nodes is ${config.nodes}`);
}

const places = nodePlacements(domain, config.nodes, (name) => nodeSettings[name]?.state === "absent");
const front = proxyPlacement(domain);

const identity = new Identity(pulumi.secret(config.clusterSecret));
const deployKey = new hcloud.SshKey(
  "bbb-deploy-key",
  { name: "bbb-deploy", publicKey: publicKeyOf(identity.deployKey()) },
  { deleteBeforeReplace: true },
);
const network = new Network("bbb-cluster", { location, adminCidrs: config.adminCidrs });
const placementGroups = new PlacementGroups(
  "bbb-cluster",
  [front, ...places].map(({ placementGroup }) => placementGroup),
);

const zone = config.zone ?? domain;
const surroundings = {
  location,
  network,
  placementGroups,
  identity,
  deployKeyName: deployKey.name,
  sshPublicKeys: config.sshPublicKeys,
  protect: config.protect,
  ...(config.dns === "hetzner" ? { zone } : {}),
};
const certification = {
  acmeEmail: config.acmeEmail,
  extraCaCertificates: config.extraCaCertificates,
  ...(config.acmeDirectory === undefined ? {} : { acmeDirectory: config.acmeDirectory }),
};

const proxy = new ClusterProxy(front.name, {
  placement: front,
  type: config.proxyType,
  image: config.proxyImage,
  certification,
  surroundings,
});

const restart = { when: config.restart, timeoutMinutes: config.drainTimeoutMinutes };
const own = { bbbWebProperties: config.bbbWebProperties, bbbHtml5: config.bbbHtml5 };

const clusterNodes = places.map((placement) => {
  const { type = config.nodeType, state, repair = "" } = nodeSettings[placement.name] ?? {};
  return new Node(placement.name, {
    placement,
    proxyHostname: front.hostname,
    type,
    image: config.nodeImage,
    choices: { release, standalone: state === "standalone", restart, repair, own },
    installer: config.installer,
    certification,
    surroundings,
  });
});

const isInCluster = ({ names }: Node) => nodeSettings[names.node]?.state !== "standalone";
for (const node of clusterNodes.filter(isInCluster)) {
  new Door(node.names.node, { proxy, node });
}

const machines = [proxy.machine, ...clusterNodes.map(({ machine }) => machine)];
const apiOf = (hostname: string) => `https://${hostname}/bigbluebutton/api`;

/** Address of the front door. */
export const url = `https://${front.hostname}`;

/** The nodes: name, whether it is in the cluster or standalone, host name, public addresses, address of the API. */
export const nodes = clusterNodes.map((node) => {
  const {
    names,
    machine: { addresses },
  } = node;
  return {
    name: names.node,
    state: isInCluster(node) ? "clustered" : "standalone",
    hostname: names.nodeHostname,
    ipv4: addresses.ipv4,
    ipv6: addresses.ipv6,
    api: apiOf(names.nodeHostname),
  };
});

/** What a load balancer must know of the nodes, in the form of Scalelite's `servers:sync`; a secret. */
export const loadBalancerServers = pulumi.secret({
  servers: Object.fromEntries(
    clusterNodes.map(({ names: { nodeHostname }, apiSecret }) => [
      nodeHostname,
      { url: apiOf(nodeHostname), secret: apiSecret, enabled: true },
    ]),
  ),
});

/** An ssh_config with pinned host keys. */
export const ssh = pulumi.all(machines.map((machine) => machine.ssh)).apply(renderSshConfig);

/** The records to make where DNS is kept elsewhere (`dns: external`). */
export const records =
  config.dns === "external" ? pulumi.all(machines.map((machine) => machine.records)).apply((all) => all.flat()) : [];
