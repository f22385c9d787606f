import { planCluster } from "../../../plan/cluster";
import { configOf } from "../../support/stack";
import { filesOf } from "./files";

/** Shows the nginx configuration of a cluster of two nodes, in the form of `nginx -T`. */
const [release = "3.0"] = process.argv.slice(2);
for (const [path, content] of filesOf(planCluster("bbb", configOf({ nodes: 2, release, nodeImage: "12345678" })))) {
  if (path.startsWith("/etc/nginx/")) console.log(`# configuration file ${path}:\n${content.join("\n")}\n`);
}
