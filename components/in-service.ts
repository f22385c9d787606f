import type { remote } from "@pulumi/command";

import type { ClusterProxy } from "./cluster-proxy";
import type { Node } from "./node";
import { runInService } from "./remote";
import type { SshKeys } from "./ssh-keys";

/** bbb-01-in-service: what the command is called by which a node enters and leaves. */
export function serviceName(node: string): string {
  return `${node}-in-service`;
}

/** A node takes new meetings when its routes lead to it, and the first thing of all that goes is this: if it is empty. */
export function inService(
  node: Node,
  { proxies, routes, sshKeys }: { proxies: readonly ClusterProxy[]; routes: remote.Command[]; sshKeys: SshKeys },
): remote.Command {
  const { service } = node.spec;
  const { recordings } = service;
  const key = recordings?.kind === "spool" && { key: sshKeys.spoolKey.apply(({ privateKey }) => privateKey) };
  return runInService(
    serviceName(node.spec.machine.name),
    {
      host: node.machine.host,
      request: { ...service, ...(recordings && { recordings: { ...recordings, ...key } }) },
      until: proxies[0]?.machine.host.server,
    },
    { ...node.within, dependsOn: routes.length > 0 ? routes : [node.configured] },
  );
}
