import * as pulumi from "@pulumi/pulumi";

import { Cluster } from "../../../components/cluster";
import { planConfig } from "../../../config/check";
import { planCluster } from "../../../plan/cluster";

const common = {
  acmeEmail: "admin@school.test",
  installer: { url: "https://packages.example.com/bbb-install.sh", sha256: "0a".repeat(32) },
  loadBalancer: { kind: "none" as const },
  adminCidrs: ["203.0.113.7/32"],
  protect: false,
};

/** Two clusters beside each other: one of each kind of name would be one too few. */
export = async function program() {
  const urls: pulumi.Input<string>[] = [];
  for (const [name, domain] of [
    ["bbb", "example.com"],
    ["exams", "example.org"],
  ] as const) {
    const plan = planCluster(name, planConfig(name, { ...common, domain, nodes: 1 }));
    const clusterSecret = pulumi.secret(`the secret of ${domain}, which is no secret in a test`);
    urls.push((await Cluster.create(name, { plan, clusterSecret })).url);
  }
  return { urls };
};
