import { planCluster } from "../../../plan/cluster";
import { balancerFilesOf } from "../../front-door/rig/files";
import { configOf } from "../../support/stack";

/** The files of the load balancer's machine in JSON, with the hosts that the rig has: BBBLB's own, and those of its tenants. */
const hosts = ["lb", "moodle-api", "greenlight-api"].map((name) => ({
  name: name.replace("-", ""),
  host: `${name}.example.com`,
}));
const plan = planCluster("bbb", configOf({ loadBalancer: { kind: "bbblb" }, tenants: hosts, nodes: 2 }));
console.log(JSON.stringify(balancerFilesOf(plan)));
