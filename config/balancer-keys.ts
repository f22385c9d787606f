import { loadBalancer } from "./load-balancer";
import { optional, required } from "./row";
import { text } from "./text";

/** Who is told when nodes come and go. */
export const balancerKeys = {
  loadBalancer: required(loadBalancer, {
    values: "`{kind: none}`, `{kind: none, hook}`, `{kind: scalelite, url}`",
    description:
      "who decides on which node a meeting is created. `scalelite`: your own Scalelite, which the proxy tells over its " +
      "HTTP API when nodes come and go. `none`: nobody is told, and a closed node refuses new meetings itself; `hook`, " +
      "the path of a local script, is run as root on the proxy for any other balancer, with an event (enable, cordon, " +
      "remove or give-up) and the node's host name: no place for a secret",
    effect: "nodes are added to the new one, and stay in the old one until you remove them there",
    remedy:
      "pulumi config set --path loadBalancer.kind none # or: pulumi config set-all --path " +
      "--plaintext loadBalancer.kind=scalelite --plaintext loadBalancer.url=https://lb.example.com " +
      "--secret loadBalancerSecret=LOADBALANCER_SECRET",
    example: "{ kind: none }",
    structured: "object",
  }),
  loadBalancerSecret: optional(
    text("Scalelite's LOADBALANCER_SECRET, at least 8 characters without spaces", /^[\x21-\x7e]{8,}$/),
    {
      values: "secret",
      description: "the LOADBALANCER_SECRET of Scalelite, which `loadBalancer` of the kind scalelite needs",
      effect: "the proxy uses the new one",
      remedy: "pulumi config set --secret loadBalancerSecret LOADBALANCER_SECRET # of Scalelite's .env",
      secret: "always",
    },
  ),
};
