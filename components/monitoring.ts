import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { type MonitoringSpec, metricsToken } from "../plan/monitoring";
import type { Machine } from "./machine";
import { runWhileWanted } from "./remote";
import type { Within } from "./within";

export interface MonitoringArgs {
  spec: MonitoringSpec;
  machine: Machine;
  clusterSecret: pulumi.Output<string>;
  /** What has to be there before anything can be told of it. */
  after: pulumi.Resource;
  within: Within;
}

/** bbb-01-monitored: what the command is called by which a machine tells its metrics. */
export function monitoring({ spec, machine, clusterSecret, after, within }: MonitoringArgs): remote.Command {
  const request = { ...spec.request, token: clusterSecret.apply(metricsToken) };
  return runWhileWanted(
    `${spec.machine}-monitored`,
    { host: machine.host, command: "configure-monitoring", undo: "forget-monitoring", request },
    // Not protected: switching it off takes nothing away from users.
    { ...within, protect: false, dependsOn: after },
  );
}

/** The token, as whoever configures the Prometheus needs it; a secret. */
export function tokenOutput(clusterSecret: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.secret(clusterSecret.apply(metricsToken));
}
