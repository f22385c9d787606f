import type { ClusterPlan } from "../../../plan/cluster";

/** The proxy's files, with the routes of all nodes. */
export function filesOf({ proxies, routes }: ClusterPlan): [path: string, content: readonly string[]][] {
  return [
    ...proxies.flatMap(({ request }) =>
      request.files.map(({ path, content }): [string, readonly string[]] => [path, content]),
    ),
    ...routes.flatMap(({ node, request }): [string, readonly string[]][] => [
      [`/etc/nginx/bbb-cluster/upstreams/${node}.conf`, request.upstream],
      [`/etc/nginx/bbb-cluster/routes/${node}.conf`, request.locations],
    ]),
  ];
}
