/** Stdin of `add-route` and `remove-route`, without what only the cloud knows. */
export interface RouteRequest {
  node: string;
  nodeHostname: string;
  /** Private address. */
  nodeAddress: string;
  proxyHostname: string;
  /** By which it is known behind the proxy, too: its API's index, or with Meteor its name in the client's page. */
  client: "static" | "meteor";
  /** The proxy's: another text than before has the route put right again. */
  repair: string;
}

/** Stdin of `enter-service` and `leave-service`. */
export interface ServiceRequest {
  node: string;
  state: "present" | "draining";
  /** Its meetings are given out by a load balancer, which closes it. */
  balanced: boolean;
  /** Left out where nobody takes them, and none may go. */
  recordings?: RecordingsRequest;
}

/** What becomes of a node's recordings, and whether it may go with those that nobody else has. */
export type RecordingsRequest = { discard: boolean } & (
  | { kind: "none" }
  /** The node hands them over to the cluster's own load balancer, by its host name. */
  | { kind: "bbblb"; host: string }
  /** The node sends them to Scalelite's spool; its key goes another way. */
  | { kind: "spool"; host: string; user: string; directory: string; hostKey: string; port: number }
  /** Others see to it; whoever tells the load balancer of nodes asks it whether it has them. */
  | { kind: "elsewhere" }
);

/** What only the cloud knows of a route: whose it is, and that a new proxy needs it again. */
export interface RouteServers {
  nodeServerId: string;
  proxyServerId: string;
}

/** Who decides on which node a meeting is created; its secret goes another way. */
export type LoadBalancerRequest =
  /** The text of a script that is run at each event; null: nobody is told. */
  | { kind: "none"; hook: string | null }
  /** https://lb.example.com */
  | { kind: "scalelite"; url: string }
  /** The cluster's own, on the machine that is told. */
  | { kind: "bbblb" };

/** Stdin of `keep-balancer`, without its secret, and what only the cloud knows. */
export type KeepBalancerRequest = LoadBalancerRequest & {
  /** Nodes that it is to forget with their meetings. */
  abandoned: { node: string; nodeHostname: string }[];
};

/** Stdin of `join-balancer` and `leave-balancer`, without the node's secret, its share, and what only the cloud knows. */
export interface MembershipRequest {
  node: string;
  nodeHostname: string;
  /** Private address. */
  nodeAddress: string;
  state: ServiceRequest["state"];
  /** It may go with recordings that the load balancer does not have. */
  discard: boolean;
}
