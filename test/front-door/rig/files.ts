import type { ClusterPlan } from "../../../plan/cluster";
import { routeFiles } from "../../../plan/proxy/route";

/** The proxy's files, with the routes of all nodes. */
export function filesOf({ proxies, routes }: ClusterPlan): [path: string, content: readonly string[]][] {
  return [
    ...proxies.flatMap(({ request }) =>
      request.files.map(({ path, content }): [string, readonly string[]] => [path, content]),
    ),
    ...routes.flatMap(({ node, request }): [string, readonly string[]][] => {
      const { upstream, locations } = routeFiles(request.client, request);
      return [
        [`/etc/nginx/bbb-cluster/upstreams/${node}.conf`, upstream],
        [`/etc/nginx/bbb-cluster/routes/${node}.conf`, locations],
      ];
    }),
  ];
}
