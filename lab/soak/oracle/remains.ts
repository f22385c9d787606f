import type { CloudObject, Evidence, Finding } from "../evidence";

/** Where the balancer's list is not the cluster's: a node too many, one missing, one that is closed although nobody closed it. */
export function balancersList({ balancer, nodes }: Evidence): Finding[] {
  const listed = balancer.nodes.map(({ node }) => node);
  const found = [
    ...nodes.filter((node) => !listed.includes(node)).map((node) => `${node} is missing there`),
    ...listed.filter((node) => !nodes.includes(node)).map((node) => `${node} is there, and not in the cluster`),
    ...balancer.nodes
      .filter(({ node, enabled }) => !enabled && nodes.includes(node))
      .map(({ node }) => `${node} is closed`),
  ];
  const proof = [`balancer: ${JSON.stringify(balancer.nodes)}`, `cluster: ${JSON.stringify(nodes)}`];
  return found.map((what) => ({ law: "nodes that the balancer has otherwise", what, proof }));
}

/** What the cloud has and Pulumi does not know, and the other way round. */
export function orphans({ cloud, state }: Evidence): Finding[] {
  const finding = ({ kind, id, name }: CloudObject, where: string): Finding => ({
    law: "orphans in the cloud",
    what: `${kind} ${name} (${id}) is ${where}`,
    proof: [],
  });
  return [
    ...without(cloud, state).map((object) => finding(object, "in the cloud, and Pulumi does not know it")),
    ...without(state, cloud).map((object) => finding(object, "in Pulumi's state, and not in the cloud")),
  ];
}

function without(objects: readonly CloudObject[], others: readonly CloudObject[]): CloudObject[] {
  const known = new Set(others.map(({ kind, id }) => `${kind} ${id}`));
  return objects.filter(({ kind, id }) => !known.has(`${kind} ${id}`));
}
