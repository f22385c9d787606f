import type { ClusterPlan } from "../../../plan/cluster";
import { routeFiles } from "../../../plan/proxy/route";

export type File = [path: string, content: readonly string[]];

/** A cluster whose own load balancer has tenants. */
export const BALANCED = {
  loadBalancer: { kind: "bbblb" },
  tenants: ["moodle", "greenlight"].map((name) => ({ name, host: `${name}-api.example.com` })),
};

/** The load balancer's files. */
export function balancerFilesOf({ balancers }: ClusterPlan): File[] {
  return balancers.flatMap(({ request }) => request.files.map(({ path, content }): File => [path, content]));
}

/** The proxy's files, with the routes of all nodes. */
export function filesOf({ proxies, routes }: ClusterPlan): File[] {
  return [
    ...proxies.flatMap(({ request }) => request.files.map(({ path, content }): File => [path, content])),
    ...routes.flatMap(({ node, request }): File[] => {
      const { upstream, locations } = routeFiles(request.client, request);
      return [
        [`/etc/nginx/bbb-cluster/upstreams/${node}.conf`, upstream],
        [`/etc/nginx/bbb-cluster/routes/${node}.conf`, locations],
      ];
    }),
  ];
}
