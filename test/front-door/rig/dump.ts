import { planCluster } from "../../../plan/cluster";
import { configOf } from "../../support/stack";
import { BALANCED, balancerFilesOf, filesOf } from "./files";

/** Shows the nginx configuration of a cluster's proxy, or of its load balancer, in the form of `nginx -T`. */
const [what = "3.0"] = process.argv.slice(2);
const planOf = (changes: object) => planCluster("bbb", configOf({ nodes: 2, nodeImage: "12345678", ...changes }));
const files = what === "balancer" ? balancerFilesOf(planOf(BALANCED)) : filesOf(planOf({ release: what }));
for (const [path, content] of files) {
  if (path.startsWith("/etc/nginx/")) console.log(`# configuration file ${path}:\n${content.join("\n")}\n`);
}
