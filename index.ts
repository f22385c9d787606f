import * as pulumi from "@pulumi/pulumi";

import { Cluster } from "./components/cluster";
import { leaveOutSdkDebugging, placeSdkFrames } from "./components/sdk-debugging";
import { loadConfig } from "./config/load";
import { addressWarnings } from "./config/own-address";
import { planCluster } from "./plan/cluster";
import { secretKeys } from "./plan/node/secret-overrides";

/** First part of every name: the proxy is bbb.<domain>, the first node bbb-01.<domain>. */
const name = "bbb";

/** One stack is one cluster; its outputs are what is wanted, `npm run status` tells what is. */
leaveOutSdkDebugging();
placeSdkFrames();

export = async function program() {
  const { clusterSecret, loadBalancerSecret, backupAccess, secretOverrides, ...config } = loadConfig(name);
  const plan = planCluster(name, config, secretKeys(secretOverrides));
  for (const warning of [...plan.warnings, ...addressWarnings(config.adminCidrs)]) {
    pulumi.log.warn(warning);
  }
  const secrets = {
    clusterSecret: pulumi.secret(clusterSecret),
    loadBalancerSecret: loadBalancerSecret === undefined ? undefined : pulumi.secret(loadBalancerSecret),
    backupAccess: backupAccess === undefined ? undefined : pulumi.secret(backupAccess),
    secretOverrides: pulumi.secret(secretOverrides),
  };
  const cluster = await Cluster.create(name, { plan, ...secrets });
  const { url, proxies, balancers, nodes, loadBalancer, tenants, backup, loadBalancerServers, ssh, records } = cluster;
  const { prometheusTargets, metricsToken } = cluster;
  return {
    url,
    proxies,
    balancers,
    nodes,
    loadBalancer,
    tenants,
    backup,
    loadBalancerServers,
    ssh,
    ...(prometheusTargets.length > 0 ? { prometheusTargets, metricsToken } : {}),
    records: config.dns === "external" ? records : [],
  };
};
