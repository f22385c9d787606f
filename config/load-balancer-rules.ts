import { balancerKeys } from "./balancer-keys";
import { objectOf, type Values, type Violation } from "./violation";

/** A balancer and its secret belong together. */
export function balancerViolations({ loadBalancer, loadBalancerSecret }: Values): Violation[] {
  const { kind } = objectOf(loadBalancer);
  const path = ["loadBalancerSecret"];
  if (kind === "scalelite" && loadBalancerSecret === undefined) {
    const remedy = balancerKeys.loadBalancerSecret.remedy;
    return [{ path, expected: "Scalelite's LOADBALANCER_SECRET, with `loadBalancer` of the kind scalelite", remedy }];
  }
  const expected = `left out with \`loadBalancer\` of the kind ${kind}`;
  return (kind === "none" || kind === "bbblb") && loadBalancerSecret !== undefined
    ? [{ path, expected, remedy: "pulumi config rm loadBalancerSecret" }]
    : [];
}
